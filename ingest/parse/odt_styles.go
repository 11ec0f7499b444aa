package parse

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// odfLevels is how many levels an OpenDocument list has.
const odfLevels = 10

// odfStyle is a paragraph or text style with what it inherits.
type odfStyle struct {
	name   string // the style that a person chose: "Title", "Text body"
	strong bool   // bold or italic
}

// odfList is a list style.
type odfList struct{ levels [odfLevels]odfLevel }

type odfLevel struct {
	bullet         bool
	format         string // 1, a, A, i, I; "" prints nothing
	prefix, suffix string
	shown          int // levels that the number shows, from the right
	start          int
}

type odfStyles struct {
	of      map[string]odfStyle
	lists   map[string]*odfList
	outline *odfList
}

type odfLevelElement struct {
	XMLName xml.Name
	Level   int    `xml:"level,attr"`
	Format  string `xml:"num-format,attr"`
	Prefix  string `xml:"num-prefix,attr"`
	Suffix  string `xml:"num-suffix,attr"`
	Shown   int    `xml:"display-levels,attr"`
	Start   int    `xml:"start-value,attr"`
}

func (e odfLevelElement) level() odfLevel {
	return odfLevel{
		bullet: e.XMLName.Local == "list-level-style-bullet" || e.XMLName.Local == "list-level-style-image",
		format: e.Format, prefix: e.Prefix, suffix: e.Suffix, shown: min(max(1, e.Shown), odfLevels), start: max(1, e.Start),
	}
}

// readStyles adds the styles of a part, the common ones first and then the
// automatic ones, which inherit from them.
func (p *officePackage) readStyles(part string, into *odfStyles) error {
	d, err := p.open(part)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if e, ok := t.(xml.StartElement); ok {
				if e.Name.Local == "body" || e.Name.Local == "master-styles" {
					return nil
				}
				err = into.element(d, e)
			}
		}
		if err != nil {
			return p.broken(part, err)
		}
	}
}

func (s *odfStyles) element(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "style":
		return s.style(d, e)
	case "list-style", "outline-style":
		var list struct {
			Levels []odfLevelElement `xml:",any"`
		}
		if err := d.DecodeElement(&list, &e); err != nil {
			return err
		}
		out := &odfList{}
		for _, l := range list.Levels {
			if l.Level >= 1 && l.Level <= odfLevels {
				out.levels[l.Level-1] = l.level()
			}
		}
		if e.Name.Local == "outline-style" {
			s.outline = out
		} else {
			s.lists[xmlAttr(e, "name")] = out
		}
	}
	return nil
}

func (s *odfStyles) style(d *xml.Decoder, e xml.StartElement) error {
	var style struct {
		Name    string `xml:"name,attr"`
		Display string `xml:"display-name,attr"`
		Parent  string `xml:"parent-style-name,attr"`
		Text    struct {
			Weight string `xml:"font-weight,attr"`
			Slant  string `xml:"font-style,attr"`
		} `xml:"text-properties"`
	}
	if err := d.DecodeElement(&style, &e); err != nil {
		return err
	}
	parent := s.of[style.Parent]
	out := odfStyle{name: style.Display, strong: parent.strong}
	switch {
	case out.name == "" && parent.name != "":
		out.name = parent.name
	case out.name == "":
		out.name = strings.ReplaceAll(style.Name, "_20_", " ")
	}
	if style.Text.Weight != "" {
		out.strong = style.Text.Weight == "bold" || style.Text.Weight >= "600" && style.Text.Weight <= "900"
	}
	out.strong = out.strong || style.Text.Slant == "italic"
	s.of[style.Name] = out
	return nil
}

// odfCounts is how far a list has counted, by level.
type odfCounts [odfLevels]int

// next counts one item at level, from 0, and returns what is printed before it.
func (c *odfCounts) next(list *odfList, level int) string {
	if list == nil || level >= odfLevels {
		return ""
	}
	for l := range level {
		if c[l] == 0 && list.levels[l].format != "" {
			c[l] = list.levels[l].start
		}
	}
	if c[level] == 0 {
		c[level] = list.levels[level].start - 1
	}
	c[level]++
	clear(c[level+1:])
	at := list.levels[level]
	switch {
	case at.bullet:
		return "•"
	case at.format == "":
		return ""
	}
	var numbers []string
	for l := max(0, level-at.shown+1); l <= level; l++ {
		if list.levels[l].format != "" {
			numbers = append(numbers, odfNumber(c[l], list.levels[l].format))
		}
	}
	return fold(at.prefix + strings.Join(numbers, ".") + at.suffix)
}

func odfNumber(n int, format string) string {
	if format == "1" {
		return strconv.Itoa(n)
	}
	return numeral(n, format)
}

// odtList is one list in the body.
type odtList struct {
	style  string
	marker string // of the item that has not yet met its text
}

func (l *odtList) takeMarker() string {
	m := l.marker
	l.marker = ""
	return m
}

func (r *odtReader) startList(e xml.StartElement) {
	style := xmlAttr(e, "style-name")
	if n := len(r.lists); n > 0 && style == "" {
		style = r.lists[n-1].style
	}
	if len(r.lists) == 0 && xmlAttr(e, "continue-numbering") != "true" && xmlAttr(e, "continue-list") == "" {
		delete(r.counts, style)
	}
	r.lists = append(r.lists, &odtList{style: style})
}

func (r *odtReader) startItem(e xml.StartElement) {
	n := len(r.lists)
	if n == 0 || e.Name.Local == "list-header" {
		return
	}
	l := r.lists[n-1]
	counts := r.counts[l.style]
	if counts == nil {
		counts = &odfCounts{}
		r.counts[l.style] = counts
	}
	if start := atoi(xmlAttr(e, "start-value")); start > 0 && n <= odfLevels {
		counts[n-1] = start - 1
	}
	style := r.styles.lists[l.style]
	if style == nil {
		l.marker = "•"
		return
	}
	l.marker = counts.next(style, n-1)
}
