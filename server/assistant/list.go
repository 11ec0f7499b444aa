package assistant

// maxList is the longest list, in bytes, that is quoted whole although only
// some of its items matter.
const maxList = 700

// quote is what to show of a unit: all of it, or of a long list the lead-in
// and the items that the question is about.
func (c *candidate) quote() []span {
	if len(c.items) == 0 || c.end-c.start <= maxList {
		return []span{c.span}
	}
	keep := c.matching()
	if len(keep) == 0 || len(keep) == len(c.items) {
		return []span{c.span}
	}
	spans := []span{c.lead}
	next := 0 // the item that would continue the last span
	for _, i := range keep {
		if i == next {
			spans[len(spans)-1].end = c.items[i].end
		} else {
			spans = append(spans, c.items[i])
		}
		next = i + 1
	}
	return spans
}

// matching returns the items that say something of the question that the
// lead-in does not; at most four.
func (c *candidate) matching() []int {
	best, value := 0.0, make([]float64, len(c.items))
	for i := range c.items {
		for _, l := range c.parts[i] {
			value[i] += l.strength()
		}
		best = max(best, value[i])
	}
	var keep []int
	for i, v := range value {
		if v >= 0.6 && v >= 0.7*best && len(keep) < 4 {
			keep = append(keep, i)
		}
	}
	return keep
}
