package parse

import (
	"unicode/utf16"
)

// toUnicode is a font's map from codes to characters.
type toUnicode struct {
	text map[uint32]string
}

// newToUnicode reads a ToUnicode character map. Damaged parts are skipped.
func newToUnicode(data []byte) *toUnicode {
	m := &toUnicode{text: map[uint32]string{}}
	l := pdfLexer{data: data}
	var args []pdfObject
	for {
		o := l.next()
		if o.Kind == pdfEnd {
			if o.Text == "" {
				return m
			}
			continue
		}
		if o.Kind != pdfKeyword {
			if len(args) < maxFontTable {
				args = append(args, o)
			}
			continue
		}
		switch o.Text {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				m.set(codeOf(args[i].Text), utf16Text(args[i+1].Text))
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				m.setRange(codeOf(args[i].Text), codeOf(args[i+1].Text), args[i+2])
			}
		}
		args = args[:0]
	}
}

func (m *toUnicode) set(code uint32, text string) {
	if len(m.text) < maxFontTable {
		m.text[code] = text
	}
}

func (m *toUnicode) setRange(lo, hi uint32, to pdfObject) {
	hi = min(hi, lo+0xffff)
	if to.Kind == pdfArray {
		for i, o := range to.List {
			if lo+uint32(i) <= hi {
				m.set(lo+uint32(i), utf16Text(o.Text))
			}
		}
		return
	}
	units := utf16Units(to.Text)
	for c := lo; c <= hi && len(units) > 0; c++ {
		m.set(c, string(utf16.Decode(units)))
		units[len(units)-1]++
	}
}

func codeOf(s string) uint32 {
	var n uint32
	for i := range len(s) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

func utf16Units(s string) []uint16 {
	if len(s) == 1 {
		return []uint16{uint16(s[0])}
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return units
}

func utf16Text(s string) string { return string(utf16.Decode(utf16Units(s))) }
