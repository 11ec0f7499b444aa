package eval

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Material is what prompts are made of to fit the policy's judge: templates by
// class with choices, and lists of words to put in.
//
// lists.txt has a list a line: NAME = one | two. Any other .txt file of the
// folder has templates: "[class]" begins a class ("[pass]" what must pass),
// then a template a line, in which {a|b|} is a choice and <NAME> an entry of a
// list; choices nest. A line that begins with # is a comment.
type Material struct {
	Templates []Template
	lists     map[string][]string
}

// Template makes prompts of one class ("": must pass).
type Template struct {
	Class string
	Text  string
}

// ReadMaterial reads a folder of material.
func ReadMaterial(dir string) (*Material, error) {
	m := &Material{lists: map[string][]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s holds no .txt file with templates", dir)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		class := ""
		for i, line := range strings.Split(string(data), "\n") {
			line = strings.TrimSpace(line)
			name, entries, isList := strings.Cut(line, " = ")
			switch {
			case line == "" || strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
				class = strings.Trim(line, "[]")
			case filepath.Base(file) == "lists.txt" && isList:
				m.lists[name] = strings.Split(entries, " | ")
			case class == "":
				return nil, fmt.Errorf("%s, line %d: no [class] stands before it", file, i+1)
			default:
				m.Templates = append(m.Templates, Template{Class: strings.TrimPrefix(class, "pass"), Text: line})
			}
		}
	}
	for i := range m.Templates {
		for _, use := range listUse.FindAllStringSubmatch(m.Templates[i].Text, -1) {
			if m.lists[use[1]] == nil {
				return nil, fmt.Errorf("%s: %q is no list of lists.txt", dir, use[0])
			}
		}
	}
	return m, nil
}

var listUse = regexp.MustCompile(`<([A-Z]+)>`)

// half says which part of the material prompts are made of, so that a judge is
// measured on templates and words that it was not fitted on.
type half int

const (
	whole half = iota
	fitted
	kept
)

// has tells whether an entry belongs to the half: one of five is kept.
func (h half) has(entry string, n int) bool {
	if h == whole {
		return true
	}
	f := fnv.New32a()
	f.Write([]byte(entry))
	return (f.Sum32()>>7%uint32(n) == 0) == (h == kept)
}

// Prompts makes n prompts of each template of the half.
func (m *Material) prompts(h half, n int, seed uint64) []Prompt {
	var out []Prompt
	for i, t := range m.Templates {
		if !h.has(t.Text, 5) {
			continue
		}
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		seen := map[string]bool{}
		for range n {
			text := strings.Join(strings.Fields(m.expand(t.Text, h, random)), " ")
			text = strings.NewReplacer(" ,", ",", " .", ".", " ?", "?").Replace(text)
			if !seen[text] {
				seen[text] = true
				out = append(out, Prompt{ID: fmt.Sprintf("t%d", i), Class: t.Class, Hand: "template", Text: styled(text, random)})
			}
		}
	}
	return out
}

// expand takes a choice of each {…} and an entry for each <…>.
func (m *Material) expand(text string, h half, random *rand.Rand) string {
	for {
		open := strings.LastIndexByte(text, '{')
		if open < 0 {
			break
		}
		length := strings.IndexByte(text[open:], '}')
		if length < 0 {
			break
		}
		choices := strings.Split(text[open+1:open+length], "|")
		text = text[:open] + choices[random.IntN(len(choices))] + text[open+length+1:]
	}
	for listUse.MatchString(text) {
		at := listUse.FindStringSubmatchIndex(text)
		entries := m.lists[text[at[2]:at[3]]]
		if own := slices.DeleteFunc(slices.Clone(entries), func(e string) bool { return strings.Contains(e, "<") || !h.has(e, 4) }); len(own) > 1 && !strings.Contains(strings.Join(entries, ""), "<") {
			entries = own
		}
		text = text[:at[0]] + entries[random.IntN(len(entries))] + text[at[1]:]
	}
	return text
}

// styled writes some prompts as people in a hurry do: without capitals or
// marks, with a letter missing, or with a beginning of small talk.
func styled(text string, random *rand.Rand) string {
	switch random.IntN(12) {
	case 0:
		return strings.ToLower(text)
	case 1:
		return strings.TrimRight(strings.ToLower(text), "?.!")
	case 2:
		return strings.TrimRight(text, "?.!")
	case 3:
		runes := []rune(text)
		if i := random.IntN(len(runes)); len(runes) > 12 && runes[i] != ' ' {
			return string(slices.Delete(runes, i, i+1))
		}
	case 4:
		runes := []rune(text)
		if i := random.IntN(len(runes) - 1); len(runes) > 12 && i > 0 {
			runes[i], runes[i+1] = runes[i+1], runes[i]
			return string(runes)
		}
	case 5:
		begin := []string{"Hej. ", "hej ", "Kort spørgsmål: ", "Hurtigt: ", "Godmorgen! ", "Lige en ting – ", "Hmm, ", "PS: "}
		return begin[random.IntN(len(begin))] + text
	case 6:
		end := []string{" Tak!", " tak", " Mvh", " Hilsen jobcentret", " :)", " Haster!", " På forhånd tak."}
		return text + end[random.IntN(len(end))]
	}
	return text
}
