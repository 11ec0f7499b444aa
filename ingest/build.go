package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/statute"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// build makes the stored form of a parsed document.
func build(doc *parse.Document, opts Options, name, sum string, data []byte) *corpus.Contents {
	outline := statute.Structure(doc)
	doc.Warnings = append(doc.Warnings, outline.Warnings...)
	d := describe(doc, &outline, opts, name)
	d.SHA256 = sum
	if doc.Meta["historical"] == "true" {
		doc.Warnings = append(doc.Warnings, "retsinformation.dk melder dokumentet historisk: find den version, der gælder nu, og indlæs den")
	}
	c := Contents(d, outline.Sections)
	c.Original = data
	return c
}

// Contents completes a document for the store: it gives the sections, which
// carry their local ids ("85a"), the document's, and adds passages and mentions.
func Contents(d corpus.Document, sections []corpus.Section) *corpus.Contents {
	c := &corpus.Contents{Document: d, Sections: sections}
	for i := range c.Sections {
		s := &c.Sections[i]
		s.ID, s.Document, s.Ordinal = d.ID+"#"+s.ID, d.ID, i
		c.Passages = append(c.Passages, Passages(&d, s)...)
		c.Mentions = append(c.Mentions, mentions(s)...)
	}
	return c
}

// describe fills in what is known of the document from its front matter, its
// own first lines and the table of acts.
func describe(doc *parse.Document, o *statute.Outline, opts Options, name string) corpus.Document {
	d := corpus.Document{
		Title: o.Title, Kind: o.Kind, Issued: o.Issued, URL: pageAddress(o.URL), Language: o.Language,
		Source: name, Collection: opts.Collection, Sample: opts.Sample,
		MediaType: doc.MediaType, Reader: doc.Reader, Pages: doc.Pages,
		Sensitivity: doc.Meta["sensitivity"], IngestedAt: time.Now().UTC().Format(time.RFC3339),
		InForceFrom: metaDate(doc, "in_force_from"), InForceTo: metaDate(doc, "in_force_to"),
	}
	if kind := corpus.Kind(doc.Meta["kind"]); kind.Valid() {
		d.Kind = kind
	} else if opts.Sample {
		d.Kind = corpus.KindLocal
	}
	if d.Title == "" {
		d.Title = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	if d.Language == "" {
		d.Language = danish.DetectLanguage(firstText(doc, 4000))
	}
	if number, ok := citation.ParseNumber(o.Number); ok {
		d.ID, d.Number = number.ID(), number.String()
		if d.Issued == "" {
			d.Issued = corpus.Date(number.Date)
		}
	} else {
		d.ID = slugID(opts.Collection, name)
	}
	if o.Statute {
		d.Family = citation.Family(d.Title)
	}
	if d.Family != "" {
		d.ShortTitles = shortTitles(&d)
	}
	return d
}

// pageAddress turns retsinformation's address of an act's XML into that of the
// page that a person reads.
func pageAddress(url string) string { return strings.TrimSuffix(url, "/xml") }

func shortTitles(d *corpus.Document) []string {
	var names []string
	if short := citation.ShortTitle(d.Title); short != "" && short != d.Title {
		names = append(names, short)
	}
	if act, ok := citation.Act(d.Family); ok {
		names = append(names, act.Abbreviations...)
	}
	return names
}

func metaDate(doc *parse.Document, key string) corpus.Date {
	if doc.Meta[key] == "" {
		return ""
	}
	date, err := corpus.ParseDate(doc.Meta[key])
	if err != nil {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%s: %v", key, err))
	}
	return date
}

func firstText(doc *parse.Document, limit int) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		if b.Len() > limit {
			break
		}
		b.WriteString(block.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// slugID names a document without an official number after its file, with a
// digest of collection and path: files of one name in two folders stay two
// documents, and the id is the same in every run.
func slugID(collection, name string) string {
	sum := sha256.Sum256([]byte(collection + "\x00" + name))
	slug := slugify(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	return strings.Trim(slug+"-"+hex.EncodeToString(sum[:3]), "-")
}

func slugify(s string) string {
	const longest = 60
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == 'æ', r == 'ä':
			b.WriteString("ae")
		case r == 'ø', r == 'ö':
			b.WriteString("oe")
		case r == 'å':
			b.WriteString("aa")
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= longest {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// mentions finds the legal references in a section.
func mentions(s *corpus.Section) []corpus.Mention {
	var out []corpus.Mention
	for _, ref := range citation.Parse(s.Text) {
		if isOwnLabel(s, ref) {
			continue
		}
		m := corpus.Mention{
			Section: s.ID, Start: ref.Start, End: ref.End, Raw: ref.Raw, Act: ref.Act, Family: ref.Act,
			Local: ref.Section, LocalTo: ref.SectionTo, Part: ref.Part,
		}
		if ref.Annex != "" && m.Local == "" {
			m.Local = "bilag-" + ref.Annex
		}
		if ref.Number.No != 0 {
			m.Number = ref.Number.ID()
		}
		out = append(out, m)
	}
	return out
}

// isOwnLabel tells the "§ 85." that a section begins with from a reference.
func isOwnLabel(s *corpus.Section, ref citation.Ref) bool {
	return ref.Start == 0 && ref.Act == "" && strings.HasPrefix(s.Label, "§")
}

// checkText puts everything that would be stored of a document before the policy.
func (p *Pipeline) checkText(doc *parse.Document, name string) error {
	var b strings.Builder
	starts := make([]int, len(doc.Blocks))
	for i, block := range doc.Blocks {
		starts[i] = b.Len()
		b.WriteString(block.Text)
		b.WriteByte('\n')
	}
	body := b.Len()
	for _, value := range append([]string{doc.Title, name, doc.Unshown}, values(doc.Meta)...) {
		b.WriteString(value)
		b.WriteByte('\n')
	}
	err := p.check(b.String())
	if err == nil {
		return nil
	}
	var at interface{ Offsets() []int }
	if errors.As(err, &at) {
		if places := describePlaces(doc, starts, body, at.Offsets()); places != "" {
			return fmt.Errorf("%w (%s)", err, places)
		}
	}
	return err
}

func values(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	sort.Strings(out)
	return out
}

// describePlaces says where in the document the offsets stand, in words that
// let the user find them: page where there are pages, else paragraph.
func describePlaces(doc *parse.Document, starts []int, body int, offsets []int) string {
	const most = 5
	var places []string
	for i, off := range offsets {
		if i == most {
			places = append(places, fmt.Sprintf("og %d steder mere", len(offsets)-most))
			break
		}
		n := sort.SearchInts(starts, off+1) - 1
		switch {
		case off >= body || n < 0:
			places = append(places, "titel, filnavn eller egenskaber")
		case len(doc.Blocks[n].Lines) > 0:
			places = append(places, fmt.Sprintf("side %d", doc.Blocks[n].Lines[0].Page))
		default:
			places = append(places, fmt.Sprintf("afsnit %d", n+1))
		}
	}
	return strings.Join(places, ", ")
}
