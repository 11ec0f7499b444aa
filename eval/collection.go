package eval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// built is a collection in a temporary folder.
type built struct {
	lib   *ingest.Library
	texts map[string]string // the suite's text of each section
	dir   string
	ms    float64
}

func (b *built) close() error { return errors.Join(b.lib.Close(), os.RemoveAll(b.dir)) }

// empty opens a collection in a new temporary folder.
func empty(ctx context.Context, check func(string) error, opts ...ingest.Option) (*built, error) {
	dir, err := os.MkdirTemp("", "hjemmel-eval-")
	if err != nil {
		return nil, err
	}
	lib, err := ingest.OpenWriter(ctx, dir, corpus.Owner{Command: "eval"}, check, opts...)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &built{lib: lib, texts: map[string]string{}, dir: dir}, nil
}

// build stores the suite's texts and indexes them.
func build(ctx context.Context, suite *Suite, progress func(string, int, int), opts ...ingest.Option) (*built, error) {
	start := time.Now()
	b, err := empty(ctx, nil, opts...)
	if err != nil {
		return nil, err
	}
	if err := b.store(ctx, suite, progress); err != nil {
		return nil, errors.Join(fmt.Errorf("building the collection: %w", err), b.close())
	}
	b.ms = milliseconds(start)
	return b, nil
}

// store puts the texts in as sections: texts whose ids begin alike before "#"
// are one document.
func (b *built) store(ctx context.Context, suite *Suite, progress func(string, int, int)) error {
	var docs []*corpus.Contents
	byID := map[string]int{}
	sections := map[string][]corpus.Section{}
	for i := range suite.Texts {
		t := &suite.Texts[i]
		document, local, ok := strings.Cut(t.ID, "#")
		if !ok {
			local = "1"
		}
		if _, known := byID[document]; !known {
			byID[document] = len(docs)
			docs = append(docs, &corpus.Contents{Document: describe(document, t)})
		}
		b.texts[document+"#"+local] = t.ID
		sections[document] = append(sections[document], section(local, t))
	}
	oneVersionEach(docs)
	for i, c := range docs {
		d := c.Document
		full := ingest.Contents(d, sections[d.ID])
		if _, err := b.lib.Put(ctx, *full, corpus.Source{Collection: d.Collection, Path: d.ID, Status: string(ingest.Read)}); err != nil {
			return err
		}
		progress("storing", i+1, len(docs))
	}
	return b.lib.Sync(ctx, func(p ingest.Progress) { progress("indexing", p.Done, p.Total) })
}

func describe(id string, t *Text) corpus.Document {
	return corpus.Document{
		ID: id, Title: t.Title, Kind: corpus.KindAct, Family: citation.Family(t.Title), Collection: "eval", Source: id,
		Language: danish.DetectLanguage(t.Text), MediaType: "application/json", Reader: "beir",
	}
}

func section(local string, t *Text) corpus.Section {
	label, path := local, []string{}
	if strings.HasPrefix(t.Text, "§") {
		label = citation.Label(local, "")
	}
	if chapter, ok := t.Metadata["chapter"].(string); ok && chapter != "" {
		path = append(path, chapter)
	}
	return corpus.Section{ID: local, Label: label, Path: append(path, label), Text: t.Text}
}

// oneVersionEach keeps the family of the first document only: a suite's texts
// are all in force, whatever acts share a name.
func oneVersionEach(docs []*corpus.Contents) {
	seen := map[string]bool{}
	for _, c := range docs {
		if seen[c.Document.Family] {
			c.Document.Family = ""
		}
		seen[c.Document.Family] = true
	}
}
