package parse

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// rtfPlaces are the groups that are not text of the body.
var rtfPlaces = map[string]rtfPlace{
	"footnote": rtfNote, "title": rtfTitle,
	"fonttbl": rtfNowhere, "colortbl": rtfNowhere, "stylesheet": rtfNowhere, "listtable": rtfNowhere, "listoverridetable": rtfNowhere,
	"info": rtfNowhere, "pict": rtfNowhere, "object": rtfNowhere, "fldinst": rtfNowhere, "themedata": rtfNowhere, "datastore": rtfNowhere,
	"header": rtfNowhere, "headerl": rtfNowhere, "headerr": rtfNowhere, "headerf": rtfNowhere,
	"footer": rtfNowhere, "footerl": rtfNowhere, "footerr": rtfNowhere, "footerf": rtfNowhere,
	"generator": rtfNowhere, "xmlnstbl": rtfNowhere, "rsidtbl": rtfNowhere, "latentstyles": rtfNowhere, "nonesttables": rtfNowhere, "pntxta": rtfNowhere, "pntxtb": rtfNowhere,
}

// rtfStarred are the groups marked as skippable that are read all the same.
var rtfStarred = map[string]bool{"shptxt": true, "shpinst": true, "listtext": true, "pntext": true, "nesttableprops": true, "footnote": true}

var rtfSymbols = map[string]string{
	"tab": " ", "line": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
	"emspace": " ", "enspace": " ", "softline": " ",
}

var rtfPages = map[int]*charmap.Charmap{
	437: charmap.CodePage437, 850: charmap.CodePage850, 865: charmap.CodePage865, 1250: charmap.Windows1250, 1251: charmap.Windows1251,
	1252: charmap.Windows1252, 1257: charmap.Windows1257, 10000: charmap.Macintosh,
}

// word handles a control word with its number, if it has one.
func (r *rtfReader) word(word, number string) {
	n, err := strconv.Atoi(number)
	has := err == nil
	g := r.group()
	if place, ok := rtfPlaces[word]; ok && g.into != rtfNowhere || ok && word == "title" {
		g.into, r.star = place, false
		return
	}
	if r.star {
		if r.star = false; !rtfStarred[word] {
			g.into = rtfNowhere
			return
		}
	}
	if s, ok := rtfSymbols[word]; ok {
		r.put(s)
		return
	}
	switch word {
	case "ansicpg":
		if page := rtfPages[n]; page != nil {
			r.page = page
		}
	case "mac":
		r.page = charmap.Macintosh
	case "pc":
		r.page = charmap.CodePage437
	case "uc":
		g.skipBytes = max(0, min(n, 100))
	case "u":
		r.unicode(n)
	case "bin":
		r.at = min(len(r.data), r.at+max(0, n))
	case "b":
		g.bold = !has || n != 0
	case "v", "deleted":
		g.unshown = !has || n != 0
	case "plain":
		g.bold, g.unshown = false, false
	case "listtext", "pntext":
		r.marker = g.into == rtfBody
	case "outlinelevel":
		r.level = 0
		if has && n >= 0 && n <= 8 {
			r.level = n + 1
		}
	default:
		r.layout(word)
	}
}

// layout handles the words that end paragraphs, cells and rows.
func (r *rtfReader) layout(word string) {
	if g := r.group(); g.into != rtfBody {
		if word == "par" {
			r.put(" ")
		}
		return
	}
	switch word {
	case "pard":
		r.level, r.inTable = 0, false
	case "intbl":
		r.inTable = true
	case "par", "sect", "page":
		if r.inTable {
			r.put(" ")
			return
		}
		r.paragraph()
	case "cell", "nestcell":
		if len(r.cells) < maxColumns {
			r.cells = append(r.cells, fold(r.text.String()))
		}
		r.text.Reset()
		r.plain, r.marker = false, false
	case "row", "nestrow":
		if len(r.cells) > 0 {
			r.rows = append(r.rows, r.cells)
		}
		r.cells, r.inTable = nil, false
	}
}

// unicode adds the character \u names, which may be half of a pair, and passes
// over the characters that stand in for it.
func (r *rtfReader) unicode(n int) {
	unit := uint16(n)
	r.skip = r.group().skipBytes
	if utf16.IsSurrogate(rune(unit)) && len(r.units) == 0 {
		r.units = append(r.units, unit)
		return
	}
	r.put(string(utf16.Decode(append(r.units, unit))))
	r.units = nil
}

// paragraph ends the open paragraph; text outside tables ends a table.
func (r *rtfReader) paragraph() {
	text := fold(r.text.String())
	b := Block{Kind: Paragraph, Text: text, Bold: !r.plain}
	switch {
	case r.level > 0:
		b.Kind, b.Level, b.Bold = Heading, r.level, false
	case r.marker:
		if strings.HasPrefix(text, "·") || strings.HasPrefix(text, "\uf0b7") {
			_, rest, _ := strings.Cut(text, " ")
			b.Text = strings.TrimSpace("• " + rest)
		}
		b.Kind, b.Level, b.Bold = ListItem, 1, false
	}
	r.text.Reset()
	r.plain, r.marker = false, false
	if text == "" {
		return
	}
	r.table()
	r.blocks = append(r.blocks, b)
	r.blocks = append(r.blocks, r.notes...)
	r.notes = nil
}

// table ends the table whose rows have gathered.
func (r *rtfReader) table() {
	if len(r.cells) > 0 {
		r.rows = append(r.rows, r.cells)
	}
	if len(r.rows) == 0 {
		return
	}
	t := docxTable{}
	for _, row := range r.rows {
		var cells []docxCell
		for _, text := range row {
			cells = append(cells, docxCell{span: 1, blocks: []Block{{Kind: Paragraph, Text: text}}})
		}
		t.rows = append(t.rows, docxRow{cells: cells})
	}
	for _, b := range t.blocks() {
		if b.Text != "" {
			r.blocks = append(r.blocks, b)
		}
	}
	r.blocks = append(r.blocks, r.notes...)
	r.rows, r.cells, r.notes = nil, nil, nil
}
