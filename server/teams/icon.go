package teams

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
)

// The sizes that Teams asks for, in pixels.
const (
	colorSize   = 192
	outlineSize = 32
)

// The colours of the product's own icon (frontend/assets/favicon.svg).
var (
	petrol = color.NRGBA{0x0f, 0x3d, 0x47, 0xff}
	yellow = color.NRGBA{0xff, 0xdf, 0x70, 0xff}
	white  = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// colorIcon draws the paragraph sign on the product's colour, filling the square.
func colorIcon() []byte { return draw(colorSize, petrol, yellow, 0.044) }

// outlineIcon draws the sign in white on nothing, as Teams asks.
func outlineIcon() []byte { return draw(outlineSize, color.NRGBA{}, white, 0.05) }

// draw paints a § with strokes of the given half width, a share of the size.
func draw(size int, ground, ink color.NRGBA, half float64) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	line := paragraphSign()
	soft := 1 / float64(size) // of the edge: one pixel
	for y := range size {
		for x := range size {
			at := point{(float64(x) + 0.5) / float64(size), (float64(y) + 0.5) / float64(size)}
			cover := min(1, max(0, (half-distance(at, line))/soft+0.5))
			img.SetNRGBA(x, y, mix(ground, ink, cover))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // into memory
	}
	return out.Bytes()
}

// mix lays ink over ground. Nothing takes the ink's colour, so that edges do not
// darken.
func mix(ground, ink color.NRGBA, cover float64) color.NRGBA {
	if ground.A == 0 {
		ink.A = uint8(math.Round(cover * 255))
		return ink
	}
	blend := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-cover) + float64(b)*cover)) }
	return color.NRGBA{blend(ground.R, ink.R), blend(ground.G, ink.G), blend(ground.B, ink.B), 255}
}

type point struct{ x, y float64 }

// paragraphSign is the middle line of a § in the unit square: two hooks that are
// each other turned half round, of which each runs into the other's belly.
func paragraphSign() []point {
	const radius, top, steps = 0.125, 0.285, 48
	var hook []point
	// From the open end at the right over the top and down the left side …
	for i := range steps + 1 {
		angle := -0.12*math.Pi - float64(i)/steps*1.03*math.Pi
		hook = append(hook, point{0.5 + radius*math.Cos(angle), top + radius*math.Sin(angle)})
	}
	// … and slanting across, to where the lower belly turns.
	last := hook[len(hook)-1]
	end := point{0.5 + radius*1.02, 0.56}
	for i := 1; i <= steps; i++ {
		t := float64(i) / steps
		a, b := point{last.x - 0.005, last.y + 0.13}, point{end.x + 0.02, end.y - 0.13}
		hook = append(hook, cubic(last, a, b, end, t))
	}
	for i := 1; i <= steps; i++ { // the belly closes at the left of the middle
		t := float64(i) / steps
		hook = append(hook, cubic(end, point{end.x - 0.005, end.y + 0.05}, point{end.x - 0.05, end.y + 0.075}, point{0.545, 0.645}, t))
	}
	whole := append(slices.Clone(hook), point{math.NaN(), math.NaN()})
	for _, p := range hook {
		whole = append(whole, point{1 - p.x, 1 - p.y})
	}
	return whole
}

// cubic is a point of a Bézier curve.
func cubic(a, b, c, d point, t float64) point {
	u := 1 - t
	wa, wb, wc, wd := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{wa*a.x + wb*b.x + wc*c.x + wd*d.x, wa*a.y + wb*b.y + wc*c.y + wd*d.y}
}

// distance is how far at is from the nearest point of the lines; a point that is
// no number parts two of them.
func distance(at point, line []point) float64 {
	nearest := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if math.IsNaN(a.x) || math.IsNaN(b.x) {
			continue
		}
		dx, dy := b.x-a.x, b.y-a.y
		t := 0.0
		if d := dx*dx + dy*dy; d > 0 {
			t = min(1, max(0, ((at.x-a.x)*dx+(at.y-a.y)*dy)/d))
		}
		nearest = min(nearest, math.Hypot(at.x-a.x-t*dx, at.y-a.y-t*dy))
	}
	return nearest
}
