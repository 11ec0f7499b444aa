package gaps

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/statute"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Text is a guideline cut into sections.
type Text struct {
	ID       string // of a document of the collection; else the file's name
	Title    string
	Family   string // of an act; its own references are not looked up elsewhere
	Sections []corpus.Section
}

// ReadFile reads a guideline from a file's bytes under the guards of package
// parse. check, the policy, sees the whole text and the name before anything
// else is done with them; its error refuses the file.
func ReadFile(ctx context.Context, name string, data []byte, check func(text string) error) (Text, error) {
	doc, err := parse.Parse(ctx, name, data)
	if err != nil {
		return Text{}, fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	var all strings.Builder
	all.WriteString(doc.Title + "\n" + filepath.Base(name) + "\n")
	for _, b := range doc.Blocks {
		all.WriteString(b.Text + "\n")
	}
	for _, value := range doc.Meta {
		all.WriteString(value + "\n")
	}
	if err := check(all.String()); err != nil {
		return Text{}, err
	}
	outline := statute.Structure(doc)
	t := Text{ID: filepath.Base(name), Title: outline.Title, Sections: outline.Sections}
	if t.Title == "" {
		t.Title = strings.TrimSuffix(t.ID, filepath.Ext(t.ID))
	}
	for i := range t.Sections {
		t.Sections[i].ID, t.Sections[i].Ordinal = "#"+t.Sections[i].ID, i
	}
	return t, nil
}

// OfDocument reads a document of the collection.
func OfDocument(ctx context.Context, lib Library, id string) (Text, error) {
	doc, err := lib.Document(ctx, id)
	if err != nil {
		return Text{}, err
	}
	sections, err := lib.SectionsOf(ctx, id)
	return Text{ID: doc.ID, Title: doc.Title, Family: doc.Family, Sections: sections}, err
}

// at makes a place of a byte range of a section.
func at(s *corpus.Section, start, end int) At {
	label := strings.TrimSpace(s.Label + " " + s.Heading)
	if s.Label != "" && strings.Contains(s.Heading, s.Label) {
		label = s.Heading
	}
	if label == "" && len(s.Path) > 0 {
		label = s.Path[len(s.Path)-1]
	}
	return At{Section: s.ID, Label: label, Start: start, End: end, Quote: s.Text[start:end], Page: s.Page(start)}
}
