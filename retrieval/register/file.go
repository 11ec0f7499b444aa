package register

import (
	"bufio"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
)

//go:embed acts/*.txt
var files embed.FS

// Parse reads a register: acts/README.md tells the format. name is told
// in errors; every unusable line is reported at once.
func Parse(in io.Reader, name string) (*Register, error) {
	p := &parser{name: name, seen: map[target]int{}}
	if err := p.read(in); err != nil {
		return nil, err
	}
	return build(p.entries, p.removed), nil
}

func parseFS(files fs.FS, dir string) (*Register, error) {
	list, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	var problems []error
	for _, f := range list {
		if !strings.HasSuffix(f.Name(), ".txt") {
			continue
		}
		in, err := files.Open(dir + "/" + f.Name())
		if err != nil {
			return nil, err
		}
		p := &parser{name: f.Name(), seen: map[target]int{}}
		problems = append(problems, p.read(in), in.Close())
		entries = append(entries, p.entries...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return build(entries, nil), nil
}

type parser struct {
	name    string
	line    int
	act     string
	family  string
	entries []Entry
	removed []target
	seen    map[target]int // line
}

func (p *parser) read(in io.Reader) error {
	var problems []error
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		p.line++
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if err := p.parse(text); err != nil {
			problems = append(problems, fmt.Errorf("%s: line %d: %w", p.name, p.line, err))
		}
	}
	if err := lines.Err(); err != nil {
		problems = append(problems, fmt.Errorf("%s: after line %d: %w", p.name, p.line, err))
	}
	return errors.Join(problems...)
}

func (p *parser) parse(text string) error {
	if act, ok := strings.CutPrefix(text, "lov:"); ok {
		act = strings.TrimSpace(act)
		if act == "" {
			return errors.New(`"lov:" without the name of an act`)
		}
		p.act, p.family = act, citation.Family(act)
		return nil
	}
	if subject, ok := strings.CutPrefix(text, "uden for:"); ok {
		p.act, p.family = strings.TrimSpace(subject), ""
		if p.act == "" {
			return errors.New(`"uden for:" without a subject`)
		}
		return nil
	}
	if p.act == "" {
		return errors.New(`the first line must name the act: "lov: serviceloven"`)
	}
	if place, ok := strings.CutPrefix(text, "- "); ok {
		t, err := p.place(place)
		p.removed = append(p.removed, t)
		return err
	}
	place, list, ok := strings.Cut(text, ":")
	if !ok {
		return fmt.Errorf("%q: write a provision, a colon and its subjects: \"§ 85: bostøtte; hjemmevejleder\"", text)
	}
	t, err := p.place(place)
	if err != nil {
		return err
	}
	if p.family == "" && t.local != "" {
		return fmt.Errorf("%s: no act, no provision: write *", strings.TrimSpace(place))
	}
	if first, ok := p.seen[t]; ok {
		return fmt.Errorf("%s stands in line %d already: write one line for it", strings.TrimSpace(place), first)
	}
	p.seen[t] = p.line
	e := Entry{Act: p.act, Family: p.family, Local: t.local, Part: t.part}
	for phrase := range strings.SplitSeq(list, ";") {
		if phrase = strings.TrimSpace(phrase); phrase != "" {
			e.Phrases = append(e.Phrases, phrase)
		}
	}
	if len(e.Phrases) == 0 {
		return fmt.Errorf("%s has no subjects", strings.TrimSpace(place))
	}
	p.entries = append(p.entries, e)
	return nil
}

// provision is what stands before the colon. It is stricter than
// citation.Parse, which must not take the "i" of "§ 137 i loven" for a letter.
var provision = regexp.MustCompile(`^§ ?(\d+)(?: ?([A-Za-zÆØÅæøå]))?(?:, (stk\. \d+(?:, nr\. \d+)?))?$`)

// place reads "§ 85", "§ 137 i, stk. 2" or, for the act as a whole, "*".
func (p *parser) place(text string) (target, error) {
	act := cmp.Or(p.family, p.act)
	if text == "*" {
		return target{act: act}, nil
	}
	m := provision.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return target{}, fmt.Errorf("%q is no provision: write \"§ 85\", or \"§ 85, stk. 2\" where only that part is meant", text)
	}
	return target{act, m[1] + strings.ToLower(m[2]), m[3]}, nil
}
