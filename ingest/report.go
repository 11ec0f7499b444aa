package ingest

import "time"

// Status is what became of a source.
type Status string

// The outcomes for one source.
const (
	Read      Status = "read"      // new in the collection
	Unchanged Status = "unchanged" // read before, same bytes
	Replaced  Status = "replaced"  // read before, other bytes
	Duplicate Status = "duplicate" // the same document was read from another source
	Removed   Status = "removed"   // no longer in the folder (only when pruning)
	Skipped   Status = "skipped"   // not a format that Hjemmel reads
	Refused   Status = "refused"   // the policy forbids it: nothing of it is stored
	Failed    Status = "failed"
)

// File is one source's line in the report.
type File struct {
	Path     string   `json:"path"`
	Status   Status   `json:"status"`
	Document string   `json:"document,omitempty"`
	Title    string   `json:"title,omitempty"`
	Sections int      `json:"sections,omitempty"`
	Reader   string   `json:"reader,omitempty"`
	Reason   string   `json:"reason,omitempty"` // Danish: why, and what to do
	Warnings []string `json:"warnings,omitempty"`
	MS       float64  `json:"ms"` // time spent parsing
	Err      error    `json:"-"`  // behind Reason, for callers that decide by it
}

// Report says what a run did with each source, in the order they were given.
type Report struct {
	Files   []File         `json:"files"`
	Counts  map[Status]int `json:"counts"`
	Elapsed time.Duration  `json:"-"`
	MS      float64        `json:"ms"`
}

// Add records what became of one more source.
func (r *Report) Add(f File) {
	if r.Counts == nil {
		r.Counts = map[Status]int{}
	}
	r.Files = append(r.Files, f)
	r.Counts[f.Status]++
}

// Phase names what a run is doing.
type Phase string

// The phases of a run; they overlap.
const (
	Reading  Phase = "reading"
	Indexing Phase = "indexing"
)

// Progress is told after every source, and while the index catches up.
type Progress struct {
	Phase Phase
	Done  int // sources of this run, or documents of the index
	Total int
	File  *File // of Reading: the source just done
}
