package parse

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ledongthuc/pdf"
)

// matrix is a PDF transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// mul applies m first, then n.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// apply transforms a point.
func (m matrix) apply(x, y float64) (float64, float64) {
	return x*m[0] + y*m[2] + m[4], x*m[1] + y*m[3] + m[5]
}

// textState is the part of the graphics state that q and Q save.
type textState struct {
	ctm           matrix
	font          *pdfFont
	size          float64
	char, word    float64 // extra spacing after each character and each space
	stretch       float64 // horizontal scaling, 1 for none
	leading, rise float64
}

// contentReader runs a page's content streams and collects its glyphs.
type contentReader struct {
	ctx   context.Context
	page  *pageGlyphs
	fonts *fontCache
	state textState
	saved []textState
	tm    matrix // text matrix
	line  matrix // text line matrix
	ops   int    // operators run on this page, forms included
	font  error  // the last text was in a font that could not be read
}

const (
	maxOps       = 5_000_000 // on one page; the fullest real page seen has 200,000
	maxFormDepth = 12        // forms within forms
	maxSaved     = 512       // nesting of q
)

var errPDFContent = errors.New("page content is too long or nested too deeply")

// fontCache keeps the fonts of a document by the text of their dictionaries,
// which names what they refer to, since the library does not tell their numbers.
type fontCache struct {
	fonts map[string]*pdfFont
	errs  map[string]error
}

func (c *fontCache) get(v pdf.Value) (*pdfFont, error) {
	key := v.String()
	if f, ok := c.fonts[key]; ok {
		return f, c.errs[key]
	}
	f, err := newPDFFont(v)
	c.fonts[key], c.errs[key] = f, err
	return f, err
}

// run interprets one stream of operators.
func (r *contentReader) run(data []byte, resources pdf.Value, depth int) error {
	l := pdfLexer{data: data}
	fonts := map[string]pdf.Value{}
	var args []pdfObject
	for {
		o := l.next()
		if o.Kind == pdfEnd {
			if o.Text == "" {
				return l.err
			}
			continue
		}
		if o.Kind != pdfKeyword {
			if len(args) < 64 {
				args = append(args, o)
			}
			continue
		}
		if r.ops++; r.ops > maxOps || len(r.page.glyphs) > maxGlyphs {
			return fmt.Errorf("%w: %w", errPDFContent, ErrTooLarge)
		}
		if r.ops%1024 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		switch o.Text {
		case "BI":
			l.skipInlineImage()
		case "Do":
			if err := r.form(args, resources, depth); err != nil {
				return err
			}
		case "Tf":
			if len(args) == 2 {
				v, ok := fonts[args[0].Text]
				if !ok {
					v = resources.Key("Font").Key(args[0].Text)
					fonts[args[0].Text] = v
				}
				r.state.size = args[1].Num
				r.state.font, r.font = r.fonts.get(v)
			}
		default:
			if err := r.operator(o.Text, args); err != nil {
				return err
			}
		}
		args = args[:0]
	}
}

// form draws a form XObject; images are passed over.
func (r *contentReader) form(args []pdfObject, resources pdf.Value, depth int) error {
	if len(args) != 1 {
		return nil
	}
	x := resources.Key("XObject").Key(args[0].Text)
	if x.Key("Subtype").Name() != "Form" {
		return nil
	}
	if depth >= maxFormDepth {
		return errPDFContent
	}
	data, err := streamBytes(x)
	if err != nil {
		return fmt.Errorf("form %s: %w", args[0].Text, err)
	}
	saved, stack := r.state, r.saved
	r.saved = nil
	if m := x.Key("Matrix"); m.Len() == 6 {
		var form matrix
		for i := range form {
			form[i] = m.Index(i).Float64()
		}
		r.state.ctm = form.mul(r.state.ctm)
	}
	if own := x.Key("Resources"); !own.IsNull() {
		resources = own
	}
	r.ops += 100 // a form that draws itself many times over must end
	err = r.run(data, resources, depth+1)
	r.state, r.saved = saved, stack
	return err
}

