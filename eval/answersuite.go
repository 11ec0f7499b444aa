package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// AnswerSuite is a folder with SPLIT.jsonl, an item a line, and where the suite
// brings its own collection a suite.json that names it.
type AnswerSuite struct {
	Name    string
	Samples bool // the collection is the sample documents of the binary
	Items   []AnswerItem
}

// AnswerItem is one line of an answer suite: a question, and what a right answer
// cites and says. A reference is a section's id ("lbk-2025-1129#85") or act and
// § ("serviceloven § 85"), which holds in later consolidated versions too.
// Alternatives are separated by "|".
type AnswerItem struct {
	ID           string      `json:"id"`
	Question     string      `json:"question,omitempty"`
	Turns        []string    `json:"turns,omitempty"` // instead of question: a conversation, of which the last turn is judged
	Hand         string      `json:"hand,omitempty"`  // how it is written: plain, terse, chatty, misspelt, english
	Kind         string      `json:"kind,omitempty"`  // what it asks for: deadline, amount, who, exception …
	AsOf         corpus.Date `json:"as_of,omitempty"`
	Expect       []string    `json:"expect,omitempty"` // references that must be cited, each with its alternatives
	Also         []string    `json:"also,omitempty"`   // references that may be cited
	Facts        []string    `json:"facts,omitempty"`  // short texts that the answer must contain, each with its alternatives
	Unanswerable bool        `json:"unanswerable,omitempty"`
}

// text is the question that is judged.
func (it *AnswerItem) text() string {
	if n := len(it.Turns); n > 0 {
		return it.Turns[n-1]
	}
	return it.Question
}

// check says what is wrong with an item.
func (it *AnswerItem) check() error {
	switch {
	case it.ID == "":
		return errors.New("the item has no id")
	case (it.Question == "") == (len(it.Turns) == 0):
		return fmt.Errorf("item %s: give either question or turns", it.ID)
	case it.Unanswerable && len(it.Expect)+len(it.Facts) > 0:
		return fmt.Errorf("item %s: an unanswerable item expects nothing", it.ID)
	case !it.Unanswerable && len(it.Expect) == 0:
		return fmt.Errorf("item %s: name the references that answer it, or set unanswerable", it.ID)
	}
	return nil
}

// ReadAnswerSuite reads a suite's folder. Errors name the file and the item.
func ReadAnswerSuite(dir, split string) (*AnswerSuite, error) {
	s := &AnswerSuite{Name: filepath.Base(filepath.Clean(dir))}
	var about struct {
		Collection string `json:"collection"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "suite.json"))
	if err == nil {
		err = json.Unmarshal(data, &about)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "suite.json"), err)
	}
	switch about.Collection {
	case "":
	case "samples":
		s.Samples = true
	default:
		return nil, fmt.Errorf("%s: unknown collection %q: write samples, or leave it out", filepath.Join(dir, "suite.json"), about.Collection)
	}
	path := filepath.Join(dir, split+".jsonl")
	if err := readLines(path, func(it AnswerItem) { s.Items = append(s.Items, it) }); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range s.Items {
		it := &s.Items[i]
		if err := it.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if seen[it.ID] {
			return nil, fmt.Errorf("%s: item %s stands there twice", path, it.ID)
		}
		seen[it.ID] = true
	}
	if len(s.Items) == 0 {
		return nil, fmt.Errorf("%s has no items", path)
	}
	return s, nil
}

// alternatives splits "A | B".
func alternatives(text string) []string {
	var out []string
	for _, one := range strings.Split(text, "|") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// resolver finds sections; *corpus.Store is one.
type resolver interface {
	Section(ctx context.Context, id string) (corpus.Section, error)
	Resolve(ctx context.Context, family, number, local string, day corpus.Date) (document, section string, status corpus.Status, err error)
}

// resolve returns the section that each alternative of a reference names, in the
// version in force on day. A reference that the collection does not have is an
// error: the item could never be answered.
func resolve(ctx context.Context, store resolver, reference string, day corpus.Date) ([]string, error) {
	var out []string
	for _, one := range alternatives(reference) {
		if strings.Contains(one, "#") {
			if _, err := store.Section(ctx, one); err != nil {
				return nil, fmt.Errorf("%q: %w", one, err)
			}
			out = append(out, one)
			continue
		}
		refs := citation.Parse(one)
		if len(refs) != 1 || refs[0].Section == "" || refs[0].Act == "" {
			return nil, fmt.Errorf("%q is no reference to one §: write it as serviceloven § 85 or lbk-2025-1129#85", one)
		}
		_, section, status, err := store.Resolve(ctx, refs[0].Act, "", refs[0].Section, day)
		if err != nil {
			return nil, err
		}
		if status != corpus.Resolved {
			return nil, fmt.Errorf("%q is not in the collection: ask the documents that the suite was written for", one)
		}
		out = append(out, section)
	}
	return out, nil
}
