// Package lexical ranks passages by their words. It keeps an inverted index in
// Bleve's scorch and scores BM25 over its postings; the text itself stays in the
// store. It reads no store and knows no references.
package lexical

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// analysisVersion is raised when the analysis gives other terms: an index made
// by another version is built anew.
const analysisVersion = "3"

// ErrCorrupt and ErrVersion say that the index cannot be used: delete its
// folder and build it again from the store.
var (
	ErrCorrupt = errors.New("the index is damaged")
	ErrVersion = errors.New("the index was made by another version of the analysis")
)

// Entry is one section with its passages.
type Entry struct {
	Section  corpus.Section
	Document corpus.Document
	Passages []corpus.Passage
}

// DocumentEntries is a whole document.
type DocumentEntries struct {
	Document corpus.Document
	Entries  []Entry
}

// Index is an inverted index of passages. It is safe for concurrent use; writes
// take turns.
type Index struct {
	scorch   index.Index
	queue    *index.AnalysisQueue
	readOnly bool
	cleanup  func() error // removes a reader's snapshot folder

	postings     *postingsCache
	vocabularies vocabularies

	writing sync.Mutex

	mu         sync.RWMutex // guards what follows
	documents  map[string]*record
	arriving   map[string][]string // document → access groups, from before its passages are written until it is among documents
	generation uint64              // raised by every write; caches are of one generation
	caches     caches
}

// record is what the index keeps of a document, in one internal value that is
// written in the same batch as its passages: they are both there or neither.
type record struct {
	Revision   int64       `json:"revision"`
	Collection string      `json:"collection"`
	Kind       corpus.Kind `json:"kind"`
	From       corpus.Date `json:"from,omitempty"`
	To         corpus.Date `json:"to,omitempty"`
	Groups     []string    `json:"groups,omitempty"` // who may read it; none means everyone
	Passages   []string    `json:"passages"`         // ids without the document's own
	Words      int         `json:"words"`            // length of all passages in fieldText
	Titles     int         `json:"titles"`           // in fieldTitle
	Grams      int         `json:"grams"`            // in fieldGrams
}

func (r *record) inForce(day corpus.Date) bool {
	d := corpus.Document{InForceFrom: r.From, InForceTo: r.To}
	return d.InForce(day)
}

var (
	versionKey = []byte("version")
	recordKey  = func(document string) []byte { return []byte("document/" + document) }
)

// lockWait is how long opening waits for another process that holds the index:
// long enough for one that is just closing.
const lockWait = "2s"

// Open opens the index in dir, and creates it unless readOnly is set. A
// read-only index shows the state at its opening, also while another process
// writes. It fails with ErrCorrupt or ErrVersion.
func Open(dir string, readOnly bool) (*Index, error) {
	if readOnly {
		return openReader(dir)
	}
	existed := exists(dir)
	x, err := open(dir, false, lockWait)
	if err != nil {
		return nil, err
	}
	version, err := x.internal(versionKey)
	if err == nil && version == nil && existed {
		err = fmt.Errorf("%w: %s: none of its snapshots can be read", ErrCorrupt, dir) // scorch goes on with nothing
	} else if err == nil && version == nil {
		batch := index.NewBatch()
		batch.SetInternal(versionKey, []byte(analysisVersion))
		err = x.scorch.Batch(batch)
	} else if err == nil && string(version) != analysisVersion {
		err = ErrVersion
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// open opens scorch, which panics on some damaged files, and loads the records.
func open(dir string, readOnly bool, wait string) (x *Index, err error) {
	queue := index.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	defer func() {
		if r := recover(); r != nil {
			queue.Close()
			x, err = nil, fmt.Errorf("%w: %s: %v", ErrCorrupt, dir, r)
		}
	}()
	config := map[string]any{"path": dir, "read_only": readOnly, "bolt_timeout": wait}
	s, err := scorch.NewScorch(scorch.Name, config, queue)
	if err == nil {
		err = s.Open()
	}
	if err != nil {
		queue.Close()
		if strings.Contains(err.Error(), "timeout") {
			return nil, fmt.Errorf("opening the index %s: %w", dir, err)
		}
		return nil, fmt.Errorf("%w: %s: %w", ErrCorrupt, dir, err)
	}
	x = &Index{scorch: s, queue: queue, readOnly: readOnly, postings: newPostingsCache(), documents: map[string]*record{}}
	if err := x.examine(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrCorrupt, dir, err), x.Close())
	}
	return x, nil
}

