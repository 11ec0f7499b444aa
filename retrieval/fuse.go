package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// actBest is how many of an act's best sections count for its bonus (DESIGN 7).
const actBest = 3

// rescore adds the document priors and the act's bonus to hits, and orders them.
func (e *Engine) rescore(ctx context.Context, hits []lexical.Hit, day corpus.Date) error {
	prior, err := e.priors(ctx, hits, day)
	if err != nil {
		return err
	}
	for i := range hits {
		hits[i].Score += prior[i]
	}
	addActBonus(hits, e.recipe.ActBonus)
	slices.SortStableFunc(hits, func(a, b lexical.Hit) int { return cmp.Compare(b.Score, a.Score) })
	return nil
}

// priors returns what citations of act and section add to each hit.
func (e *Engine) priors(ctx context.Context, hits []lexical.Hit, day corpus.Date) ([]float64, error) {
	citations, err := e.prior.citations(ctx, e.store, day)
	if err != nil {
		return nil, fmt.Errorf("reading the reference graph: %w", err)
	}
	acts, sections := make([]float64, len(hits)), make([]float64, len(hits))
	for i, h := range hits {
		doc := e.prior.document(ctx, e.store, h.Document)
		_, local, _ := strings.Cut(h.Section, "#")
		act, section := citations.Of(&doc, local)
		acts[i], sections[i] = math.Log1p(float64(act)), math.Log1p(float64(section))
	}
	overMaximum(acts, e.recipe.ActPrior)
	overMaximum(sections, e.recipe.SectionPrior)
	for i := range acts {
		acts[i] += sections[i]
	}
	return acts, nil
}

// overMaximum scales the values to weight at their maximum.
func overMaximum(values []float64, weight float64) {
	if len(values) == 0 {
		return
	}
	if best := slices.Max(values); best > 0 {
		for i := range values {
			values[i] *= weight / best
		}
	}
}

// addActBonus lifts the sections of acts of which several match: the mean of
// the act's three best scores, missing ones counted as 0, times weight.
func addActBonus(hits []lexical.Hit, weight float64) {
	best := map[string][]float64{}
	for _, h := range hits {
		best[h.Document] = append(best[h.Document], h.Score)
	}
	bonus := make(map[string]float64, len(best))
	for document, scores := range best {
		slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
		for _, s := range scores[:min(actBest, len(scores))] {
			bonus[document] += weight * s / actBest
		}
	}
	for i := range hits {
		hits[i].Score += bonus[hits[i].Document]
	}
}
