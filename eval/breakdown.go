package eval

import (
	"cmp"
	"slices"
)

// Group is the items of one hand or one kind of question.
type Group struct {
	By     string             `json:"by"` // hand or kind
	Name   string             `json:"name"`
	Items  int                `json:"items"`
	Right  float64            `json:"right"`  // share of the items without a failure
	Values map[string]float64 `json:"values"` // mean of each metric that applies
}

// GroupMetrics are the figures that a table of groups shows.
var GroupMetrics = []string{"P@1", "recall", "facts", "wrongly-refused", "refused", "search-R@12"}

// Groups splits a run by how its questions are written and by what they ask
// for. A run whose items say neither has no groups.
func (r *Run) Groups() []Group {
	var out []Group
	for _, by := range []struct {
		name string
		of   func(*Item) string
	}{{"hand", func(it *Item) string { return it.Hand }}, {"kind", func(it *Item) string { return it.Kind }}} {
		members := map[string][]*Item{}
		for i := range r.Items {
			if name := by.of(&r.Items[i]); name != "" {
				members[name] = append(members[name], &r.Items[i])
			}
		}
		at := len(out)
		for name, items := range members {
			out = append(out, group(by.name, name, items))
		}
		slices.SortFunc(out[at:], func(a, b Group) int {
			return cmp.Or(cmp.Compare(b.Items, a.Items), cmp.Compare(a.Name, b.Name))
		})
	}
	return out
}

func group(by, name string, items []*Item) Group {
	g := Group{By: by, Name: name, Items: len(items), Values: map[string]float64{}}
	values := map[string][]float64{}
	for _, it := range items {
		if it.Failure == "" {
			g.Right += 1 / float64(len(items))
		}
		for metric, v := range it.Values {
			values[metric] = append(values[metric], v)
		}
	}
	for metric, list := range values {
		g.Values[metric] = mean(list)
	}
	return g
}
