// Package corpus holds what Hjemmel knows: documents cut into sections and
// passages, the references between them, and which version of an act is in
// force on a date. It also holds the SQLite store, which is the truth that
// every index is derived from. It neither parses files nor ranks anything.
package corpus

import (
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of text a document is.
type Kind string

// The kinds of document.
const (
	KindAct       Kind = "act"       // lov, lovbekendtgørelse
	KindOrder     Kind = "order"     // bekendtgørelse, cirkulære
	KindGuideline Kind = "guideline" // vejledning from an authority
	KindLocal     Kind = "local"     // the municipality's own texts
	KindOther     Kind = "other"
)

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool {
	switch k {
	case KindAct, KindOrder, KindGuideline, KindLocal, KindOther:
		return true
	}
	return false
}

// Date is a calendar day as YYYY-MM-DD, so that dates compare as strings.
// The empty Date means unknown or unbounded.
type Date string

// ParseDate accepts YYYY-MM-DD and the Danish DD-MM-YYYY, DD/MM/YYYY and
// DD.MM.YYYY. The error is fit to show to a user.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"2006-01-02", "02-01-2006", "02/01/2006", "02.01.2006", "2-1-2006", "2/1/2006", "2.1.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Date(t.Format("2006-01-02")), nil
		}
	}
	return "", fmt.Errorf("»%s« er ikke en dato: skriv fx 2026-03-01 eller 1.3.2026", s)
}

// Today is the current day where the program runs.
func Today() Date { return Date(time.Now().Format("2006-01-02")) }

// Document is one act, order, guideline or other text, in one version.
type Document struct {
	ID           string   `json:"id"`                     // stable: lbk-2025-1129, or a slug of collection and path
	Title        string   `json:"title"`                  // as the document itself gives it
	ShortTitles  []string `json:"short_titles,omitempty"` // popular names and abbreviations: serviceloven, SEL
	Kind         Kind     `json:"kind"`
	Number       string   `json:"number,omitempty"` // LBK nr 1129 af 22/09/2025
	Issued       Date     `json:"issued,omitempty"`
	InForceFrom  Date     `json:"in_force_from,omitempty"` // first day in force
	InForceTo    Date     `json:"in_force_to,omitempty"`   // first day no longer in force
	Family       string   `json:"family,omitempty"`        // shared by all versions of one act
	Supersedes   string   `json:"supersedes,omitempty"`    // id of the version before
	SupersededBy string   `json:"superseded_by,omitempty"` // id of the version after
	URL          string   `json:"url,omitempty"`
	Source       string   `json:"source"` // where it was read: a path below the ingested folder, or an address
	SHA256       string   `json:"sha256"` // of the source bytes, hex
	Collection   string   `json:"collection"`
	Groups       []string `json:"groups,omitempty"` // access groups; none means everyone
	Language     string   `json:"language"`         // da, en
	Sensitivity  string   `json:"sensitivity,omitempty"`
	MediaType    string   `json:"media_type"`      // of the source bytes: application/pdf, text/markdown …
	Reader       string   `json:"reader"`          // which reader read it: markdown, html, docx, text, ledongthuc/pdf, pdfium
	Pages        int      `json:"pages,omitempty"` // 0 where the format has no pages
	Sample       bool     `json:"sample,omitempty"`
	Sections     int      `json:"sections"` // how many sections it has
	Revision     int64    `json:"-"`        // raised at each change; indexes compare it to know what they lack
	IngestedAt   string   `json:"ingested_at,omitempty"`
}

// InForce tells whether the document applies on day; the empty day means today.
func (d *Document) InForce(day Date) bool {
	if day == "" {
		day = Today()
	}
	return (d.InForceFrom == "" || d.InForceFrom <= day) && (d.InForceTo == "" || day < d.InForceTo)
}

// Section is a § of a statute or a headed part of another document. Text is
// verbatim; every byte range in this program that points into a section points
// into Text.
type Section struct {
	ID        string     `json:"id"` // document#85a, document#3.2, document#bilag-1
	Document  string     `json:"document"`
	Ordinal   int        `json:"ordinal"`           // position in the document, from 0
	Label     string     `json:"label"`             // "§ 85 a", "3.2", "Bilag 1"; may be empty
	Path      []string   `json:"path"`              // ["Afsnit II", "Kapitel 16 Personlig hjælp", "§ 85"]
	Heading   string     `json:"heading,omitempty"` // the heading above the section
	Text      string     `json:"text"`              // paragraphs and list items separated by "\n"
	Parts     []Part     `json:"parts,omitempty"`
	Repealed  bool       `json:"repealed,omitempty"` // "(Ophævet)"
	Positions []Position `json:"positions,omitempty"`
}

// Part is a numbered piece of a section, as a byte range into its text. Parts
// nest: "stk. 2" encloses "stk. 2, nr. 1".
type Part struct {
	Label string `json:"label"` // "stk. 2, nr. 1, litra a" (the section's own label is left out)
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Position ties a byte range of a section's text to a place on a page.
// Coordinates are fractions of the page's width and height, origin top left.
type Position struct {
	Start int     `json:"start"`
	End   int     `json:"end"`
	Page  int     `json:"page"` // from 1
	X0    float64 `json:"x0"`
	Y0    float64 `json:"y0"`
	X1    float64 `json:"x1"`
	Y1    float64 `json:"y1"`
}

// Page returns the page that holds byte offset off of the section's text, or 0
// where the source has no pages.
func (s *Section) Page(off int) int {
	page := 0
	for _, p := range s.Positions {
		if p.Start > off && page != 0 {
			break
		}
		page = p.Page
	}
	return page
}

// PartAt returns the label of the innermost part that encloses [start, end),
// or "" where none does.
func (s *Section) PartAt(start, end int) string {
	label, size := "", len(s.Text)+1
	for _, p := range s.Parts {
		if p.Start <= start && end <= p.End && p.End-p.Start < size {
			label, size = p.Label, p.End-p.Start
		}
	}
	return label
}

// Passage is what is indexed and cited: a byte range of a section's text, and a
// context line that is indexed with it but never quoted as its text.
type Passage struct {
	ID       string `json:"id"` // section/n, n from 1
	Section  string `json:"section"`
	Document string `json:"document"`
	Ordinal  int    `json:"ordinal"` // within the section, from 0
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Context  string `json:"context"` // document, chapter, heading
	Text     string `json:"text"`    // Section.Text[Start:End]
}

// Status says what became of a reference when it was looked up.
type Status string

// The outcomes of resolving a reference.
const (
	Resolved  Status = "resolved"
	Ambiguous Status = "ambiguous" // several acts carry the name
	Unknown   Status = "unknown"   // the act or the section is not in the collection
)

// Reference is a legal reference found in a section's text.
type Reference struct {
	From     string `json:"from"`  // id of the section it stands in
	Start    int    `json:"start"` // byte range in that section's text
	End      int    `json:"end"`
	Raw      string `json:"raw"`                // the text as written
	Act      string `json:"act,omitempty"`      // the act as named; empty for the document itself
	Document string `json:"document,omitempty"` // id of the document it points to
	Section  string `json:"section,omitempty"`  // id of the section it points to
	Part     string `json:"part,omitempty"`     // "stk. 2, nr. 1"
	Status   Status `json:"status"`
}
