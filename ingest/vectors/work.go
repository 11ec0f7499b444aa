package vectors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

const (
	// workTexts is how many texts are taken on at once: enough to find batches
	// of similar length, few enough that a document is searchable soon.
	workTexts = 256
	// batchTexts are embedded in one call: a second or so, which is what a
	// question that interrupts them costs.
	batchTexts = 8
	maxWanted  = 1000
)

// text is a text without a vector.
type text struct {
	hash corpus.TextHash
	text string
}

// work is what is embedded before the index is brought up to date again.
type work struct {
	documents []string
	texts     []text
	urgent    bool // questions wait for it
}

// next chooses what to embed, or returns nil where nothing is left.
func (b *Builder) next(ctx context.Context) (*work, error) {
	if documents, passages := b.takeWanted(); len(documents) > 0 {
		w := &work{urgent: true}
		for _, id := range documents {
			if err := b.collect(ctx, w, id, passages); err != nil {
				return nil, err
			}
		}
		if len(w.texts) > 0 {
			return w, nil
		}
	}
	queue, err := b.order(ctx)
	if err != nil || len(queue) == 0 {
		return nil, err
	}
	w := &work{}
	for _, id := range queue {
		if err := b.collect(ctx, w, id, nil); err != nil {
			return nil, err
		}
		if len(w.texts) >= workTexts {
			w.texts = w.texts[:workTexts]
			break
		}
	}
	return w, nil
}

// collect adds a document's texts without vectors to w: those of the passages
// in only, or all.
func (b *Builder) collect(ctx context.Context, w *work, id string, only map[string]bool) error {
	w.documents = append(w.documents, id)
	doc, err := b.store.Document(ctx, id)
	if errors.Is(err, corpus.ErrNotFound) {
		return nil // deleted meanwhile: Sync forgets it
	}
	if err != nil {
		return err
	}
	vectors, err := b.passages(ctx, id)
	if err != nil {
		return err
	}
	missing := map[string]corpus.TextHash{}
	for _, v := range vectors {
		if v.Codes == nil && (only == nil || only[v.Passage]) {
			missing[v.Passage] = v.Text
		}
	}
	passages, err := b.store.PassagesOf(ctx, id)
	if err != nil {
		return err
	}
	for _, p := range passages {
		hash, ok := missing[p.ID]
		if !ok {
			continue
		}
		embedded := corpus.EmbeddedText(doc.Title, p.Text)
		if hash != corpus.HashText(embedded) {
			// The document was replaced between two looks at it, or hashed by
			// another rule: it will be its turn again.
			return b.store.HashTexts(ctx, id)
		}
		w.texts = append(w.texts, text{hash, embedded})
	}
	return nil
}

// takeWanted empties the list of wanted passages and names their documents.
func (b *Builder) takeWanted() (documents []string, passages map[string]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	passages = map[string]bool{}
	for _, id := range b.wanted {
		document, _, _ := strings.Cut(id, "#")
		if _, lacks := b.lacking[document]; lacks {
			passages[id] = true
			documents = append(documents, document)
		}
	}
	b.wanted = nil
	slices.Sort(documents)
	return slices.Compact(documents), passages
}

// order returns the documents that lack vectors: in force before superseded,
// then the most cited first.
func (b *Builder) order(ctx context.Context) ([]string, error) {
	b.mu.Lock()
	queue, lacking := b.queue, make(map[string]bool, len(b.lacking))
	for id := range b.lacking {
		lacking[id] = true
	}
	b.mu.Unlock()
	if queue == nil {
		docs, err := b.store.Documents(ctx, corpus.DocumentFilter{})
		if err != nil {
			return nil, err
		}
		citations, err := b.citations(ctx)
		if err != nil {
			return nil, err
		}
		rank := func(d *corpus.Document) int {
			cited, _ := citations.Of(d, "")
			if !d.InForce("") {
				return -1
			}
			return cited
		}
		slices.SortStableFunc(docs, func(x, y corpus.Document) int {
			return cmp.Or(cmp.Compare(rank(&y), rank(&x)), cmp.Compare(x.ID, y.ID))
		})
		for _, d := range docs {
			queue = append(queue, d.ID)
		}
	}
	queue = slices.DeleteFunc(slices.Clone(queue), func(id string) bool { return !lacking[id] })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = queue
	return queue, nil
}

// recount is how old the counts of citations may be that order the work: while
// documents come in they change all the time, and counting takes seconds where
// there are millions.
const recount = 10 * time.Minute

func (b *Builder) citations(ctx context.Context) (corpus.Citations, error) {
	b.mu.Lock()
	counts, at := b.counts, b.countedAt
	b.mu.Unlock()
	if !at.IsZero() && time.Since(at) < recount {
		return counts, nil
	}
	counts, err := b.store.Citations(ctx, "")
	if err != nil {
		return counts, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts, b.countedAt = counts, time.Now()
	return counts, nil
}

// embed embeds and stores the texts of w, shortest first, so that a batch holds
// texts of similar length. It returns early when a question wants something
// else. Sync then indexes what is there.
func (b *Builder) embed(ctx context.Context, w *work, progress func(Progress)) error {
	slices.SortFunc(w.texts, func(x, y text) int {
		return cmp.Or(cmp.Compare(len(x.text), len(y.text)), slices.Compare(x.hash[:], y.hash[:]))
	})
	w.texts = slices.CompactFunc(w.texts, func(x, y text) bool { return x.hash == y.hash })
	defer b.lookAgain(w.documents)
	for batch := range slices.Chunk(w.texts, batchTexts) {
		if !w.urgent && b.urgent() {
			return nil
		}
		vectors, err := b.embedBatch(ctx, batch)
		if err != nil {
			return fmt.Errorf("embedding: %w", err)
		}
		stored := make([]corpus.TextVector, len(batch))
		for i, t := range batch {
			stored[i] = encode(t.hash, vectors[i])
		}
		if _, err := b.store.PutVectors(ctx, b.model.Model(), stored); err != nil {
			return err
		}
		b.advance(len(batch))
		if progress != nil {
			progress(b.Progress())
		}
	}
	return nil
}

// embedBatch embeds one batch; where a question interrupts it, it is begun anew
// once the question is answered.
func (b *Builder) embedBatch(ctx context.Context, batch []text) ([][]float32, error) {
	texts := make([]string, len(batch))
	for i := range batch {
		texts[i] = batch[i].text
	}
	for {
		turn, end, err := b.waitForTurn(ctx)
		if err != nil {
			return nil, err
		}
		vectors, err := b.model.Passages(turn, texts)
		interrupted := turn.Err() != nil && ctx.Err() == nil
		end()
		if err != nil && interrupted {
			continue
		}
		if err == nil && len(vectors) != len(texts) {
			err = fmt.Errorf("the model gave %d vectors for %d texts", len(vectors), len(texts))
		}
		return vectors, err
	}
}

// lookAgain makes the next Sync load the documents.
func (b *Builder) lookAgain(documents []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed = append(b.changed, documents...)
}

func (b *Builder) takeChanged() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed := b.changed
	b.changed = nil
	return changed
}

func (b *Builder) urgent() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.wanted) > 0
}
