// Package prompts turns a question and its numbered sources into the text that
// a language model gets. The templates are files (Go text/template) that a
// municipality may override by a folder with files of the same names:
//
//	system.tmpl  what the model is to do; fields: Fence
//	user.tmpl    sources and question; fields: Fence, Sources (N, Reference, Text), Question
//
// Sources and question are data: both stand between lines that carry a random
// mark, so that no text can close its own fence, and characters that are not
// seen are taken out.
package prompts

import (
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"

	"github.com/hjemmel/hjemmel/server/llm"
)

//go:embed system.tmpl user.tmpl
var builtin embed.FS

// Set is the templates that are in use.
type Set struct {
	system, user *template.Template
}

// Source is a numbered source.
type Source struct {
	N         int
	Reference string
	Text      string
}

// Load reads the templates: those of dir, where it has them, else the built-in
// ones; dir "" is none.
func Load(dir string) (*Set, error) {
	if dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("prompts: %s is no folder", dir)
		}
	}
	system, err := load(dir, "system.tmpl")
	if err != nil {
		return nil, err
	}
	user, err := load(dir, "user.tmpl")
	if err != nil {
		return nil, err
	}
	set := &Set{system, user}
	// A template that names a field that is not there fails here, not at a question.
	_, err = set.Prompt("?", []Source{{N: 1, Reference: "§ 1", Text: "…"}})
	return set, err
}

func load(dir, name string) (*template.Template, error) {
	data, err := builtin.ReadFile(name)
	if dir != "" {
		path := filepath.Join(dir, name)
		if own, ownErr := os.ReadFile(path); ownErr == nil {
			data, err, name = own, nil, path
		} else if !errors.Is(ownErr, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading a prompt: %w", ownErr)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reading a prompt: %w", err)
	}
	t, err := template.New(name).Option("missingkey=error").Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("prompt %s: %w", name, err)
	}
	return t, nil
}

// Prompt fills the templates in.
func (s *Set) Prompt(question string, sources []Source) (llm.Prompt, error) {
	var mark [8]byte
	rand.Read(mark[:]) //nolint:errcheck // it never fails
	fence := hex.EncodeToString(mark[:])
	data := struct {
		Fence    string
		Question string
		Sources  []Source
	}{Fence: fence, Question: visible(question, fence)}
	for _, src := range sources {
		data.Sources = append(data.Sources, Source{src.N, visible(src.Reference, fence), visible(src.Text, fence)})
	}
	var system, user strings.Builder
	if err := s.system.Execute(&system, data); err != nil {
		return llm.Prompt{}, fmt.Errorf("prompt %s: %w", s.system.Name(), err)
	}
	if err := s.user.Execute(&user, data); err != nil {
		return llm.Prompt{}, fmt.Errorf("prompt %s: %w", s.user.Name(), err)
	}
	return llm.Prompt{System: system.String(), User: user.String()}, nil
}

// visible drops what a reader does not see, and the fence's mark.
func visible(s, fence string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(strings.ReplaceAll(s, fence, ""))
}
