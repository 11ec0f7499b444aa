package citation

import (
	"fmt"
	"strconv"
	"strings"
)

// numberTypes are the words before an act's number, the longest first.
var numberTypes = []struct{ word, kind string }{
	{"lovbekendtgørelse", "LBK"}, {"bekendtgørelse", "BEK"}, {"cirkulæreskrivelse", "CIS"}, {"cirkulære", "CIR"}, {"vejledning", "VEJ"},
	{"lbkg", "LBK"}, {"lbk", "LBK"}, {"bek", "BEK"}, {"cir", "CIR"}, {"vej", "VEJ"}, {"lovb", "LBK"}, {"lov", "LOV"},
}

// ParseNumber reads an act's official number at the beginning of s:
// "LBK nr 1129 af 22/09/2025", "lovbekendtgørelse nr. 1129 af 22. september
// 2025", "LBK nr 1129 af 2025-09-22", "lov nr. 721 af 2023".
func ParseNumber(s string) (Number, bool) {
	c := cursor{text: strings.TrimSpace(s)}
	return c.number()
}

// String writes the number as retsinformation does: "LBK nr 1129 af 22/09/2025".
func (n Number) String() string {
	date := strconv.Itoa(n.Year)
	if len(n.Date) == len("2006-01-02") {
		date = n.Date[8:] + "/" + n.Date[5:7] + "/" + n.Date[:4]
	}
	return fmt.Sprintf("%s nr %d af %s", n.Type, n.No, date)
}

// ID is the document's id: "lbk-2025-1129".
func (n Number) ID() string {
	return fmt.Sprintf("%s-%d-%d", strings.ToLower(n.Type), n.Year, n.No)
}

// number reads an act's number at the cursor; where there is none the cursor
// stays.
func (c *cursor) number() (n Number, ok bool) {
	start := c.at
	defer func() {
		if !ok {
			c.at = start
		}
	}()
	for _, t := range numberTypes {
		if c.word(t.word) {
			n.Type = t.kind
			break
		}
	}
	if n.Type == "" {
		return n, false
	}
	c.space()
	if !c.word("nr.") && !c.word("nr") {
		return n, false
	}
	c.space()
	n.No = c.integer(5)
	c.space()
	if n.No == 0 || !c.word("af") {
		return n, false
	}
	c.space()
	c.word("den")
	c.space()
	n.Date, n.Year = c.date()
	return n, n.Year != 0
}

var months = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

// date reads "22. september 2025", "22/09/2025", "22-09-2025", "2025-09-22" or a
// year alone.
func (c *cursor) date() (iso string, year int) {
	first := c.integer(4)
	if first > 31 { // a year
		before := c.at
		if c.eat("-") {
			if month := c.integer(2); c.eat("-") {
				if day := c.integer(2); day > 0 {
					return isoDate(first, month, day)
				}
			}
		}
		c.at = before
		if first < 1600 || first > 2200 {
			return "", 0
		}
		return "", first
	}
	if first == 0 {
		return "", 0
	}
	for _, sep := range []string{"/", "-", "."} {
		before := c.at
		if c.eat(sep) {
			month := c.integer(2)
			if month > 0 && c.eat(sep) {
				return isoDate(c.integer(4), month, first)
			}
		}
		c.at = before
	}
	c.eat(".")
	c.space()
	for i, m := range months {
		if c.word(m) {
			c.space()
			return isoDate(c.integer(4), i+1, first)
		}
	}
	return "", 0
}

func isoDate(year, month, day int) (string, int) {
	if year < 1600 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 {
		return "", 0
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day), year
}
