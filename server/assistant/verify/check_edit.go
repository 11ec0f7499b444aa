package verify

import "github.com/hjemmel/hjemmel/retrieval/danish"

// edits looks at a claim that repeats the place nearly word for word: there one
// word put in, left out or exchanged shows plainly, whatever the other checks
// make of the sentence.
func (p *place) edits(claim *text) (Reason, string) {
	at := align(claim.words, p.words)
	back := make([]int, len(p.words))
	for j := range back {
		back[j] = -1
	}
	for i, j := range at {
		if j >= 0 {
			back[j] = i
		}
	}
	for i := range claim.words {
		if at[i] >= 0 {
			continue
		}
		switch before, after := neighbour(at, i, -1), neighbour(at, i, 1); {
		case before < 0 || after < 0:
		case after == before+1 && turns(claim.at(i)):
			return Negation, claim.at(i)
		case after == before+2 && back[before+1] < 0:
			if r := exchanges(&claim.words[i], &p.words[before+1]); r != Verified {
				return r, claim.at(i)
			}
		}
	}
	for j := range p.words {
		if back[j] < 0 && turns(p.at(j)) {
			if before, after := neighbour(back, j, -1), neighbour(back, j, 1); before >= 0 && after == before+1 {
				return Negation, p.at(j)
			}
		}
	}
	return Verified, ""
}

// neighbour is what the word beside i stands against, or -1.
func neighbour(at []int, i, step int) int {
	if i+step < 0 || i+step >= len(at) {
		return -1
	}
	return at[i+step]
}

func turns(term string) bool {
	c, ok := operatorWords[term]
	return ok && c == negates
}

// exchanges tells what it means that x stands in the very place of y.
func exchanges(x, y *word) Reason {
	cx, isX := operatorWords[x.Term]
	cy, isY := operatorWords[y.Term]
	bx, boundX := bounds[x.Term]
	by, boundY := bounds[y.Term]
	switch {
	case likeness(x, y) >= 0.9:
		return Verified
	case isX && isY && cx == cy, boundX && boundY && bx.side() == by.side():
		return Verified
	case isX && cx == negates, isY && cy == negates:
		return Negation
	case isX && isY:
		return Modality
	case boundX && boundY && !slight[x.Term] && !slight[y.Term]:
		return Comparator
	case x.actor != nobody && y.actor != nobody && !x.stands(y):
		return Actor
	case x.actor.authority() && y.actor == nobody && y.Kind == danish.Word && y.carries():
		return Actor
	}
	return Verified
}

// slight comparators are also plain prepositions and nouns.
var slight = set("til fra frist fristen fyldt fyldte fylder")

// align pairs the words of two texts in their order, as many as possible. It
// returns for each of a the index in b, or -1.
func align(a, b []word) []int {
	n, m := len(a), len(b)
	longest := make([][]int16, n+1)
	for i := range longest {
		longest[i] = make([]int16, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[i].Term == b[j].Term {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	out := make([]int, n)
	for i, j := 0, 0; i < n; {
		switch {
		case j < m && a[i].Term == b[j].Term:
			out[i] = j
			i, j = i+1, j+1
		case j < m && longest[i][j+1] >= longest[i+1][j]:
			j++
		default:
			out[i] = -1
			i++
		}
	}
	return out
}

// inOrder is the share of a's words that stand in b in the same order.
func inOrder(a, b []word) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for _, j := range align(a, b) {
		if j >= 0 {
			n++
		}
	}
	return float64(n) / float64(len(a))
}
