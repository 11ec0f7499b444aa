package verify

import "github.com/hjemmel/hjemmel/retrieval/citation"

// facts_ holds every figure and reference of the claim against the place.
func (p *place) facts_(claim *text) (Reason, string) {
	used := map[string]int{}
	for i := range claim.facts {
		f := &claim.facts[i]
		if f.dim == dimRef {
			if !p.refers(f) {
				return Reference, f.value
			}
			continue
		}
		if r := p.states(claim, f); r != Verified {
			return r, f.value
		}
		used[string(f.dim)+f.value]++
		if used[string(f.dim)+f.value] > p.count(f) {
			return Number, f.value
		}
	}
	return p.acts(claim)
}

func (p *place) count(f *fact) int {
	n := 0
	for i := range p.facts {
		if p.facts[i].dim == f.dim && p.facts[i].value == f.value {
			n++
		}
	}
	return n
}

// refers tells whether the place cites the provision, or is it.
func (p *place) refers(f *fact) bool {
	for _, t := range []*text{p.text, p.context} {
		for i := range t.facts {
			if t.facts[i].dim == dimRef && t.facts[i].value == f.value {
				return true
			}
		}
	}
	return false
}

// acts tells whether the acts that the claim names are named in the place or
// are the source's own.
func (p *place) acts(claim *text) (Reason, string) {
	for _, r := range citation.Parse(claim.raw) {
		if r.Act == "" {
			continue
		}
		found := false
		for _, text := range []string{p.raw, p.source.Reference, p.whole.raw} {
			for _, have := range citation.Parse(text) {
				found = found || have.Act == r.Act && have.Section == r.Section
			}
		}
		if !found {
			return Reference, r.Raw
		}
	}
	return Verified, ""
}

// states tells whether the place has the figure in the same sense, and not
// another figure of its kind in the claim's words.
func (p *place) states(claim *text, f *fact) Reason {
	bestSame, bestOther := -1.0, -1.0
	bound := false
	for i := range p.facts {
		g := &p.facts[i]
		if g.dim != f.dim && !(f.dim == dimShare && g.dim == dimShare) {
			continue
		}
		score := p.nearness(claim, f, g)
		switch {
		case g.value != f.value:
			bestOther = max(bestOther, score)
		case !f.bound.agrees(g.bound):
			bound = true
		default:
			bestSame = max(bestSame, score)
		}
	}
	switch {
	case bestSame < 0 && bound:
		return Comparator
	case bestSame < 0:
		return Number
	case bestOther > bestSame+0.01:
		return Number
	}
	return Verified
}

// window is how many words on either side of a figure tell what it is about.
const window = 7

// nearness tells how much the words around two figures have in common.
func (p *place) nearness(claim *text, f, g *fact) float64 {
	sum := 0.0
	for i := max(0, f.from-window); i < min(len(claim.words), f.to+window+1); i++ {
		w := &claim.words[i]
		if !w.carries() {
			continue
		}
		near := 1 / (1 + 0.15*float64(distance(i, f)))
		best := 0.0
		for j := max(0, g.from-window); j < min(len(p.words), g.to+window+1); j++ {
			if s := &p.words[j]; s.carries() {
				best = max(best, likeness(w, s)/(1+0.15*float64(distance(j, g))))
			}
		}
		sum += near * best
	}
	return sum
}

func distance(i int, f *fact) int {
	switch {
	case i < f.from:
		return f.from - i
	case i > f.to:
		return i - f.to
	}
	return 0
}
