package exact

import "slices"

// scored is a vector on its way to becoming a hit.
type scored struct {
	document, row int32 // by the order of the index, which is that of the ids
	score         float32
}

// compare puts the better first; equal scores are ordered by id.
func compare(a, b scored) int {
	switch {
	case a.score != b.score:
		if a.score > b.score {
			return -1
		}
		return 1
	case a.document != b.document:
		return int(a.document - b.document)
	}
	return int(a.row - b.row)
}

// best keeps the k best of what it is given: a heap with the worst on top.
type best struct {
	k    int
	list []scored
}

func (b *best) add(s scored) {
	if len(b.list) < b.k {
		b.list = append(b.list, s)
		for i := len(b.list) - 1; i > 0; {
			parent := (i - 1) / 2
			if compare(b.list[i], b.list[parent]) < 0 {
				return
			}
			b.list[i], b.list[parent] = b.list[parent], b.list[i]
			i = parent
		}
		return
	}
	if compare(s, b.list[0]) >= 0 {
		return
	}
	b.list[0] = s
	for i := 0; ; {
		worst := 2*i + 1
		if worst >= len(b.list) {
			return
		}
		if worst+1 < len(b.list) && compare(b.list[worst+1], b.list[worst]) > 0 {
			worst++
		}
		if compare(b.list[i], b.list[worst]) >= 0 {
			return
		}
		b.list[i], b.list[worst] = b.list[worst], b.list[i]
		i = worst
	}
}

// sorted returns the best, the best first.
func (b *best) sorted() []scored {
	slices.SortFunc(b.list, compare)
	return b.list
}
