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

// store puts the texts in as sections of the documents that they belong to.
func (b *built) store(ctx context.Context, suite *Suite, progress func(string, int, int)) error {
	var docs []*corpus.Contents
	byID := map[string]int{}
	sections := map[string][]corpus.Section{}
	titles := documentTitles(suite.Texts)
	for i := range suite.Texts {
		t := &suite.Texts[i]
		document, local := t.belongs()
		if _, known := byID[document]; !known {
			byID[document] = len(docs)
			docs = append(docs, &corpus.Contents{Document: describe(document, titles[document])})
		}
		b.texts[document+"#"+local] = t.ID
		sections[document] = append(sections[document], section(local, titles[document], t))
	}
	oneVersionEach(docs)
	for i, c := range docs {
		d := c.Document
		d.Language = language(sections[d.ID])
		full := ingest.Contents(d, sections[d.ID])
		if _, err := b.lib.Put(ctx, *full, corpus.Source{Collection: d.Collection, Path: d.ID, Status: string(ingest.Read)}); err != nil {
			return err
		}
		progress("storing", i+1, len(docs))
	}
	return b.lib.Sync(ctx, func(p ingest.Progress) { progress("indexing", p.Done, p.Total) })
}

// belongs returns the document that a text is a section of, and its place there:
// what stands before and after "#" in its id, or else what its metadata call its
// doc. A text that tells of neither is a document of its own.
func (t *Text) belongs() (document, local string) {
	if document, local, ok := strings.Cut(t.ID, "#"); ok {
		return document, local
	}
	if doc, ok := t.Metadata["doc"]; ok && fmt.Sprint(doc) != "" {
		return strings.ReplaceAll(fmt.Sprint(doc), "#", "-"), t.ID
	}
	return t.ID, "1"
}

// documentTitles gives each document the words with which the titles of all its
// texts begin.
func documentTitles(texts []Text) map[string]string {
	common := map[string][]string{}
	for i := range texts {
		document, _ := texts[i].belongs()
		words := strings.Fields(texts[i].Title)
		if before, ok := common[document]; ok {
			words = before[:commonPrefix(before, words)]
		}
		common[document] = words
	}
	titles := make(map[string]string, len(common))
	for document, words := range common {
		if titles[document] = strings.Join(words, " "); len(words) == 0 {
			titles[document] = document
		}
	}
	return titles
}

func commonPrefix(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func describe(id, title string) corpus.Document {
	return corpus.Document{
		ID: id, Title: title, Kind: corpus.KindAct, Family: citation.Family(title), Collection: "eval", Source: id,
		MediaType: "application/json", Reader: "beir",
	}
}

// language tells the language of a document by its beginning, which may be a
// heading that tells nothing.
func language(sections []corpus.Section) string {
	const enough = 4000 // bytes
	var text strings.Builder
	for i := range sections {
		if text.Len() >= enough {
			break
		}
		text.WriteString(sections[i].Text + "\n")
	}
	return danish.DetectLanguage(text.String())
}

// section makes a section of a text. What its own title adds to the document's is
// its heading.
func section(local, document string, t *Text) corpus.Section {
	label, path := local, []string{}
	if strings.HasPrefix(t.Text, "§") {
		label = citation.Label(local, "")
	} else if local == t.ID {
		label = ""
	}
	if chapter, ok := t.Metadata["chapter"].(string); ok && chapter != "" {
		path = append(path, chapter)
	}
	if label != "" {
		path = append(path, label)
	}
	heading := strings.TrimSpace(strings.TrimPrefix(strings.Join(strings.Fields(t.Title), " "), document))
	return corpus.Section{ID: local, Label: label, Heading: heading, Path: path, Text: t.Text}
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
