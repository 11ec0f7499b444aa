package gaps

import (
	"context"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Text is a guideline cut into sections.
type Text struct {
	ID       string // of a document of the collection; else the file's name
	Title    string
	Family   string // of an act; its own references are not looked up elsewhere
	Sections []corpus.Section
}

// OfDraft takes a file that was read and not stored (ingest.Draft). name is the
// file's.
func OfDraft(name string, draft *corpus.Contents) Text {
	return Text{ID: name, Title: draft.Document.Title, Sections: draft.Sections}
}

// OfDocument reads a document of the collection.
func OfDocument(ctx context.Context, lib Documents, id string) (Text, error) {
	doc, err := lib.Document(ctx, id)
	if err != nil {
		return Text{}, err
	}
	sections, err := lib.SectionsOf(ctx, id)
	return Text{ID: doc.ID, Title: doc.Title, Family: doc.Family, Sections: sections}, err
}

// Documents is what OfDocument reads of the collection.
type Documents interface {
	Document(ctx context.Context, id string) (corpus.Document, error)
	SectionsOf(ctx context.Context, document string) ([]corpus.Section, error)
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
