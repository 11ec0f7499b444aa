package assistant

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/hjemmel/hjemmel/retrieval/embed"
)

// meaning compares the sentences that may answer with the question by their
// vectors. The search has passages' vectors only; a passage that holds the
// answer among other rules is near to nothing in particular.
type meaning struct {
	model embed.Embedder
	turns chan struct{}                 // how many questions may embed at once
	now   atomic.Int64                  // questions that are being searched and weighed
	known *lru.Cache[string, []float32] // vectors by text: the same rules are read again and again
}

const (
	// nearness is what a full step of cosine adds to a section's score, and farthest
	// how far below the nearest one counts that was not compared. Both chosen on the
	// development half of eval/suites/answers by cross-validation: the first source
	// is right for 0.53 of the questions without, for 0.58 with; comparing two or
	// three sentences of each section gives no more than one.
	nearness = 10
	farthest = 0.06
	// compared is how many sections are compared, by their best sentence: each costs
	// about 10 ms on one core.
	compared = 12
	// comparedBytes is how much of a sentence is embedded: the rest of a long list
	// changes little and costs much.
	comparedBytes = 500
	// crowd is how many questions for each core may be weighed at once before none
	// is compared: the comparison of one question costs as much as weighing ten by
	// their words, and the others wait for it.
	crowd = 2
	// knownSentences bounds the cache: 1.5 kB each.
	knownSentences = 8192
)

// WithMeaning returns an assistant that also weighs how near in meaning a
// sentence is to the question, and otherwise does the same as a. Where more
// questions come in than there are cores, those that would have to wait are
// answered without, and where many more do, all are.
func (a *Assistant) WithMeaning(model embed.Embedder) *Assistant {
	known, err := lru.New[string, []float32](knownSentences)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	with := *a
	with.meaning = &meaning{model: model, turns: make(chan struct{}, runtime.GOMAXPROCS(0)), known: known}
	return &with
}

// enter counts a question that is being weighed, until leave is called.
func (m *meaning) enter() (leave func()) {
	m.now.Add(1)
	return func() { m.now.Add(-1) }
}

// compare lowers the scores of sections by how much farther from the question
// their best sentence is than the nearest one. It returns the cosine of the
// nearest, and false where nothing was compared: the words then decide alone.
func (m *meaning) compare(ctx context.Context, question string, places []*place) (best float64, ok bool) {
	if m.now.Load() > int64(crowd*cap(m.turns)) {
		return 0, false
	}
	select {
	case m.turns <- struct{}{}:
		defer func() { <-m.turns }()
	default:
		return 0, false
	}
	chosen := toCompare(places)
	if len(chosen) == 0 {
		return 0, false
	}
	query, err := m.model.Queries(ctx, []string{question})
	if err != nil {
		return 0, false
	}
	vectors, err := m.vectors(ctx, chosen)
	if err != nil {
		return 0, false
	}
	best = -1
	near := map[*place]float64{}
	for i, r := range chosen {
		for d, x := range query[0] {
			near[r.place] += float64(x) * float64(vectors[i][d])
		}
		best = max(best, near[r.place])
	}
	for _, p := range places {
		step := -farthest
		if v, compared := near[p]; compared {
			step = v - best
		}
		for i := range p.units {
			p.units[i].score += nearness * step
		}
	}
	return best, true
}

// toCompare chooses the best sentence of the sections that the words speak for.
func toCompare(places []*place) []ranked {
	var chosen []ranked
	for _, p := range places {
		top := 0
		for i := range p.units {
			if p.units[i].score > p.units[top].score {
				top = i
			}
		}
		if len(p.units) > 0 {
			chosen = append(chosen, ranked{p, top})
		}
	}
	slices.SortStableFunc(chosen, func(a, b ranked) int { return cmp.Compare(b.get().score, a.get().score) })
	return chosen[:min(len(chosen), compared)]
}

// vectors embeds the chosen sentences, each after the name of its document: that
// tells which of two acts with the same words is meant.
func (m *meaning) vectors(ctx context.Context, chosen []ranked) ([][]float32, error) {
	out := make([][]float32, len(chosen))
	var texts []string
	var at []int
	for i, r := range chosen {
		text := r.place.unitText(r.get())
		if v, ok := m.known.Get(text); ok {
			out[i] = v
			continue
		}
		texts, at = append(texts, text), append(at, i)
	}
	if len(texts) == 0 {
		return out, nil
	}
	vectors, err := m.model.Passages(ctx, texts)
	if err != nil {
		return nil, err
	}
	for i, v := range vectors {
		out[at[i]] = v
		m.known.Add(texts[i], v)
	}
	return out, nil
}

func (p *place) unitText(u *candidate) string {
	text := u.in(p.sec.Text)
	if len(text) > comparedBytes {
		text = text[:comparedBytes] // half a letter at the end is no harm to a tokeniser
	}
	return shortName(&p.doc) + ". " + text
}
