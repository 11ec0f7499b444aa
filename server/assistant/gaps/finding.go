package gaps

import (
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Kind says what is wrong.
type Kind string

// The kinds of finding.
const (
	Outdated      Kind = "outdated"          // the reference held once
	Contradiction Kind = "contradiction"     // the law says otherwise
	Missing       Kind = "missing"           // the law demands it, the text lacks it
	UnknownRef    Kind = "unknown_reference" // no such act, section or part
)

// Severity orders findings for a reader.
type Severity string

// The severities.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
)

// Finding is one fault of a text, with both places.
type Finding struct {
	Kind        Kind     `json:"kind"`
	Subject     Subject  `json:"subject"` // what was checked: a reference, figure, requirement, modality
	Severity    Severity `json:"severity"`
	At          At       `json:"at"`
	Law         *Law     `json:"law,omitempty"`
	Now         *Law     `json:"now,omitempty"` // where an outdated reference should point
	Explanation string   `json:"explanation"`   // Danish
	Confidence  float64  `json:"confidence"`    // 0 to 1
}

// At is a place in the checked text: Quote is the section's text[Start:End].
type At struct {
	Section string `json:"section"` // id
	Label   string `json:"label"`   // "4.2 Beregning": what a reader looks for
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Quote   string `json:"quote"`
	Page    int    `json:"page,omitempty"`
}

// Law is a place in the law: Quote is the section's text[Start:End], empty where
// a whole act is meant.
type Law struct {
	Document  string `json:"document"`
	Section   string `json:"section"`
	Reference string `json:"reference"` // "barnets lov § 138, stk. 1"
	Title     string `json:"title"`
	Quote     string `json:"quote"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	URL       string `json:"url,omitempty"`
}

// Outcome says how a check ended.
type Outcome string

// The outcomes of a check.
const (
	InOrder      Outcome = "in_order" // of a requirement: covered
	Partly       Outcome = "partly"   // a requirement that the text covers, but for the part that Note names
	Found        Outcome = "finding"
	NotChecked   Outcome = "not_checked"   // what it would be held against is not in the collection
	NotMentioned Outcome = "not_mentioned" // a duty that the text need not repeat, or too unsure to report
)

// Subject says what was checked.
type Subject string

// The subjects of checks.
const (
	OfReference   Subject = "reference"
	OfFigure      Subject = "figure"
	OfRequirement Subject = "requirement"
	OfModality    Subject = "modality"
)

// Check is a row of the coverage table.
type Check struct {
	Subject Subject `json:"subject"`
	Outcome Outcome `json:"outcome"`
	At      *At     `json:"at,omitempty"`
	Law     *Law    `json:"law,omitempty"`
	Note    string  `json:"note,omitempty"` // Danish
	// Confidence is how sure the outcome of a requirement is, 0 to 1; 0 for
	// other subjects.
	Confidence float64 `json:"confidence,omitempty"`
}

// Report is what a comparison gives.
type Report struct {
	Document string      `json:"document"` // id of a document of the collection, or the file's name
	Title    string      `json:"title"`
	AsOf     corpus.Date `json:"as_of"`
	Against  []string    `json:"against"` // ids of the documents compared with
	Findings []Finding   `json:"findings"`
	Checked  []Check     `json:"checked"`
	MS       float64     `json:"ms"`
}

// severities by kind, before confidence is weighed.
func severityOf(kind Kind, confidence float64) Severity {
	switch {
	case confidence < 0.6:
		return Low
	case kind == Contradiction || kind == Outdated && confidence >= 0.8:
		return High
	}
	return Medium
}
