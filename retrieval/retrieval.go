// Package retrieval turns a question into ranked passages of the collection.
// It composes the reference look-up, the lexical index and vectors; it
// writes no answers.
package retrieval

import (
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

// Mode selects which signals rank.
type Mode string

// The modes of search.
const (
	Hybrid  Mode = "hybrid"
	Lexical Mode = "lexical"
	Vector  Mode = "vector"
)

// Filter limits a search. Empty fields do not limit. It is applied inside the
// index query, so that neither scores nor counts tell of what it hides.
type Filter struct {
	Collections []string      `json:"collections,omitempty"`
	Kinds       []corpus.Kind `json:"kinds,omitempty"`
	Documents   []string      `json:"documents,omitempty"`
}

// Query is a search.
type Query struct {
	Text   string      `json:"query"`
	K      int         `json:"k,omitempty"`     // how many hits; 0 means 10
	AsOf   corpus.Date `json:"as_of,omitempty"` // only what was in force that day; empty means today
	Mode   Mode        `json:"mode,omitempty"`
	Filter Filter      `json:"filter,omitzero"`
}

// Hit is one ranked section with its best passage.
type Hit struct {
	Rank      int         `json:"rank"`  // from 1
	Score     float64     `json:"score"` // comparable within one result only
	Document  string      `json:"document"`
	Section   string      `json:"section"`
	Passage   string      `json:"passage"`
	Reference string      `json:"reference"` // "serviceloven § 85"; with the part where the query names one
	Title     string      `json:"title"`     // of the document
	Path      []string    `json:"path"`
	Heading   string      `json:"heading,omitempty"`
	Snippet   string      `json:"snippet"` // verbatim: Section.Text[Start:End]
	Start     int         `json:"start"`
	End       int         `json:"end"`
	URL       string      `json:"url,omitempty"`
	Kind      corpus.Kind `json:"kind"`
	Issued    corpus.Date `json:"issued,omitempty"`
	InForce   bool        `json:"in_force"`
	Page      int         `json:"page,omitempty"`
	Exact     bool        `json:"exact,omitempty"` // the query names this very section
	// Subject is the subject of the register that names the section, if one does, and
	// Register what the register says of it.
	Subject  string         `json:"subject,omitempty"`
	Register register.Found `json:"-"`
}

// Result is what a search found.
type Result struct {
	Hits     []Hit    `json:"hits"`
	Total    int      `json:"total"` // passages that share a word with the query
	MS       float64  `json:"ms"`
	Mode     Mode     `json:"mode"`               // what was really used
	Vectors  Coverage `json:"vectors,omitzero"`   // how far the vectors are, where the search asked for them
	Degraded string   `json:"degraded,omitempty"` // in Danish: why the vectors took no part although they were asked for
	// Answerable is the probability, by the words alone, that the collection
	// answers the query at all: how it was fitted stands at Features.
	Answerable float64  `json:"answerable"`
	Features   Features `json:"-"`
	// Governed is the most that the register says of the query by provisions it
	// knows, in the collection or not; it names none. Elsewhere is the subject that
	// fits best of those whose act as a whole the collection lacks, or that no act
	// governs; without an Entry where none fits.
	Governed  register.Found `json:"-"`
	Elsewhere register.Found `json:"-"`
	AsOf      corpus.Date    `json:"as_of"`
	Refs      []citation.Ref `json:"-"` // references that the query names
}
