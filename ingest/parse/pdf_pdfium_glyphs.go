package parse

import (
	"math"
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// pdfiumGlyphs collects the glyphs of a page from pdfium's text page. Each
// question is a call into WebAssembly, so style and direction are asked for once
// a word.
type pdfiumGlyphs struct {
	instance pdfium.Pdfium
	text     references.FPDF_TEXTPAGE
	base     matrix
	page     *pageGlyphs
	inWord   bool
	style    glyph // bold, italic, dir and size of the word
	box      [4]float32
}

// lineEndHyphen is what pdfium reports for a hyphen at the end of a line.
const lineEndHyphen = 0x02

// add reads character i. Characters that pdfium adds itself, spaces and line
// ends, are left out: the layout finds them by position for every reader.
func (r *pdfiumGlyphs) add(i int) error {
	u, err := r.instance.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: r.text, Index: i})
	if err != nil {
		return err
	}
	text := string(rune(u.Unicode))
	switch u.Unicode {
	case '\r', '\n':
		r.inWord = false
		return nil
	case 0:
		text = "\ufffd"
	case lineEndHyphen, 0xfffe:
		text = "-"
	}
	if isBlank(text) {
		r.inWord = false
		made, err := r.instance.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: r.text, Index: i})
		if err != nil || made.IsGenerated {
			return err
		}
	}
	if !r.inWord {
		if err := r.newWord(i); err != nil {
			return err
		}
		r.inWord = !isBlank(text)
	}
	return r.place(i, text)
}

// newWord asks for what the characters of a word have in common.
func (r *pdfiumGlyphs) newWord(i int) error {
	size, err := r.instance.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: r.text, Index: i})
	if err != nil {
		return err
	}
	m, err := r.instance.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: r.text, Index: i})
	if err != nil {
		return err
	}
	full := matrix{float64(m.Matrix.A), float64(m.Matrix.B), float64(m.Matrix.C), float64(m.Matrix.D), 0, 0}.mul(r.base)
	r.style = glyph{size: math.Hypot(full[2], full[3]) * math.Abs(size.FontSize)}
	var straight bool
	if r.style.dir, straight = direction(full[0], full[1]); !straight {
		r.style.size = 0
	}
	// Without a name, as for spaces, the style stays regular.
	if font, err := r.instance.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: r.text, Index: i}); err == nil {
		r.style.bold, r.style.italic = fontStyle(strings.ToLower(font.FontName), int64(font.Flags))
	}
	return nil
}

// place adds the glyph at its place on the page as shown.
func (r *pdfiumGlyphs) place(i int, text string) error {
	box, err := r.instance.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: r.text, Index: i})
	if err != nil {
		return err
	}
	origin, err := r.instance.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: r.text, Index: i})
	if err != nil {
		return err
	}
	now := [4]float32{box.Rect.Left, box.Rect.Top, box.Rect.Right, box.Rect.Bottom}
	n := len(r.page.glyphs)
	if now == r.box && n > 0 && text != " " {
		r.page.glyphs[n-1].text += text // a ligature comes as its letters, all in one box
		return nil
	}
	r.box = now
	ax, ay := r.base.apply(float64(box.Rect.Left), float64(box.Rect.Top))
	bx, by := r.base.apply(float64(box.Rect.Right), float64(box.Rect.Bottom))
	ox, oy := r.base.apply(origin.X, origin.Y)
	if r.style.size <= 0 || ox < -1 || oy < -1 || ox > r.page.width+1 || oy > r.page.height+1 {
		return nil
	}
	g := r.style
	ax, _ = r.page.turn(ax, ay, g.dir)
	bx, _ = r.page.turn(bx, by, g.dir)
	_, g.y = r.page.turn(ox, oy, g.dir)
	g.text, g.x0, g.x1 = text, min(ax, bx), max(ax, bx)
	r.page.glyphs = append(r.page.glyphs, g)
	return nil
}

// pdfiumMatrix finds the page's box and rotation.
func pdfiumMatrix(instance pdfium.Pdfium, page references.FPDF_PAGE, out *pageGlyphs) (matrix, error) {
	ref := requests.Page{ByReference: &page}
	box, err := instance.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: ref})
	if err != nil {
		return identity, pdfiumError(err)
	}
	rotation, err := instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: ref})
	if err != nil {
		return identity, pdfiumError(err)
	}
	x0, x1 := float64(box.Rect.Left), float64(box.Rect.Right)
	y0, y1 := float64(box.Rect.Bottom), float64(box.Rect.Top)
	return out.place(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), int64(rotation.PageRotation)), nil
}
