package parse

import (
	"strconv"
	"strings"
)

// docxLevels is how many levels a Word list has.
const docxLevels = 9

type docxLevel struct {
	Level   string `xml:"ilvl,attr"`
	Start   value  `xml:"start"`
	Format  value  `xml:"numFmt"`
	Text    value  `xml:"lvlText"`
	OfStyle value  `xml:"pStyle"`
}

// docxNumbering computes the numbers that Word prints.
type docxNumbering struct {
	abstract map[string]*[docxLevels]docxLevel // list definitions by id
	of       map[string]string                 // numId → definition
	restarts map[string]map[int]int            // numId → level → the number it starts at anew
	counts   map[string]*[docxLevels]int       // by definition: lists of one definition count on
	seen     map[string]bool                   // numIds met
}

// numbering reads the list definitions.
func (p docxPackage) numbering(name string) (*docxNumbering, error) {
	var part struct {
		Abstract []struct {
			ID    string      `xml:"abstractNumId,attr"`
			Level []docxLevel `xml:"lvl"`
		} `xml:"abstractNum"`
		Num []struct {
			ID       string `xml:"numId,attr"`
			Abstract value  `xml:"abstractNumId"`
			Override []struct {
				Level string `xml:"ilvl,attr"`
				Start *value `xml:"startOverride"`
			} `xml:"lvlOverride"`
		} `xml:"num"`
	}
	if err := p.decode(name, &part); err != nil {
		return nil, err
	}
	n := &docxNumbering{abstract: map[string]*[docxLevels]docxLevel{}, of: map[string]string{},
		restarts: map[string]map[int]int{}, counts: map[string]*[docxLevels]int{}, seen: map[string]bool{}}
	for _, a := range part.Abstract {
		levels := new([docxLevels]docxLevel)
		for _, l := range a.Level {
			if i := atoi(l.Level); i < docxLevels {
				levels[i] = l
			}
		}
		n.abstract[a.ID] = levels
	}
	for _, num := range part.Num {
		n.of[num.ID] = num.Abstract.Val
		for _, o := range num.Override {
			if o.Start != nil && atoi(o.Level) < docxLevels {
				if n.restarts[num.ID] == nil {
					n.restarts[num.ID] = map[int]int{}
				}
				n.restarts[num.ID][atoi(o.Level)] = atoi(o.Start.Val)
			}
		}
	}
	return n, nil
}

// marker counts one item of list id at level and returns what Word prints
// before it: "3.2", "a)", "•"; "" where the list prints nothing.
func (n *docxNumbering) marker(id string, level int) string {
	levels := n.abstract[n.of[id]]
	if levels == nil || level >= docxLevels {
		return ""
	}
	counts := n.counts[n.of[id]]
	if counts == nil {
		counts = new([docxLevels]int)
		n.counts[n.of[id]] = counts
	}
	if !n.seen[id] {
		n.seen[id] = true
		for l, start := range n.restarts[id] {
			counts[l] = start - 1
			clear(counts[l+1:])
		}
	}
	for l := 0; l <= level; l++ {
		if counts[l] == 0 { // not begun: starts at its first number
			counts[l] = max(1, atoi(levels[l].Start.Val))
			if l == level {
				counts[l]--
			}
		}
	}
	counts[level]++
	clear(counts[level+1:])
	switch levels[level].Format.Val {
	case "bullet":
		return "•"
	case "none":
		return ""
	}
	text := levels[level].Text.Val
	for l := range docxLevels {
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(l+1), formatNumber(counts[l], levels[l].Format.Val))
	}
	return fold(text)
}

// levelOf returns the level of list id that a style is tied to, or level.
func (n *docxNumbering) levelOf(id, styleID string, level int) int {
	if levels := n.abstract[n.of[id]]; levels != nil {
		for i, l := range levels {
			if l.OfStyle.Val == styleID && styleID != "" {
				return i
			}
		}
	}
	return level
}

func formatNumber(n int, format string) string {
	switch format {
	case "lowerLetter":
		return numeral(n, "a")
	case "upperLetter":
		return numeral(n, "A")
	case "lowerRoman":
		return numeral(n, "i")
	case "upperRoman":
		return numeral(n, "I")
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	}
	return strconv.Itoa(n)
}
