package parse

import (
	"regexp"
	"strconv"
	"strings"
)

// value is an element of which only the w:val attribute matters.
type value struct {
	Val string `xml:"val,attr"`
}

// docxProperties are the paragraph properties that decide a block's kind.
type docxProperties struct {
	Style   *value `xml:"pStyle"`
	Outline *value `xml:"outlineLvl"`
	Number  *struct {
		Level *value `xml:"ilvl"`
		ID    *value `xml:"numId"`
	} `xml:"numPr"`
}

// docxStyle is a paragraph style with what it inherits already filled in.
type docxStyle struct {
	name    string // lower case: "heading 2", "toc 1", "title"
	outline int    // level of heading from 1, or 0
	number  string // numId, or ""
	level   int    // of the list, from 0
}

var headingName = regexp.MustCompile(`^(?:heading|overskrift) ?([1-9])$`)

// styles reads the paragraph styles by id.
func (p docxPackage) styles(name string) (map[string]docxStyle, error) {
	var sheet struct {
		Style []struct {
			ID         string         `xml:"styleId,attr"`
			Name       value          `xml:"name"`
			BasedOn    value          `xml:"basedOn"`
			Properties docxProperties `xml:"pPr"`
		} `xml:"style"`
	}
	if err := p.decode(name, &sheet); err != nil {
		return nil, err
	}
	index := map[string]int{}
	for i, s := range sheet.Style {
		index[s.ID] = i
	}
	out := map[string]docxStyle{}
	for _, s := range sheet.Style {
		style := docxStyle{name: strings.ToLower(s.Name.Val)}
		levelKnown, outlineKnown := false, false
		at, ok := index[s.ID]
		for depth := 0; ok && depth < 20; depth++ { // a chain of styles may be circular
			base := sheet.Style[at]
			if m := headingName.FindStringSubmatch(strings.ToLower(base.Name.Val)); m != nil && !outlineKnown {
				style.outline, outlineKnown = int(m[1][0]-'0'), true
			}
			if v := base.Properties.Outline; v != nil && !outlineKnown {
				style.outline, outlineKnown = outlineLevel(v.Val), true
			}
			if n := base.Properties.Number; n != nil {
				if n.ID != nil && style.number == "" {
					style.number = n.ID.Val
				}
				if n.Level != nil && !levelKnown {
					style.level, levelKnown = atoi(n.Level.Val), true
				}
			}
			at, ok = index[base.BasedOn.Val]
		}
		out[s.ID] = style
	}
	return out, nil
}

// outlineLevel turns Word's level, 0 to 8, or 9 for body text, into ours.
func outlineLevel(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
