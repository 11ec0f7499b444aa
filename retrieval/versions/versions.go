// Package versions compares versions of legal texts: what became of each
// section of an older version, in the newer version of the same act or in
// another act that took it over, and word by word what changed. It compares
// texts only; which version is in force is package corpus's business.
package versions

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Status says what became of a section.
type Status string

// The fates of a section between two versions.
const (
	Unchanged  Status = "unchanged"
	Changed    Status = "changed"
	Renumbered Status = "renumbered" // same act, another number
	Moved      Status = "moved"      // in another act
	Gone       Status = "gone"
	New        Status = "new" // only in the newer version
)

// Place is a section somewhere in the collection.
type Place struct {
	Document string `json:"document"`
	Section  string `json:"section"`
}

// Fate is what became of one section of an older version.
type Fate struct {
	Status     Status  `json:"status"`
	Old        Place   `json:"old,omitzero"`
	New        Place   `json:"new,omitzero"`
	Similarity float64 `json:"similarity"` // of the texts, 0 to 1
}

// local returns the section's id within its document: "85a".
func local(id string) string {
	_, number, _ := strings.Cut(id, "#")
	return number
}

// comparable tells whether a section is one of the act's own provisions with a
// text: neither a closing provision of an amending act ("32~1") nor the mark of
// a repeal.
func comparable(s *corpus.Section) bool {
	return !s.Repealed && s.Text != "" && !strings.Contains(local(s.ID), "~")
}
