// Package ingest turns sources into documents, sections and passages in the
// store, and brings the indexes up to date with the store. It decides nothing
// about ranking and knows no way in.
package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// parserVersion is raised when the parsers make other sections of the same
// bytes: sources read by an older one are read again.
const parserVersion = 3

// Pipeline reads sources into a store and keeps an index in step with it. Runs
// on one pipeline take turns.
type Pipeline struct {
	store *corpus.Store
	index Index
	check func(text string) error
	turn  sync.Mutex
	// settle is called when the store has changed and the lexical index has
	// followed: it lets the vectors follow.
	settle func(ctx context.Context) error
}

// NewPipeline returns a pipeline into store and index. check is the policy: it
// is given the text of each document before anything is stored, and its error
// refuses the document. An error with a method Offsets() []int tells where.
func NewPipeline(store *corpus.Store, index Index, check func(text string) error) *Pipeline {
	return &Pipeline{store: store, index: index, check: check, settle: func(context.Context) error { return nil }}
}

// Options of one run.
type Options struct {
	Collection string // where the documents go; "" means "lokal"
	Sample     bool   // mark the documents as examples
	Prune      bool   // remove documents of the collection whose source is not among the items
	// Groups are who may read the documents: empty for everyone; nil to leave it to
	// the documents' front matter and to what was said before.
	Groups   []string
	Progress func(Progress)
}

// DefaultCollection takes documents for which no other is named.
const DefaultCollection = "lokal"

// Run reads the items and returns what became of each. A source that cannot be
// read is reported and does not stop the run. Each document is stored whole or
// not at all, so a run that was killed goes on where it was when it is started
// again. The error is about the store, the index or ctx; the report then tells
// what was done until then.
func (p *Pipeline) Run(ctx context.Context, items []source.Item, opts Options) (Report, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	start := time.Now()
	if opts.Collection == "" {
		opts.Collection = DefaultCollection
	}
	if opts.Progress == nil {
		opts.Progress = func(Progress) {}
	}
	r := run{Pipeline: p, Options: opts, items: items, editor: corpus.ReaderOf(ctx)}
	err := r.do(corpus.AsOperator(ctx))
	r.report.Elapsed = time.Since(start)
	r.report.MS = float64(r.report.Elapsed.Microseconds()) / 1000
	return r.report, err
}

// run is the state of one Run.
type run struct {
	*Pipeline
	Options
	items  []source.Item
	editor corpus.Reader
	report Report
}

// result is one item parsed, or the reason why it was not.
type result struct {
	file     File
	record   corpus.Source
	contents *corpus.Contents // nil where nothing new is to be stored
	err      error            // of the store: ends the run
}

// lookAhead bounds how many parsed documents wait to be stored in their order.
const lookAhead = 32

// do reads the items on all cores and stores them in their order, so that two
// runs over the same sources give the same documents, while the index catches
// up beside it.
func (r *run) do(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	indexer := startIndexer(ctx, r.Pipeline, r.Progress)
	err := r.storeAll(ctx, r.readAll(ctx), indexer)
	if err == nil && r.Prune {
		err = r.prune(ctx)
	}
	if err != nil {
		cancel()
	}
	if err := errors.Join(err, indexer.finish(err != nil)); err != nil {
		return err
	}
	return r.settle(ctx)
}

// readAll returns a channel of channels: one result each, in the items' order.
func (r *run) readAll(ctx context.Context) <-chan chan result {
	queue := make(chan chan result, lookAhead)
	go func() {
		defer close(queue)
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		for _, item := range r.items {
			one := make(chan result, 1)
			select {
			case queue <- one:
			case <-ctx.Done():
				return
			}
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				one <- r.readOne(ctx, item)
			}()
		}
		for range cap(slots) { // wait for the last readers
			slots <- struct{}{}
		}
	}()
	return queue
}

func (r *run) storeAll(ctx context.Context, queue <-chan chan result, indexer *indexer) error {
	var first error
	for one := range queue {
		res := <-one
		if first != nil || ctx.Err() != nil {
			continue // let the readers end
		}
		file, err := r.storeOne(ctx, res)
		if err != nil {
			first = err
			continue
		}
		r.report.Add(file)
		if file.Status == Read || file.Status == Replaced {
			indexer.wake()
		}
		r.Progress(Progress{Phase: Reading, Done: len(r.report.Files), Total: len(r.items), File: &file})
	}
	return errors.Join(first, ctx.Err())
}

