package citation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse returns the references in text, in their order and without overlap.
// "§§ 83 og 85" gives two references, "§§ 83-87" one with SectionTo; "stk. 2 og
// 3" gives the first with a range that covers both. The act is sought before
// ("servicelovens § 85", "SEL § 85") and behind ("§ 85 i lov om social
// service"); "lovens § 5" and "samme lov" mean the act named last, or the text's
// own. A stk. without a § is no reference. Parse takes time in proportion to the
// text.
func Parse(text string) []Ref {
	p := parser{cursor: cursor{text: text}}
	for p.at < len(text) {
		if p.anchor() {
			continue
		}
		p.next()
	}
	return p.refs
}

type parser struct {
	cursor
	refs []Ref
	last string // the act named last
	done int    // end of the last reference
}

// next passes the current word or other character.
func (p *parser) next() {
	if isWordByte(p.text[p.at]) {
		for p.at < len(p.text) && isWordByte(p.text[p.at]) {
			p.at++
		}
		return
	}
	_, size := utf8.DecodeRuneInString(p.text[p.at:])
	p.at += size
}

// isWordByte takes every byte of a letter beyond ASCII for one, but those of
// "§" and of no-break spaces, which begin with C2.
func isWordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || isDigit(b) || b >= 0xc3
}

// anchor reads a reference that begins at the cursor, where one does.
func (p *parser) anchor() bool {
	switch p.text[p.at] {
	case 0xc2: // first byte of §
		return strings.HasPrefix(p.rest(), "§") && p.provisions()
	case 'p', 'P', 'k', 'K':
		return p.provisions()
	case 'a', 'A':
		return p.provisions()
	case 'b', 'B':
		return p.provisions() || p.standaloneNumber() || p.bareNumber()
	case 'c', 'C', 'v', 'V', 'l', 'L':
		return p.standaloneNumber() || p.bareNumber()
	}
	if c := p.text[p.at]; 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == 0xc3 {
		return p.bareNumber()
	}
	return false
}

// provisions reads a chain of provisions with its act.
func (p *parser) provisions() bool {
	start := p.at
	list := p.chain()
	if len(list) == 0 {
		p.at = start
		return false
	}
	from, act := p.actBefore(start)
	before := act != "" || from < start
	var number Number
	if !before {
		act, number = p.actBehind()
	}
	isArticle := p.text[start]|0x20 == 'a'
	if isArticle && act == "" {
		return true // the text is passed; an article of no act says nothing
	}
	list[0].start = from
	list[len(list)-1].end = p.at
	for _, v := range list {
		p.add(Ref{Start: v.start, End: v.end, Act: act, Number: number, Section: v.section, SectionTo: v.to, Part: v.part, Chapter: v.chapter, Annex: v.annex})
	}
	return true
}

func (p *parser) add(r Ref) {
	r.Raw = p.text[r.Start:r.End]
	p.refs = append(p.refs, r)
	p.done = r.End
	if r.Act != "" {
		p.last = r.Act
	}
}

// standaloneNumber reads "lovbekendtgørelse nr. 1129 af 22. september 2025" that
// belongs to no provision.
func (p *parser) standaloneNumber() bool {
	start := p.at
	number, ok := p.number()
	if !ok {
		return false
	}
	p.add(Ref{Start: start, End: p.at, Number: number})
	return true
}

// bareNumber reads what a caseworker types without a sign: "SEL 85, stk. 2",
// "serviceloven 85". Names of several words are left to the signs.
func (p *parser) bareNumber() bool {
	start := p.at
	end := start
	for end < len(p.text) && (isWordByte(p.text[end]) || p.text[end] == '-') {
		end++
	}
	c := cursor{text: p.text, at: end}
	if !c.space() || c.at >= len(c.text) || !isDigit(c.text[c.at]) {
		return false
	}
	name := p.text[start:end]
	n, ok := acts().abbreviations[name] // in capitals only
	if !ok && strings.Contains(name, "lov") {
		n, ok = acts().lookup(strings.ToLower(name))
	}
	number := c.sectionNumber()
	if !ok || number == "" || len(number) > 4 || !c.endsReference() {
		return false
	}
	r := Ref{Start: start, Act: acts().acts[n].Name, Section: number}
	r.Part = c.part()
	r.End, p.at = c.at, c.at
	p.add(r)
	return true
}

// endsReference tells a section number from a year, an amount or a date.
func (c *cursor) endsReference() bool {
	r, _ := utf8.DecodeRuneInString(c.rest())
	if r == '/' || r == '-' || r == '%' || unicode.IsLetter(r) {
		return false
	}
	return r != '.' && r != ',' || len(c.rest()) < 2 || !isDigit(c.rest()[1])
}
