package assistant

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// clause is a sentence, or a lead-in with its list, of a text that is summed up.
type clause struct {
	unit
	sec    *corpus.Section
	part   string             // the heading under which it is said
	text   string             // plain
	terms  map[string]float64 // tf-idf over stems, of unit length
	watch  Role               // the kind of point to watch that it is, or ""
	weight float64            // centrality and legal weight together
	said   Role               // what it was chosen as
}

// digestion is a text taken apart to be summed up.
type digestion struct {
	clauses []*clause // in the text's order
	parts   []string  // in the text's order
}

// Weights of what makes a clause a key point. Centrality is Radev's centroid
// (Radev et al. 2004, "Centroid-based summarization of multiple documents"):
// nearness to the words of the part and of the whole text. To it comes what
// makes a clause weigh in law: it binds or entitles, opens its §, and other
// sections build on that §.
const (
	partCentrality  = 0.40
	wholeCentrality = 0.20
	opensSection    = 0.18
	opensPart       = 0.12
	binds           = 0.20
	builtOn         = 0.20 // at the most cited section
	sideIssue       = 0.35 // commencement, penalties, who may make rules
	exceptional     = 0.12
	bigPart         = 0.25 // in the largest part of the text
	purpose         = 0.50 // what the whole is for, and whom it concerns
	tooLong         = 0.15 // at 1,200 bytes
	tooShort        = 0.25 // below 40 bytes
	repeated        = 0.60 // the share of words in common that makes two points one
)

// digest cuts the sections into clauses and weighs them.
func digest(doc corpus.Document, sections []corpus.Section) *digestion {
	d := &digestion{}
	for i := range sections {
		s := &sections[i]
		if s.Repealed || strings.Contains(s.ID, "~") { // reprinted closing provisions of amending acts
			continue
		}
		part := headingOf(doc, s)
		if !slices.Contains(d.parts, part) {
			d.parts = append(d.parts, part)
		}
		for _, u := range units(s) {
			c := &clause{unit: u, sec: s, part: part, text: plain(u.in(s.Text))}
			if strings.Contains(c.text, " ophævet ") && u.end-u.start < 40 || containsAny(c.text, formalities) {
				continue
			}
			d.clauses = append(d.clauses, c)
		}
	}
	d.vectors(doc.Language)
	d.weigh(citedWithin(sections))
	return d
}

// headingOf is the heading under which a section's points are told: its chapter in
// an act, its own heading in a guideline.
func headingOf(doc corpus.Document, s *corpus.Section) string {
	if len(s.Path) > 1 {
		return strings.Join(s.Path[:len(s.Path)-1], " › ")
	}
	if strings.HasPrefix(s.Label, "§") {
		return ""
	}
	if len(s.Path) == 1 {
		return s.Path[0]
	}
	return s.Heading
}

// vectors gives each clause its words, weighed by how rare they are among the
// clauses.
func (d *digestion) vectors(lang string) {
	df := map[string]float64{}
	for _, c := range d.clauses {
		c.terms = map[string]float64{}
		for _, t := range danish.Tokens(c.in(c.sec.Text)) {
			if t.Kind != danish.Word || danish.Stop(t.Term) || len(t.Term) < 3 {
				continue
			}
			c.terms[danish.StemLang(lang, t.Term)]++
		}
		for t := range c.terms {
			df[t]++
		}
	}
	n := float64(len(d.clauses))
	for _, c := range d.clauses {
		for t, f := range c.terms {
			c.terms[t] = (1 + math.Log(f)) * math.Log(1+n/df[t])
		}
		normalise(c.terms)
	}
}

func normalise(v map[string]float64) {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	if sum == 0 {
		return
	}
	for t := range v {
		v[t] /= math.Sqrt(sum)
	}
}

func cosine(a, b map[string]float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	sum := 0.0
	for t, x := range a {
		sum += x * b[t]
	}
	return sum
}

func centroid(clauses []*clause) map[string]float64 {
	sum := map[string]float64{}
	for _, c := range clauses {
		for t, x := range c.terms {
			sum[t] += x
		}
	}
	normalise(sum)
	return sum
}