// Close releases the files.
func (x *Index) Close() error {
	x.vocabularies.background.Wait()
	err := x.scorch.Close()
	x.queue.Close()
	if x.cleanup != nil {
		err = errors.Join(err, x.cleanup())
	}
	return err
}

func (x *Index) internal(key []byte) ([]byte, error) {
	reader, err := x.scorch.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return reader.GetInternal(key)
}

// load reads the records of all documents.
func (x *Index) load() error {
	reader, err := x.scorch.Reader()
	if err != nil {
		return err
	}
	defer reader.Close()
	dict, err := reader.FieldDict(fieldDocument)
	if err != nil {
		return err
	}
	defer dict.Close()
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return err
		}
		data, err := reader.GetInternal(recordKey(entry.Term))
		if err != nil {
			return err
		}
		if data == nil {
			continue // deleted; its terms stay until segments merge
		}
		r := &record{}
		if err := json.Unmarshal(data, r); err != nil {
			return fmt.Errorf("record of %s: %w", entry.Term, err)
		}
		x.documents[entry.Term] = r
	}
}

// Revisions returns the revision with which each document was indexed.
func (x *Index) Revisions(context.Context) (map[string]int64, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := make(map[string]int64, len(x.documents))
	for id, r := range x.documents {
		out[id] = r.Revision
	}
	return out, nil
}

// Put is PutMany for one document.
func (x *Index) Put(ctx context.Context, doc corpus.Document, entries []Entry) error {
	return x.PutMany(ctx, []DocumentEntries{{Document: doc, Entries: entries}})
}

// PutMany replaces all that the index holds of the documents, in one batch: after
// a crash either all of it is there or nothing.
func (x *Index) PutMany(ctx context.Context, docs []DocumentEntries) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	batch := index.NewBatch()
	records := map[string]*record{}
	for i := range docs {
		doc := &docs[i].Document
		x.deletePassages(batch, doc.ID)
		r := addPassages(batch, &docs[i])
		data, err := json.Marshal(r)
		if err != nil {
			return err
		}
		batch.SetInternal(recordKey(doc.ID), data)
		records[doc.ID] = r
	}
	// A search must not find a passage before it knows who may read it.
	x.announce(docs)
	defer x.announce(nil)
	return x.apply(batch, func() {
		for id, r := range records {
			x.documents[id] = r
		}
	})
}

// announce says which documents with access groups are being written.
func (x *Index) announce(docs []DocumentEntries) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if clear(x.arriving); x.arriving == nil {
		x.arriving = map[string][]string{}
	}
	for i := range docs {
		if d := &docs[i].Document; len(d.Groups) > 0 {
			x.arriving[d.ID] = d.Groups
		}
	}
	if len(docs) > 0 && len(x.arriving) > 0 {
		x.generation++
	}
}

// Delete removes a document; one that the index does not hold is no error.
func (x *Index) Delete(ctx context.Context, document string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	batch := index.NewBatch()
	x.deletePassages(batch, document)
	batch.DeleteInternal(recordKey(document))
	return x.apply(batch, func() { delete(x.documents, document) })
}

// apply writes the batch and then shows it to searches.
func (x *Index) apply(batch *index.Batch, change func()) error {
	if err := x.scorch.Batch(batch); err != nil {
		return fmt.Errorf("writing the index: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	change()
	x.generation++
	return nil
}

func (x *Index) deletePassages(batch *index.Batch, document string) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if r := x.documents[document]; r != nil {
		for _, id := range r.Passages {
			batch.Delete(document + id)
		}
	}
}

// addPassages puts the passages of a document into the batch. An update of an
// id overrules its deletion in the same batch.
func addPassages(batch *index.Batch, d *DocumentEntries) *record {
	doc := &d.Document
	r := &record{Revision: doc.Revision, Collection: doc.Collection, Kind: doc.Kind, From: doc.InForceFrom, To: doc.InForceTo, Groups: doc.Groups}
	for i := range d.Entries {
		for j := range d.Entries[i].Passages {
			p := &d.Entries[i].Passages[j]
			fields := passageFields(doc, p)
			batch.Update(fields)
			r.Passages = append(r.Passages, strings.TrimPrefix(p.ID, doc.ID))
			r.Words += fields.text.length
			r.Titles += fields.title.length
			r.Grams += fields.grams.length
		}
	}
	return r
}

// exists tells whether dir holds an index.
func exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "root.bolt"))
	return err == nil
}