// readOne reads, checks and parses one source. It runs beside others and
// changes nothing.
func (r *run) readOne(ctx context.Context, item source.Item) result {
	start := time.Now()
	res := result{
		file:   File{Path: item.Path},
		record: corpus.Source{Collection: r.Collection, Path: item.Path, Parser: parserVersion},
	}
	before, known, err := r.store.Source(ctx, r.Collection, item.Path)
	if err != nil {
		res.err = err
		return res
	}
	standing, err := r.standing(ctx, before.Document)
	if errors.Is(err, errTaken) {
		return res.failed(err, start)
	}
	if err != nil {
		res.err = err
		return res
	}
	res.record.Document = before.Document // kept where the new bytes cannot be read
	settled := known && before.Parser == parserVersion && before.Status != transient && !r.regrouped(standing)
	data, err := readItem(ctx, item, before.SHA256, settled)
	if settled && errors.Is(err, source.ErrUnchanged) {
		return res.asBefore(before)
	}
	if err != nil {
		return res.failed(err, start)
	}
	sum := sha256.Sum256(data)
	res.record.SHA256 = hex.EncodeToString(sum[:])
	if settled && before.SHA256 == res.record.SHA256 {
		return res.asBefore(before)
	}
	doc, err := parse.Parse(ctx, item.Path, data)
	if err != nil {
		return res.failed(err, start)
	}
	if err := r.checkText(doc, item.Path); err != nil {
		res.file.Status = Refused
		return res.because(err, start)
	}
	res.contents = build(doc, r.Options, item.Path, res.record.SHA256, data)
	if len(res.contents.Passages) == 0 {
		res.contents = nil
		return res.failed(parse.ErrNoText, start)
	}
	if err := r.grants(&res, doc, standing); err != nil {
		res.contents, res.record.SHA256 = nil, ""
		return res.failed(err, start)
	}
	if r.regrouped(standing) && before.SHA256 == res.record.SHA256 && slices.Equal(standing.Groups, res.contents.Document.Groups) {
		res.contents = nil // its front matter names those who may read it already
		return res.asBefore(before)
	}
	res.file.Status = Read
	if known && before.Document != "" {
		res.file.Status = Replaced
	}
	res.describe(doc, start)
	return res
}

// describe fills in the report's line of a document that was read.
func (res *result) describe(doc *parse.Document, start time.Time) {
	d := &res.contents.Document
	res.file.Document, res.file.Title, res.file.Reader, res.file.Sections = d.ID, d.Title, d.Reader, len(res.contents.Sections)
	res.file.Warnings, res.file.MS = doc.Warnings, milliseconds(start)
}

// readItem reads an item. What is settled need not be sent again by servers that
// can tell.
func readItem(ctx context.Context, item source.Item, known string, settled bool) ([]byte, error) {
	if settled && item.ReadChanged != nil {
		return item.ReadChanged(ctx, known)
	}
	return item.Read(ctx)
}

// transient marks the record of a source that is worth another try with the
// same bytes.
const transient = "transient"

func (res result) failed(err error, start time.Time) result {
	res.file.Status = Failed
	if errors.Is(err, parse.ErrUnsupported) {
		res.file.Status = Skipped
	}
	return res.because(err, start)
}

func (res result) because(err error, start time.Time) result {
	res.file.Err, res.file.Reason, res.file.MS = err, reason(err), milliseconds(start)
	res.file.Document = res.record.Document
	return res
}

// reason is what the report says of an error: the sentence for the user, where
// there is one, without what only a developer needs.
func reason(err error) string {
	for _, known := range []error{parse.ErrEncrypted, parse.ErrNoText, parse.ErrDamaged, parse.ErrTooLarge, parse.ErrTimeout} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}

// asBefore repeats the outcome of the last run for the same bytes.
func (res result) asBefore(before corpus.Source) result {
	res.record = before
	res.file.Document, res.file.Reason = before.Document, before.Reason
	switch res.file.Status = Status(before.Status); res.file.Status {
	case Read, Replaced:
		res.file.Status = Unchanged
	case Refused, Failed, Skipped:
		res.file.Err = errors.New(before.Reason)
	}
	return res
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// storeOne writes one result. It runs alone.
func (r *run) storeOne(ctx context.Context, res result) (File, error) {
	if res.err != nil {
		return res.file, res.err
	}
	if res.contents == nil {
		return res.file, r.storeOutcome(ctx, res)
	}
	id := res.contents.Document.ID
	if _, err := r.standing(ctx, id); errors.Is(err, errTaken) {
		return File{Path: res.file.Path, Status: Failed, Reason: err.Error(), Err: err}, nil
	} else if err != nil {
		return res.file, err
	}
	owner, err := r.store.SourceOf(ctx, id)
	if err != nil {
		return res.file, err
	}
	if owner != nil && (owner.Collection != r.Collection || owner.Path != res.file.Path) {
		res.file.Status = Duplicate
		res.file.Reason = fmt.Sprintf("samme dokument som %s i samlingen %s", owner.Path, owner.Collection)
		res.record.Document = id
		return res.file, r.storeOutcome(ctx, res)
	}
	res.record.Status = string(res.file.Status)
	_, err = r.store.Put(ctx, *res.contents, res.record)
	return res.file, err
}

// storeOutcome records a source that gave no document of its own now.
func (r *run) storeOutcome(ctx context.Context, res result) error {
	if res.file.Status == Unchanged || res.record.SHA256 == "" {
		return nil
	}
	res.record.Status, res.record.Reason = string(res.file.Status), res.file.Reason
	if errors.Is(res.file.Err, parse.ErrTimeout) || errors.Is(res.file.Err, context.Canceled) {
		res.record.Status = transient
	}
	return r.store.PutSource(ctx, res.record)
}

// prune forgets the sources of the collection that were not among the items.
func (r *run) prune(ctx context.Context) error {
	given := map[string]bool{}
	for _, item := range r.items {
		given[item.Path] = true
	}
	sources, err := r.store.Sources(ctx, r.Collection)
	if err != nil {
		return err
	}
	for _, src := range sources {
		if given[src.Path] {
			continue
		}
		if err := r.store.DeleteSource(ctx, src.Collection, src.Path); err != nil {
			return err
		}
		r.report.Add(File{Path: src.Path, Status: Removed, Document: src.Document})
	}
	return nil
}
