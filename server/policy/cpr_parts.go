package policy

import (
	"slices"
	"strings"
)

// longestParts is the longest text that is searched for numbers in parts, in
// bytes: a question with its story. In longer ones dates stand beside numbers
// without belonging together.
const longestParts = 8000

// findParts finds numbers that are written as a date of birth and four digits,
// in whatever form and with whatever between them: "1. januar 1990 - 1234",
// "født 010190, de sidste fire er 1234".
func findParts(text string, year int) []Place {
	if len(text) > longestParts {
		return nil
	}
	p := asPlain(text)
	r := partReader{plain: p.text, units: units(p.text), year: year}
	var places []Place
	for i := 0; i < len(r.units); i++ {
		if last, ok := r.numberAt(i); ok {
			s := p.origin(r.units[i].start, r.units[last].end, text)
			places = append(places, Place{Start: s.start, End: s.end, Masked: masked(text[s.start:s.end])})
			i = last
		}
	}
	return places
}

// partReader assembles numbers of units.
type partReader struct {
	plain string
	units []unit
	year  int
}

// dateShape says how a date of birth is written.
type dateShape int

const (
	solidDay  dateShape = iota // 010190
	fullDay                    // 1/1 1990, 1. januar 90
	looseDay                   // 01 0190, 0 1 0 1 9 0
	turnedDay                  // 900101, 90 1. januar: only where it is said to be one
)

// birthDay is a date of birth that was read from units.
type birthDay struct {
	digits []byte // DDMMYY
	next   int    // the unit behind it
	shape  dateShape
}

// numberAt reads a number that begins at the unit i, and returns its last unit.
func (r *partReader) numberAt(i int) (last int, ok bool) {
	for _, d := range r.daysAt(i) {
		serial, last, ok := r.serialAt(d.next)
		if ok && validBirth(append(slices.Clone(d.digits), serial...), r.year) && r.convinces(i, d, serial, last) {
			return last, true
		}
	}
	// The four digits first: "løbenr. 1234, født 010190".
	if serial, next, ok := r.serialAt(i); ok && next == i && next+1 < len(r.units) {
		for _, d := range r.daysAt(next + 1) {
			if validBirth(append(slices.Clone(d.digits), serial...), r.year) && r.turned(i, d) {
				return d.next - 1, true
			}
		}
	}
	return 0, false
}

// daysAt reads the dates that may begin at the unit i.
func (r *partReader) daysAt(i int) []birthDay {
	var out []birthDay
	add := func(shape dateShape, next int, day, month, yearDigits []byte) {
		d := append(append(twice(day), twice(month)...), yearDigits[len(yearDigits)-2:]...)
		out = append(out, birthDay{d, next, shape})
	}
	var all []byte
	for j := i; j < len(r.units) && j < i+8 && len(all) < 8; j++ {
		if j > i && !r.units[j].gap.tight() || r.units[j].month && len(all) != 2 {
			break
		}
		all = append(all, r.units[j].digits...)
		shape := looseDay
		if j == i {
			shape = solidDay
		}
		switch {
		case len(all) == 6:
			add(shape, j+1, all[:2], all[2:4], all[4:])
			add(turnedDay, j+1, all[4:], all[2:4], all[:2])
		case len(all) == 8 && century(all[4:]):
			add(fullDay, j+1, all[:2], all[2:4], all[4:])
		case len(all) == 8 && century(all):
			add(fullDay, j+1, all[6:], all[4:6], all[:4])
		}
	}
	if i+2 < len(r.units) && r.near(i+1) && r.near(i+2) {
		a, b, c := &r.units[i], &r.units[i+1], &r.units[i+2]
		switch {
		case small(a) && (small(b) || b.month) && yearLike(c) && !a.month:
			add(fullDay, i+3, a.digits, b.digits, c.digits)
		case a.month && small(b) && yearLike(c):
			add(fullDay, i+3, b.digits, a.digits, c.digits)
		case len(a.digits) == 4 && century(a.digits) && small(b) && small(c):
			add(fullDay, i+3, c.digits, b.digits, a.digits)
		case yearLike(a) && small(b) && c.month:
			add(turnedDay, i+3, b.digits, c.digits, a.digits)
		}
	}
	return out
}

// near tells whether the unit at i can belong to the same date as the one
// before.
func (r *partReader) near(i int) bool {
	g := &r.units[i].gap
	for _, w := range g.words {
		if !slices.Contains([]string{"i", "den", "of", "the", "in", "aar", "dag", "maaned"}, w) {
			return false
		}
	}
	return len(g.text) < 12 && !strings.ContainsAny(g.text, "§%")
}

func twice(d []byte) []byte {
	if len(d) == 1 {
		return []byte{0, d[0]}
	}
	return slices.Clone(d)
}

func small(u *unit) bool { return len(u.digits) == 1 || len(u.digits) == 2 }
func yearLike(u *unit) bool {
	return !u.month && (len(u.digits) == 2 || len(u.digits) == 4 && century(u.digits))
}
func century(d []byte) bool { return d[0] == 1 && d[1] == 9 || d[0] == 2 && d[1] == 0 }

// serialAt reads four digits from the unit j on.
func (r *partReader) serialAt(j int) (serial []byte, last int, ok bool) {
	for k := j; k < len(r.units) && k < j+4; k++ {
		u := &r.units[k]
		if k > j && !u.gap.tight() || u.month {
			return nil, 0, false
		}
		if serial = append(serial, u.digits...); len(serial) == 4 {
			return serial, k, u.spelled || len(u.digits)*(k-j+1) == 4
		}
		if len(serial) > 4 || k > j && !u.spelled && len(u.digits) != len(r.units[j].digits) {
			return nil, 0, false
		}
	}
	return nil, 0, false
}

// embedded tells whether more digits stand right beside the number: then it is
// a piece of a longer one, or of a row.
func (r *partReader) embedded(first, last int) bool {
	start, end := r.units[first].start, r.units[last].end
	if end+1 < len(r.plain) && r.plain[end] == '-' && isWordByte(r.plain[end+1]) || start > 1 && r.plain[start-1] == '-' && isWordByte(r.plain[start-2]) {
		return true
	}
	if last+1 < len(r.units) {
		if g := r.units[last+1].gap; g.tight() && len(g.text) <= 2 && !strings.Contains(g.text, "~") && !r.units[last+1].spelled && !strings.ContainsAny(g.text, "\"')]}?!;:") && g.text != ". " {
			return true
		}
	}
	if first > 0 {
		if g := r.units[first].gap; g.tight() && len(g.text) <= 1 && !r.units[first-1].spelled {
			return true
		}
	}
	return false
}

func isWordByte(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' }
