package scale

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/source"
)

// originals are the acts that copies are made of.
type originals struct {
	names []string
	texts []string
	words []string // of all texts, as often as they occur: drawing one draws by frequency
}

// readOriginals reads the Markdown files of a folder.
func readOriginals(dir string) (*originals, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: %w: name a folder of acts in Markdown", dir, fs.ErrNotExist)
	}
	o := &originals{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		o.names = append(o.names, filepath.Base(path))
		o.texts = append(o.texts, string(data))
		o.words = append(o.words, wordPattern.FindAllString(string(data), -1)...)
	}
	if len(o.words) == 0 {
		return nil, errors.New("the acts hold no words")
	}
	return o, nil
}

// What a copy changes: words, and whole numbers of four digits and more. The
// numbers of §§ and stk. stay, so that acts are cut where they were.
var (
	wordPattern   = regexp.MustCompile(`\p{Ll}{4,}`)
	changePattern = regexp.MustCompile(`\p{Ll}{4,}|\b\d{4,}\b`)
	numberPattern = regexp.MustCompile(`(?m)^number: .*$`)
	issuedPattern = regexp.MustCompile(`(?m)^issued: .*$`)
	urlPattern    = regexp.MustCompile(`(?m)^url: .*\n`)
	titlePattern  = regexp.MustCompile(`(?m)^title: (.*)$`)
)

const (
	swapped    = 0.15 // of the words of a copy are others
	compounded = 0.1  // of those are two words in one, so that the vocabulary grows as it does with real texts
)

// copy returns act i, changed by a sequence that n seeds: other words, amounts,
// number and name, so that it is another act and not a version of the first.
func (o *originals) copy(i, n int) string {
	random := rand.New(rand.NewPCG(uint64(i), uint64(n)))
	draw := func() string { return o.words[random.IntN(len(o.words))] }
	text := changePattern.ReplaceAllStringFunc(o.texts[i], func(word string) string {
		switch {
		case random.Float64() > swapped:
			return word
		case word[0] >= '0' && word[0] <= '9':
			return fmt.Sprint(1000 + random.IntN(99000))
		case random.Float64() < compounded:
			return draw() + draw()
		}
		return draw()
	})
	name := draw() + " og " + draw() + draw()
	date := fmt.Sprintf("%d-%02d-%02d", 1990+random.IntN(36), 1+random.IntN(12), 1+random.IntN(28))
	text = replaceFirst(titlePattern, text, "title: Bekendtgørelse af lov om "+name)
	text = replaceFirst(numberPattern, text, fmt.Sprintf("number: LBK nr %d af %s", 100_000+n*len(o.texts)+i, date))
	text = replaceFirst(issuedPattern, text, "issued: "+date)
	return replaceFirst(urlPattern, text, "")
}

// replaceFirst replaces the first match: the front matter's.
func replaceFirst(p *regexp.Regexp, text, by string) string {
	at := p.FindStringIndex(text)
	if at == nil {
		return text
	}
	return text[:at[0]] + by + text[at[1]:]
}

// items are the acts of round n as sources, made when they are read; round 0 are
// the originals.
func (o *originals) items(n int) []source.Item {
	items := make([]source.Item, len(o.texts))
	for i := range items {
		items[i] = source.Item{
			Path: fmt.Sprintf("kopi-%03d/%s", n, o.names[i]),
			Read: func(context.Context) ([]byte, error) {
				if n == 0 {
					return []byte(o.texts[i]), nil
				}
				return []byte(o.copy(i, n)), nil
			},
		}
	}
	return items
}

// queries are runs of three to eight words of the acts, as a search would have
// them: they occur in the collection, in many places or few.
func (o *originals) queries(n int, seed uint64) []string {
	random := rand.New(rand.NewPCG(seed, 5))
	out := make([]string, n)
	for i := range out {
		words := strings.Fields(o.texts[random.IntN(len(o.texts))])
		from := random.IntN(len(words) - 8)
		out[i] = strings.Join(words[from:from+3+random.IntN(6)], " ")
	}
	return out
}
