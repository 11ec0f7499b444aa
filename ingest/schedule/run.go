package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Run is one run over a source, as it is remembered and shown.
type Run struct {
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"` // absent while it runs, and where it was interrupted
	Outcome
}

// Outcome is what a run did.
type Outcome struct {
	Counts   map[ingest.Status]int `json:"counts,omitempty"`
	Problems []Note                `json:"problems,omitempty"` // files that failed or were refused
	Warnings []Note                `json:"warnings,omitempty"` // what to look at: an act that is historical …
	More     int                   `json:"more,omitempty"`     // problems and warnings that are not listed
	Error    string                `json:"error,omitempty"`    // Danish: why the run as a whole failed
}

// Note is about one file or address.
type Note struct {
	Path   string        `json:"path"`
	Status ingest.Status `json:"status,omitempty"`
	Reason string        `json:"reason"` // Danish
}

// mostNotes bounds what is remembered of one run.
const mostNotes = 100

// Found is what a source holds now.
type Found struct {
	Items   []source.Item
	Refused []ingest.File // by their names
	Root    string        // the folder's name in the items' paths: what lies below it is mirrored; "" is none
	Close   func()
}

// chunk is how many files are read before others, an upload say, get their turn
// at the collection.
const chunk = 50

// read reads one source. The error says why the run as a whole failed.
func (s *Scheduler) read(ctx context.Context, src *Source, last *Run) (out Outcome, err error) {
	found, err := s.Find(ctx, *src)
	if err != nil {
		return out, err
	}
	defer found.Close()
	out.Counts = map[ingest.Status]int{}
	given := map[string]bool{}
	for _, f := range found.Refused {
		out.take(f)
	}
	for at := 0; at < len(found.Items); at += chunk {
		part := found.Items[at:min(at+chunk, len(found.Items))]
		report, err := s.Library.Pipeline.Run(ctx, part, ingest.Options{Collection: src.Collection, Groups: src.Groups, Progress: func(p ingest.Progress) {
			if p.Phase == ingest.Reading {
				s.progress(at+p.Done, len(found.Items))
			}
		}})
		for _, f := range report.Files {
			given[f.Path] = true
			out.take(f)
			out.carry(f, last)
			s.lookAfterAct(ctx, f, &out)
		}
		if err != nil {
			return out, err
		}
	}
	if found.Root != "" {
		err = s.mirror(ctx, src, found.Root, given, &out)
	}
	return out, err
}

// take counts a file and notes what is wrong with it.
func (o *Outcome) take(f ingest.File) {
	o.Counts[f.Status]++
	if f.Status == ingest.Failed || f.Status == ingest.Refused {
		o.note(&o.Problems, Note{f.Path, f.Status, f.Reason})
	}
	for _, w := range f.Warnings {
		o.note(&o.Warnings, Note{Path: f.Path, Reason: w})
	}
}

func (o *Outcome) note(list *[]Note, n Note) {
	if len(*list) == mostNotes {
		o.More++
		return
	}
	*list = append(*list, n)
}

// carry repeats the warnings of the run before about a file that has not changed:
// they still hold.
func (o *Outcome) carry(f ingest.File, last *Run) {
	if f.Status != ingest.Unchanged || last == nil {
		return
	}
	for _, n := range last.Warnings {
		if n.Path == f.Path && !strings.HasPrefix(n.Reason, superseded) {
			o.note(&o.Warnings, n)
		}
	}
}

// superseded begins the warning that follows from the collection, and is found
// anew in each run.
const superseded = "loven er afløst"

// lookAfterAct warns where the collection knows a newer version of an act that a
// source still asks for, or where the act has ended.
func (s *Scheduler) lookAfterAct(ctx context.Context, f ingest.File, out *Outcome) {
	if f.Document == "" || !strings.HasPrefix(f.Path, "retsinformation.dk/") {
		return
	}
	doc, err := s.Library.Document(ctx, f.Document)
	if err != nil {
		return // deleted meanwhile
	}
	switch today := corpus.Date(s.now().Format(time.DateOnly)); {
	case doc.SupersededBy != "":
		next, err := s.Library.Document(ctx, doc.SupersededBy)
		if err == nil {
			out.note(&out.Warnings, Note{Path: f.Path, Reason: fmt.Sprintf("%s af %s: ret kilden til den", superseded, firstOf(next.Number, next.ID))})
		}
	case doc.InForceTo != "" && doc.InForceTo <= today:
		out.note(&out.Warnings, Note{Path: f.Path, Reason: fmt.Sprintf("%s eller ophævet: den gælder ikke efter %s", superseded, doc.InForceTo)})
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// mirror removes the documents whose file is gone from the folder. A folder that
// suddenly lacks most of its files is more likely a drive that is not there than
// a clean-up: then nothing is removed, and the run says so.
func (s *Scheduler) mirror(ctx context.Context, src *Source, root string, given map[string]bool, out *Outcome) error {
	gone, known, err := s.Library.Pipeline.Gone(ctx, src.Collection, root, given)
	if err != nil || len(gone) == 0 {
		return err
	}
	const few = 10
	if len(given) == 0 || len(gone) > few && 2*len(gone) > known {
		out.note(&out.Warnings, Note{Path: src.From, Reason: fmt.Sprintf(
			"%d af %d filer er væk fra mappen; for en sikkerheds skyld er intet fjernet. Er de slettet med vilje, så slet dokumenterne under Samling", len(gone), known)})
		return nil
	}
	removed, err := s.Library.Pipeline.Forget(ctx, src.Collection, gone)
	for _, f := range removed {
		out.take(f)
	}
	return err
}

func encode(o Outcome) string {
	data, err := json.Marshal(o)
	if err != nil { // strings and numbers only
		panic(err)
	}
	return string(data)
}

// decode reads a remembered run. One that an older version wrote otherwise is
// shown without what it did.
func decode(r corpus.IngestRun) Run {
	run := Run{Started: r.Started, Ended: r.Ended}
	if r.Report != "" {
		_ = json.Unmarshal([]byte(r.Report), &run.Outcome)
	}
	return run
}
