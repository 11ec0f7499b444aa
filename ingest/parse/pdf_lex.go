package parse

import (
	"errors"
	"strconv"
)

// pdfKind is the kind of a pdfObject.
type pdfKind uint8

const (
	pdfNull pdfKind = iota
	pdfNumber
	pdfName    // Text without the slash
	pdfString  // Text is the raw bytes
	pdfKeyword // operators, true, false, R, obj …
	pdfArray
	pdfDict // List holds key, value, key, value …
	pdfEnd  // end of input, or a closing bracket without its opening one
)

// pdfObject is one value of PDF syntax. References stay three separate values
// inside arrays and dictionaries until readRefs folds them.
type pdfObject struct {
	Kind pdfKind
	Num  float64
	Text string
	List []pdfObject
}

// pdfRef is an indirect reference, folded into an object of kind pdfKeyword
// with Text "R", Num the object number and the generation in List.
func (o pdfObject) ref() (num, gen int, ok bool) {
	if o.Kind != pdfKeyword || o.Text != "R" || len(o.List) != 1 {
		return 0, 0, false
	}
	return int(o.Num), int(o.List[0].Num), true
}

// get returns the value of key in a dictionary, or null.
func (o pdfObject) get(key string) pdfObject {
	if o.Kind == pdfDict {
		for i := 0; i+1 < len(o.List); i += 2 {
			if o.List[i].Kind == pdfName && o.List[i].Text == key {
				return o.List[i+1]
			}
		}
	}
	return pdfObject{}
}

// int returns a number as an integer within ±2³¹, or 0.
func (o pdfObject) int() int {
	if o.Kind != pdfNumber || o.Num > 1<<31 || o.Num < -(1<<31) {
		return 0
	}
	return int(o.Num)
}

const maxPDFDepth = 64 // nesting of arrays and dictionaries; real files stay below 10

var errPDFDepth = errors.New("arrays or dictionaries nested too deeply")

// pdfLexer reads PDF syntax from bytes in memory. It never blocks and always
// moves forward, so a loop over it ends.
type pdfLexer struct {
	data  []byte
	pos   int
	depth int
	err   error // nesting too deep: everything after is pdfEnd
}

func pdfSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelim(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *pdfLexer) skipSpace() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case pdfSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next reads one object. A closing bracket gives pdfEnd with its text, the end
// of input pdfEnd with no text.
func (l *pdfLexer) next() pdfObject {
	l.skipSpace()
	if l.pos >= len(l.data) || l.err != nil {
		return pdfObject{Kind: pdfEnd}
	}
	c := l.data[l.pos]
	switch {
	case c == '/':
		l.pos++
		return pdfObject{Kind: pdfName, Text: l.name()}
	case c == '(':
		l.pos++
		return pdfObject{Kind: pdfString, Text: l.literal()}
	case c == '[':
		l.pos++
		return l.list(pdfArray, "]")
	case c == '<' && l.pos+1 < len(l.data) && l.data[l.pos+1] == '<':
		l.pos += 2
		return l.list(pdfDict, ">>")
	case c == '<':
		l.pos++
		return pdfObject{Kind: pdfString, Text: l.hex()}
	case c == '>' && l.pos+1 < len(l.data) && l.data[l.pos+1] == '>':
		l.pos += 2
		return pdfObject{Kind: pdfEnd, Text: ">>"}
	case c == ']':
		l.pos++
		return pdfObject{Kind: pdfEnd, Text: "]"}
	case pdfDelim(c):
		l.pos++
		return pdfObject{Kind: pdfKeyword, Text: string(c)}
	}
	return l.word()
}

func (l *pdfLexer) list(kind pdfKind, end string) pdfObject {
	if l.depth >= maxPDFDepth {
		l.err = errPDFDepth
		return pdfObject{Kind: pdfEnd}
	}
	l.depth++
	defer func() { l.depth-- }()
	o := pdfObject{Kind: kind}
	for {
		x := l.next()
		if x.Kind == pdfEnd {
			if x.Text == "" || x.Text == end {
				return o
			}
			continue // a stray closing bracket of the other sort
		}
		if n := len(o.List); x.Kind == pdfKeyword && x.Text == "R" && n >= 2 &&
			o.List[n-1].Kind == pdfNumber && o.List[n-2].Kind == pdfNumber {
			x.Num, x.List = o.List[n-2].Num, []pdfObject{o.List[n-1]}
			o.List = o.List[:n-2]
		}
		o.List = append(o.List, x)
	}
}

// word reads a number or a keyword.
func (l *pdfLexer) word() pdfObject {
	start := l.pos
	for l.pos < len(l.data) && !pdfSpace(l.data[l.pos]) && !pdfDelim(l.data[l.pos]) {
		l.pos++
	}
	b := l.data[start:l.pos]
	if f, ok := pdfParseNumber(b); ok {
		return pdfObject{Kind: pdfNumber, Num: f}
	}
	if string(b) == "null" {
		return pdfObject{}
	}
	return pdfObject{Kind: pdfKeyword, Text: string(b)}
}

// pdfParseNumber reads a number without allocating; a second sign, as some
// producers write in "--5" or "0.-13", ends it.
func pdfParseNumber(b []byte) (float64, bool) {
	neg, i := false, 0
	for i < len(b) && (b[i] == '+' || b[i] == '-') {
		neg = neg || b[i] == '-'
		i++
	}
	var n, scale float64 = 0, 0
	digits := 0
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			digits++
			if scale == 0 {
				n = n*10 + float64(c-'0')
			} else {
				n += float64(c-'0') * scale
				scale /= 10
			}
		case c == '.' && scale == 0:
			scale = 0.1
		case c == '-' && digits > 0:
			i = len(b)
		default:
			return 0, false
		}
	}
	if neg {
		n = -n
	}
	return n, digits > 0 || scale != 0
}

func (l *pdfLexer) name() string {
	start, escaped := l.pos, false
	for l.pos < len(l.data) && !pdfSpace(l.data[l.pos]) && !pdfDelim(l.data[l.pos]) {
		escaped = escaped || l.data[l.pos] == '#'
		l.pos++
	}
	raw := l.data[start:l.pos]
	if !escaped {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if v, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return string(out)
}

func (l *pdfLexer) hex() string {
	var out []byte
	var high byte
	half := false
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		case c == '>':
			if half {
				out = append(out, high<<4)
			}
			return string(out)
		default:
			continue
		}
		if half {
			out = append(out, high<<4|v)
		}
		high, half = v, !half
	}
	return string(out)
}

// literal reads a string in parentheses, from after the opening one.
func (l *pdfLexer) literal() string {
	out := make([]byte, 0, 32)
	for depth := 1; l.pos < len(l.data); {
		c := l.data[l.pos]
		l.pos++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return string(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

func (l *pdfLexer) escape(out []byte) []byte {
	if l.pos >= len(l.data) {
		return out
	}
	c := l.data[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.pos < len(l.data) && l.data[l.pos] == '\n' {
			l.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := int(c - '0')
	for i := 0; i < 2 && l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '7'; i++ {
		v = v*8 + int(l.data[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(v))
}