// operator runs one operator of the graphics or text state, or shows text.
func (r *contentReader) operator(op string, args []pdfObject) error {
	num := func(i int) float64 {
		if i < len(args) {
			return args[i].Num
		}
		return 0
	}
	s := &r.state
	switch op {
	case "q":
		if len(r.saved) < maxSaved {
			r.saved = append(r.saved, *s)
		}
	case "Q":
		if n := len(r.saved); n > 0 {
			*s, r.saved = r.saved[n-1], r.saved[:n-1]
		}
	case "cm":
		s.ctm = matrix{num(0), num(1), num(2), num(3), num(4), num(5)}.mul(s.ctm)
	case "BT":
		r.tm, r.line = identity, identity
	case "Tm":
		r.line = matrix{num(0), num(1), num(2), num(3), num(4), num(5)}
		r.tm = r.line
	case "Td":
		r.move(num(0), num(1))
	case "TD":
		s.leading = -num(1)
		r.move(num(0), num(1))
	case "T*":
		r.move(0, -s.leading)
	case "Tc":
		s.char = num(0)
	case "Tw":
		s.word = num(0)
	case "Tz":
		s.stretch = num(0) / 100
	case "TL":
		s.leading = num(0)
	case "Ts":
		s.rise = num(0)
	case "Tj":
		return r.show(args)
	case "'":
		r.move(0, -s.leading)
		return r.show(args)
	case "\"":
		s.word, s.char = num(0), num(1)
		r.move(0, -s.leading)
		if len(args) == 3 {
			return r.show(args[2:])
		}
	case "TJ":
		if len(args) == 1 {
			return r.show(args[0].List)
		}
	}
	return nil
}

func (r *contentReader) move(x, y float64) {
	r.line = matrix{1, 0, 0, 1, x, y}.mul(r.line)
	r.tm = r.line
}

// show draws strings; numbers between them move the pen back by thousandths.
func (r *contentReader) show(parts []pdfObject) error {
	s := &r.state
	if r.font != nil {
		return r.font
	}
	if s.font == nil {
		return nil
	}
	for _, p := range parts {
		if p.Kind == pdfNumber {
			r.advance(-p.Num / 1000 * s.size * s.stretch)
			continue
		}
		s.font.decode(p.Text, func(code int, text string, width float64) {
			r.draw(text, width*s.size*s.stretch)
			step := width*s.size + s.char
			if code == ' ' && !s.font.wide {
				step += s.word
			}
			r.advance(step * s.stretch)
		})
	}
	return nil
}

func (r *contentReader) advance(x float64) {
	r.tm[4] += x * r.tm[0]
	r.tm[5] += x * r.tm[1]
}

// draw adds a glyph at the pen. width is in text space.
func (r *contentReader) draw(text string, width float64) {
	if text == "" || len(r.page.glyphs) > maxGlyphs {
		return
	}
	s := &r.state
	m := r.tm.mul(s.ctm)
	x0, y0 := m[2]*s.rise+m[4], m[3]*s.rise+m[5]
	dir, straight := direction(m[0], m[1])
	size := math.Hypot(m[2], m[3]) * math.Abs(s.size)
	if !straight || size <= 0 || math.IsNaN(x0+y0+size) || x0 < -1 || y0 < -1 || x0 > r.page.width+1 || y0 > r.page.height+1 {
		return
	}
	x1, y1 := x0+m[0]*width, y0+m[1]*width
	tx0, ty := r.page.turn(x0, y0, dir)
	tx1, _ := r.page.turn(x1, y1, dir)
	r.page.glyphs = append(r.page.glyphs, glyph{text: text, x0: tx0, x1: max(tx0, tx1), y: ty, size: size,
		bold: s.font.bold, italic: s.font.italic, dir: dir})
}

// skipInlineImage moves past the image data that follows BI: its dictionary up
// to ID, then bytes up to an EI that stands alone.
func (l *pdfLexer) skipInlineImage() {
	for {
		o := l.next()
		if o.Kind == pdfEnd && o.Text == "" {
			return
		}
		if o.Kind == pdfKeyword && o.Text == "ID" {
			break
		}
	}
	for i := l.pos; i+2 < len(l.data); i++ {
		if pdfSpace(l.data[i]) && l.data[i+1] == 'E' && l.data[i+2] == 'I' && (i+3 == len(l.data) || pdfSpace(l.data[i+3])) {
			l.pos = i + 3
			return
		}
	}
	l.pos = len(l.data)
}