func (d *digestion) weigh(cited map[string]int) {
	whole := centroid(d.clauses)
	most := 1
	for _, n := range cited {
		most = max(most, n)
	}
	largest := 1
	for _, part := range d.parts {
		largest = max(largest, len(d.of(part)))
	}
	for _, part := range d.parts {
		own := d.of(part)
		centre := centroid(own)
		share := bigPart * math.Log1p(float64(len(own))) / math.Log1p(float64(largest))
		for i, c := range own {
			c.watch = watchKind(c.text)
			c.weight = partCentrality*withoutSelf(c, centre, len(own)) + wholeCentrality*cosine(c.terms, whole) + share
			if c.first && (i == 0 || own[i-1].sec != c.sec) {
				c.weight += opensSection
			}
			if i == 0 {
				c.weight += opensPart
			}
			if bindsOrEntitles(c.text) {
				c.weight += binds
			}
			if containsAny(c.text, purposes) || c == d.clauses[0] && c.end-c.start > 40 {
				c.weight += purpose
			}
			c.weight += builtOn * math.Log1p(float64(cited[local(c.sec)])) / math.Log1p(float64(most))
			c.weight -= c.cost()
		}
	}
}

// withoutSelf is a clause's nearness to the centre of n clauses, without its own
// share in that centre: a clause that is alone in its part is central to nothing.
func withoutSelf(c *clause, centre map[string]float64, n int) float64 {
	return cosine(c.terms, centre) * float64(n-1) / float64(n)
}

func (c *clause) cost() float64 {
	size := c.end - c.start
	cost := tooLong * min(1, float64(size)/1200)
	if size < 40 {
		cost += tooShort
	}
	if delegates(c.text) || containsAny(c.text, commencement) || c.leans(c.sec.Text) {
		cost += sideIssue
	}
	if c.watch == RoleException {
		cost += exceptional
	}
	return cost
}

func (d *digestion) of(part string) []*clause {
	var own []*clause
	for _, c := range d.clauses {
		if c.part == part {
			own = append(own, c)
		}
	}
	return own
}

// citedWithin counts how often the sections of a text refer to each other, by
// the local number of the section referred to.
func citedWithin(sections []corpus.Section) map[string]int {
	counts := map[string]int{}
	for i := range sections {
		seen := map[string]bool{local(&sections[i]): true}
		for _, r := range citation.Parse(sections[i].Text) {
			if r.Act == "" && r.Section != "" && !seen[r.Section] {
				seen[r.Section] = true
				counts[r.Section]++
			}
		}
	}
	return counts
}

func local(s *corpus.Section) string {
	_, id, _ := strings.Cut(s.ID, "#")
	return id
}

// points chooses the key points: the weightiest of every part, and of all parts
// as many as the length allows, in the text's order.
func (d *digestion) points(m measure) []*clause {
	var all []*clause
	perPart := m.perPart
	if len(d.parts) == 1 {
		perPart = m.points / 2
	}
	for _, part := range d.parts {
		all = append(all, distinct(d.of(part), perPart, byWeight)...)
	}
	// The first of each part go before the second of any: a short summary still
	// tells what the whole is about.
	rank := map[*clause]int{}
	seen := map[string]int{}
	for _, c := range all {
		rank[c] = seen[c.part]
		seen[c.part]++
	}
	slices.SortStableFunc(all, func(a, b *clause) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(b.weight, a.weight))
	})
	all = distinct(all, m.points, nil)
	for _, c := range all {
		c.said = RolePoint
	}
	return d.inOrder(all)
}

// watch chooses the points to watch of each kind, in the order of watchKinds,
// and within a kind in the text's order. A duty or condition that is a key point
// already is not told again; a deadline, an amount, a prohibition is, because
// those lists are what a caseworker checks her work against.
func (d *digestion) watch(perKind int) []*clause {
	var out []*clause
	for _, k := range watchKinds {
		once := k.role == RoleDuty || k.role == RoleCondition
		var own []*clause
		for _, c := range d.clauses {
			if c.watch == k.role && c.end-c.start <= maxAnswer && !(once && c.said != "") && !containsAny(c.text, commencement) {
				again := *c
				again.said = k.role
				own = append(own, &again)
			}
		}
		own = distinct(own, perKind, byWeight)
		slices.SortStableFunc(own, inText)
		out = append(out, own...)
	}
	return out
}

func byWeight(a, b *clause) int { return cmp.Compare(b.weight, a.weight) }

func inText(a, b *clause) int {
	return cmp.Or(cmp.Compare(a.sec.Ordinal, b.sec.Ordinal), cmp.Compare(a.start, b.start))
}

// distinct returns the first n clauses by an order (nil keeps the list's), and
// none that mostly repeats one before it.
func distinct(clauses []*clause, n int, by func(a, b *clause) int) []*clause {
	list := slices.Clone(clauses)
	if by != nil {
		slices.SortStableFunc(list, by)
	}
	var out []*clause
	for _, c := range list {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(out, func(o *clause) bool { return cosine(o.terms, c.terms) > repeated }) {
			out = append(out, c)
		}
	}
	return out
}

func (d *digestion) inOrder(chosen []*clause) []*clause {
	slices.SortStableFunc(chosen, inText)
	return chosen
}
