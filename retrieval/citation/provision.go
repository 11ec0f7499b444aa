package citation

import "strings"

// provision is one § with what follows its number, before it is known which act
// it belongs to.
type provision struct {
	start, end int
	section    string
	to         string
	part       string
	chapter    string
	annex      string
}

// chain reads provisions that are joined by commas, "og", "eller": they share
// their act. The cursor stands on a sign ("§", "kapitel", "bilag", "artikel").
func (c *cursor) chain() []provision {
	list := c.group()
	for len(list) > 0 {
		before := c.at
		if !c.joiner() {
			break
		}
		more := c.group()
		if len(more) == 0 {
			c.at = before
			break
		}
		list = append(list, more...)
	}
	return list
}

// joiner passes ", ", " og ", ", samt " and the like.
func (c *cursor) joiner() bool {
	before := c.at
	comma := c.eat(",")
	c.space()
	for _, w := range []string{"og", "eller", "samt", "og/eller"} {
		if c.word(w) {
			c.space()
			return true
		}
	}
	if !comma {
		c.at = before
	}
	return comma
}

// group reads one sign with its numbers: "§ 85, stk. 2", "§§ 83, 85 og 86-87",
// "kapitel 16", "bilag 1", "artikel 6, stk. 1, litra e".
func (c *cursor) group() []provision {
	start := c.at
	switch {
	case c.sectionSign():
		return c.numbers(start)
	case c.word("artikel"), c.word("artiklerne"), c.word("art."):
		c.space()
		return c.numbers(start)
	case c.word("kapitel"), c.word("kap."), c.word("kap"):
		c.space()
		if number := c.sectionNumber(); number != "" {
			return []provision{{start: start, end: c.at, chapter: number}}
		}
	case c.word("bilag"):
		c.space()
		if number := c.sectionNumber(); number != "" {
			return []provision{{start: start, end: c.at, annex: number}}
		}
	}
	c.at = start
	return nil
}

// sectionSign passes "§", "§§" or "paragraf" with the space behind it.
func (c *cursor) sectionSign() bool {
	signs := false
	for c.eat("§") {
		signs = true
	}
	if !signs && !c.word("paragraf") && !c.word("paragrafferne") && !c.word("paragrafs") {
		return false
	}
	c.space()
	return true
}

// numbers reads "85 a, stk. 2", "83-87", "83 og 85 a". The first provision's
// range begins at start.
func (c *cursor) numbers(start int) []provision {
	var list []provision
	for {
		number := c.sectionNumber()
		if number == "" {
			return list
		}
		p := provision{start: start, section: number}
		p.to = c.rangeEnd()
		p.part = c.part()
		p.end = c.at
		list = append(list, p)
		before := c.at
		if !c.joiner() || !c.plainNumber() {
			c.at = before
			return list
		}
		start = c.at
	}
}

// plainNumber tells whether a further number of the same sign follows, and not
// an amount, a date or the number of something else.
func (c *cursor) plainNumber() bool {
	at := *c
	if at.sectionNumber() == "" {
		return false
	}
	rest := strings.TrimLeft(at.rest(), " \u00a0")
	for _, other := range []string{"pct", "%", "kr", "år", "dage", "måneder", "uger", "timer", ".0", ".5", "pkt", ". pkt", ". januar", ". ju", ". ma", ". april"} {
		if strings.HasPrefix(rest, other) {
			return false
		}
	}
	return true
}

// sectionNumber passes "85", "85 a", "85a" and returns it as "85a".
func (c *cursor) sectionNumber() string {
	before := c.at
	number := c.digits()
	if number == "" {
		c.at = before
		return ""
	}
	before = c.at
	c.space()
	if l := c.letter(); l != "" {
		return number + l
	}
	c.at = before
	return number
}

// rangeEnd passes "-87" or " til 87" and returns the number.
func (c *cursor) rangeEnd() string {
	before := c.at
	c.space()
	if c.eat("-") || c.eat("–") || c.word("til") {
		c.space()
		if to := c.sectionNumber(); to != "" {
			return to
		}
	}
	c.at = before
	return ""
}

// part passes ", stk. 2, nr. 1, litra a, 2. pkt." and returns its normal form.
// Of several ("stk. 2 og 3") it returns the first and passes all.
func (c *cursor) part() string {
	var levels []string
	for {
		before := c.at
		c.eat(",")
		c.space()
		level := c.level()
		if level == "" {
			c.at = before
			return strings.Join(levels, ", ")
		}
		levels = append(levels, level)
	}
}

// level passes one of stk., nr., litra, pkt.
func (c *cursor) level() string {
	for _, l := range []struct{ name, words string }{{"stk. ", "stk.|stk|stykke"}, {"nr. ", "nr.|nr|nummer"}, {"litra ", "litra|lit."}} {
		for word := range strings.SplitSeq(l.words, "|") {
			before := c.at
			if !c.word(word) {
				continue
			}
			c.space()
			value := c.digits()
			if l.name == "litra " {
				value = c.letter()
			}
			if value == "" {
				c.at = before
				return ""
			}
			c.more(l.name == "litra ")
			return l.name + value
		}
	}
	return c.sentence()
}

// sentence passes "2. pkt." or "1. og 2. pkt.".
func (c *cursor) sentence() string {
	before := c.at
	first := c.digits()
	if first != "" && c.eat(".") {
		c.space()
		at := c.at
		if c.word("og") || c.word("eller") || c.eat("-") {
			c.space()
			if c.digits() == "" || !c.eat(".") {
				c.at = at
			}
			c.space()
		}
		if c.word("pkt.") || c.word("pkt") || c.word("punktum") {
			return first + ". pkt."
		}
	}
	c.at = before
	return ""
}

// more passes the further values of a level: "stk. 2-4", "nr. 1 og 2", "litra a
// eller b".
func (c *cursor) more(letters bool) {
	for {
		before := c.at
		c.space()
		if !c.eat("-") && !c.eat("–") {
			c.at = before
			if !c.joiner() {
				return
			}
		}
		c.space()
		value := ""
		if letters {
			value = c.letter()
		} else {
			value = c.digits()
		}
		// "stk. 2, 1. pkt.": the 1 is no further stk.
		if value == "" || !letters && !c.endsNumber() {
			c.at = before
			return
		}
	}
}

// endsNumber tells a value from the beginning of "1. pkt." or "1.000".
func (c *cursor) endsNumber() bool {
	rest := c.rest()
	if !strings.HasPrefix(rest, ".") {
		return true
	}
	after := strings.TrimLeft(rest[1:], " \u00a0")
	return !strings.HasPrefix(after, "pkt") && !strings.HasPrefix(after, "og") && (after == "" || !isDigit(after[0]))
}
