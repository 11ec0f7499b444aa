package parse

// glyph is one drawn character. Coordinates are points on the page as shown:
// crop box and rotation applied, origin at the top left, y downwards.
type glyph struct {
	text   string  // usually one character; more for a ligature
	x0, x1 float64 // from the pen position to the next one, without letter spacing
	y      float64 // baseline
	size   float64 // font size as shown
	bold   bool
	italic bool
	dir    uint8 // reading direction: 0 →, 1 ↓, 2 ←, 3 ↑; x0, x1 and y are then turned to →
}

// pageGlyphs is what a reader gives for one page, in drawing order.
type pageGlyphs struct {
	width, height float64 // points, as shown
	glyphs        []glyph
}

// place sets the page's size from its box in the file's coordinates and its
// rotation in quarters, clockwise. It returns the matrix from the file's
// coordinates to those of glyph.
func (p *pageGlyphs) place(x0, y0, x1, y1 float64, quarters int64) matrix {
	p.width, p.height = x1-x0, y1-y0
	switch (quarters%4 + 4) % 4 {
	case 1:
		p.width, p.height = p.height, p.width
		return matrix{0, 1, 1, 0, -y0, -x0}
	case 2:
		return matrix{-1, 0, 0, 1, x1, -y0}
	case 3:
		p.width, p.height = p.height, p.width
		return matrix{0, -1, -1, 0, y1, x1}
	}
	return matrix{1, 0, 0, -1, -x0, y1}
}

// maxGlyphs bounds a page; the densest real page seen has 30,000.
const maxGlyphs = 500_000

// turn expresses a point of a page in the coordinates of a page turned so that
// text of direction dir reads from left to right.
func (p *pageGlyphs) turn(x, y float64, dir uint8) (float64, float64) {
	switch dir {
	case 1:
		return y, p.width - x
	case 2:
		return p.width - x, p.height - y
	case 3:
		return p.height - y, x
	}
	return x, y
}

// unturn undoes turn.
func (p *pageGlyphs) unturn(x, y float64, dir uint8) (float64, float64) {
	switch dir {
	case 1:
		return p.width - y, x
	case 2:
		return p.width - x, p.height - y
	case 3:
		return y, p.height - x
	}
	return x, y
}

// direction names the reading direction of text that advances by (dx, dy), and
// false where it is oblique: watermarks, mostly.
func direction(dx, dy float64) (uint8, bool) {
	const slope = 0.2 // about 11°
	ax, ay := max(dx, -dx), max(dy, -dy)
	switch {
	case ay <= slope*ax && dx >= 0:
		return 0, true
	case ay <= slope*ax:
		return 2, true
	case ax <= slope*ay && dy > 0:
		return 1, true
	case ax <= slope*ay:
		return 3, true
	}
	return 0, false
}
