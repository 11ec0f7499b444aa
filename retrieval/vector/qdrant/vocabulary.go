package qdrant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// The vocabulary lies in points of a few hundred kilobytes, lines of word, tab,
// passages that hold it in their text, tab, and in their context line. The head
// names the version whose parts count, so that a reader sees one vocabulary or
// the other.
const partBytes = 256 << 10

const (
	fieldParts    = "parts"
	fieldPassages = "passages"
	fieldCommon   = "common" // grams
)

const maxParts = 10_000

func headID() *api.PointId { return id(roleVocabulary) }

func partID(version int64, part int) *api.PointId {
	return id(roleVocabulary, strconv.FormatInt(version, 10), strconv.Itoa(part))
}

// PutVocabulary publishes the words by which other servers analyse queries.
func (x *Index) PutVocabulary(ctx context.Context, v *lexical.Vocabulary) error {
	if x.ReadOnly {
		return ErrReadOnly
	}
	version := x.generation.Add(1)
	parts := encodeVocabulary(v)
	for i, text := range parts {
		if err := x.upsert(ctx, textPoint(partID(version, i), map[string]any{fieldVersion: version, fieldText: text})); err != nil {
			return fmt.Errorf("publishing the vocabulary: %w", err)
		}
	}
	err := x.upsert(ctx, textPoint(headID(), map[string]any{
		fieldVersion: version, fieldParts: len(parts), fieldPassages: v.Passages, fieldCommon: list(v.CommonGrams()),
	}))
	if err == nil {
		err = x.remove(ctx, &api.Filter{
			Must:    []*api.Condition{api.NewMatchKeyword(fieldRole, roleVocabulary)},
			MustNot: []*api.Condition{api.NewMatchInt(fieldVersion, version)},
		})
	}
	if err != nil {
		return fmt.Errorf("publishing the vocabulary: %w", err)
	}
	return nil
}

func textPoint(id *api.PointId, fields map[string]any) *api.PointStruct {
	fields[fieldRole] = roleVocabulary
	return &api.PointStruct{Id: id, Payload: api.NewValueMap(fields), Vectors: api.NewVectorsMap(map[string]*api.Vector{})}
}

func encodeVocabulary(v *lexical.Vocabulary) []string {
	text, title := v.Words()
	stems := maps.Clone(text)
	for stem := range title {
		stems[stem] = text[stem]
	}
	var parts []string
	var b strings.Builder
	for _, stem := range slices.Sorted(maps.Keys(stems)) {
		fmt.Fprintf(&b, "%s\t%d\t%d\n", stem, text[stem], title[stem])
		if b.Len() >= partBytes {
			parts = append(parts, b.String())
			b.Reset()
		}
	}
	return append(parts, b.String())
}

func decodeVocabulary(passages int, parts, common []string) (*lexical.Vocabulary, error) {
	text, title := map[string]int{}, map[string]int{}
	for line := range strings.Lines(strings.Join(parts, "")) {
		stem, counts, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		inText, inTitle, _ := strings.Cut(counts, "\t")
		n, err1 := strconv.Atoi(inText)
		m, err2 := strconv.Atoi(inTitle)
		if err := errors.Join(err1, err2); err != nil || n < 0 || m < 0 {
			return nil, fmt.Errorf("the vocabulary in qdrant cannot be read at %q", line)
		}
		if n > 0 {
			text[stem] = n
		}
		if m > 0 {
			title[stem] = m
		}
	}
	return lexical.NewVocabulary(passages, text, title, common), nil
}

// lookAgain is how long a vocabulary is used without asking whether there is a
// newer one. Words that it lacks are searched for all the same.
const lookAgain = 5 * time.Second

// vocabularyCache holds the vocabulary that was read last.
type vocabularyCache struct {
	mu      sync.Mutex
	current *lexical.Vocabulary
	version int64
	looked  time.Time
	looking bool
}

// get returns the vocabulary. Only the first search waits for it; later ones use
// what there is while a newer one is read beside them.
func (c *vocabularyCache) get(ctx context.Context, x *Index) (*lexical.Vocabulary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.current == nil:
		v, version, err := x.readVocabulary(ctx, 0)
		if err != nil {
			return nil, err
		}
		c.current, c.version, c.looked = v, version, time.Now()
	case !c.looking && time.Since(c.looked) > lookAgain:
		c.looking = true
		have := c.version
		x.background.Go(func() { c.renew(context.WithoutCancel(ctx), x, have) })
	}
	return c.current, nil
}

// renew reads a newer vocabulary. Where that fails, the next search tries again.
func (c *vocabularyCache) renew(ctx context.Context, x *Index, have int64) {
	v, version, err := x.readVocabulary(ctx, have)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looking, c.looked = false, time.Now()
	if err == nil && v != nil {
		c.current, c.version = v, version
	}
}

// vocabularyTries: the parts may be replaced while they are read.
const vocabularyTries = 3

// readVocabulary returns the vocabulary and its version; nil where that is have.
// An empty one stands for one that was never published.
func (x *Index) readVocabulary(ctx context.Context, have int64) (*lexical.Vocabulary, int64, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	for range vocabularyTries {
		head, err := x.read(ctx, headID())
		if err != nil {
			return nil, 0, err
		}
		if len(head) == 0 {
			return lexical.NewVocabulary(0, nil, nil, nil), 0, nil
		}
		fields := head[0].GetPayload()
		version, parts := fields[fieldVersion].GetIntegerValue(), int(fields[fieldParts].GetIntegerValue())
		if version == have {
			return nil, have, nil
		}
		if parts < 0 || parts > maxParts {
			return nil, 0, fmt.Errorf("the vocabulary in qdrant has %d parts", parts)
		}
		ids := make([]*api.PointId, parts)
		for i := range ids {
			ids[i] = partID(version, i)
		}
		points, err := x.read(ctx, ids...)
		if err != nil {
			return nil, 0, err
		}
		if len(points) < parts {
			continue
		}
		// Lines are cut between parts, and each says all of its word: any order does.
		texts := make([]string, len(points))
		for i, p := range points {
			texts[i] = p.GetPayload()[fieldText].GetStringValue()
		}
		var common []string
		for _, gram := range fields[fieldCommon].GetListValue().GetValues() {
			common = append(common, gram.GetStringValue())
		}
		v, err := decodeVocabulary(int(fields[fieldPassages].GetIntegerValue()), texts, common)
		return v, version, err
	}
	return nil, 0, errors.New("the vocabulary in qdrant changes faster than it can be read")
}

func (x *Index) read(ctx context.Context, ids ...*api.PointId) ([]*api.RetrievedPoint, error) {
	points, err := x.client.Get(ctx, &api.GetPoints{CollectionName: x.Collection, Ids: ids, WithPayload: api.NewWithPayload(true)})
	return points, x.explain(err)
}
