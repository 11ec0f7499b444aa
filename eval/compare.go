package eval

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Comparison sets run B against run A, item by item.
type Comparison struct {
	A           Head         `json:"a"`
	B           Head         `json:"b"`
	Notes       []string     `json:"notes,omitempty"` // why the two may not compare
	Differences []Difference `json:"differences"`
	Items       []Pair       `json:"items"` // those whose figures differ, the greatest losses of the first metric first
}

// Head says where a run came from.
type Head struct {
	Name       string            `json:"name"`
	Suite      string            `json:"suite"`
	Split      string            `json:"split"`
	Made       string            `json:"made"`
	Config     map[string]string `json:"config"`
	Versions   map[string]string `json:"versions"`
	Collection Collection        `json:"collection"`
}

// Difference is what became of one metric over the items of both runs.
type Difference struct {
	Metric string  `json:"metric"`
	N      int     `json:"n"`
	A      float64 `json:"a"`
	B      float64 `json:"b"`
	Change float64 `json:"change"` // B − A
	Low    float64 `json:"low"`    // of the change: 95 % bootstrap interval
	High   float64 `json:"high"`
	P      float64 `json:"p"`      // two-sided paired randomisation test
	Wins   int     `json:"wins"`   // items that B does better
	Losses int     `json:"losses"` // items that B does worse
	Ties   int     `json:"ties"`
}

// Pair is one item in both runs.
type Pair struct {
	ID       string             `json:"id"`
	Question string             `json:"question"`
	Change   map[string]float64 `json:"change"` // by metric, B − A
	A        *Item              `json:"a"`
	B        *Item              `json:"b"`
}

// Compare compares two runs of one suite. Names are shown to the reader: the
// runs' files, say.
func Compare(nameA string, a *Run, nameB string, b *Run) (*Comparison, error) {
	if a.Kind != b.Kind {
		return nil, fmt.Errorf("%s measures %s and %s measures %s: they do not compare", nameA, a.Kind, nameB, b.Kind)
	}
	c := &Comparison{A: head(nameA, a), B: head(nameB, b)}
	pairs := pair(a, b)
	if len(pairs) == 0 {
		return nil, errors.New("the two runs have no item in common")
	}
	c.note(a, b, len(pairs))
	for _, f := range a.Figures {
		if _, ok := b.Value(f.Metric); ok && !timing(f.Metric) {
			if d, ok := difference(f.Metric, pairs); ok {
				c.Differences = append(c.Differences, d)
			}
		}
	}
	if len(c.Differences) == 0 {
		return nil, errors.New("the two runs have no metric in common")
	}
	c.Items = changed(pairs, c.Differences)
	return c, nil
}

// Leading is the first metric in which the runs differ, or else the first.
func (c *Comparison) Leading() Difference {
	for _, d := range c.Differences {
		if d.Wins+d.Losses > 0 {
			return d
		}
	}
	return c.Differences[0]
}

func head(name string, r *Run) Head {
	return Head{Name: name, Suite: r.Suite, Split: r.Split, Made: r.Made.Format("2006-01-02 15:04"), Config: r.Config, Versions: r.Versions, Collection: r.Collection}
}

// note says what stands in the way of a fair comparison.
func (c *Comparison) note(a, b *Run, common int) {
	if a.Suite != b.Suite || a.Split != b.Split {
		c.Notes = append(c.Notes, "The suites differ.")
	}
	if a.Collection.Fingerprint != b.Collection.Fingerprint {
		c.Notes = append(c.Notes, "The collections differ, or one of them is not known.")
	}
	if only := len(a.Items) + len(b.Items) - 2*common; only > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("Items that stand in one run only and are left out: %d.", only))
	}
	if !maps.Equal(a.Config, b.Config) {
		c.Notes = append(c.Notes, "The settings differ.")
	}
}

func pair(a, b *Run) []Pair {
	inB := map[string]*Item{}
	for i := range b.Items {
		inB[b.Items[i].ID] = &b.Items[i]
	}
	var pairs []Pair
	for i := range a.Items {
		it := &a.Items[i]
		if other := inB[it.ID]; other != nil {
			pairs = append(pairs, Pair{ID: it.ID, Question: it.Question, Change: map[string]float64{}, A: it, B: other})
		}
	}
	return pairs
}

// same is how far two figures may lie apart and still count as equal: sums in
// another order differ in the last bits.
const same = 1e-9

// difference compares one metric, and notes each pair's change.
func difference(metric string, pairs []Pair) (Difference, bool) {
	d := Difference{Metric: metric}
	var as, bs, changes []float64
	for _, p := range pairs {
		va, inA := p.A.Values[metric]
		vb, inB := p.B.Values[metric]
		if !inA || !inB {
			continue
		}
		as, bs, changes = append(as, va), append(bs, vb), append(changes, vb-va)
		p.Change[metric] = vb - va
		better := vb - va
		if LowerIsBetter(metric) {
			better = -better
		}
		switch {
		case better > same:
			d.Wins++
		case better < -same:
			d.Losses++
		default:
			d.Ties++
		}
	}
	if len(changes) == 0 {
		return d, false
	}
	d.N, d.A, d.B, d.Change = len(changes), mean(as), mean(bs), mean(changes)
	d.Low, d.High = bootstrap(changes, mean)
	d.P = randomisation(changes)
	return d, true
}

// changed returns the pairs of which a figure differs, ordered by the first
// metric that does.
func changed(pairs []Pair, metrics []Difference) []Pair {
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool {
		for _, v := range p.Change {
			if v > same || v < -same {
				return false
			}
		}
		return true
	})
	slices.SortStableFunc(pairs, func(x, y Pair) int {
		for _, m := range metrics {
			vx, vy := x.Change[m.Metric], y.Change[m.Metric]
			if LowerIsBetter(m.Metric) {
				vx, vy = -vx, -vy
			}
			if c := cmp.Compare(vx, vy); c != 0 {
				return c
			}
		}
		return 0
	})
	return pairs
}

// Worse tells whether B does the item worse by this metric, or gets it wrong.
func (p Pair) Worse(metric string) bool {
	change := p.Change[metric]
	if LowerIsBetter(metric) {
		change = -change
	}
	return change < -same || p.B.Failure != ""
}
