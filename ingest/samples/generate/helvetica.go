package main

import (
	"fmt"

	"golang.org/x/text/encoding/charmap"
)

// face is one of the standard 14 fonts, which every reader has, with its glyph
// widths in thousandths of the font size (Adobe's font metrics).
type face struct {
	resource string       // its name in a page's resources
	base     string       // its PostScript name
	ascii    [95]int      // from space to tilde
	latin    map[byte]int // by Windows-1252 code, above ASCII
}

var regular = &face{
	resource: "F1",
	base:     "Helvetica",
	ascii: [95]int{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
	},
	latin: map[byte]int{
		0x95: 350, 0x96: 556, 0xa7: 556, 0xab: 556, 0xbb: 556, 0xbd: 834, // • – § « » ½
		0xc5: 667, 0xc6: 1000, 0xd8: 778, 0xe5: 556, 0xe6: 889, 0xe9: 556, 0xf8: 611, // Å Æ Ø å æ é ø
	},
}

var bold = &face{
	resource: "F2",
	base:     "Helvetica-Bold",
	ascii: [95]int{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, // 0 to ?
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, // @ to O
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, // P to _
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, // ` to o
		611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, // p to ~
	},
	latin: map[byte]int{
		0x95: 350, 0x96: 556, 0xa7: 556, 0xab: 556, 0xbb: 556, 0xbd: 834,
		0xc5: 722, 0xc6: 1000, 0xd8: 778, 0xe5: 556, 0xe6: 889, 0xe9: 556, 0xf8: 611,
	},
}

// encode turns text into the bytes of the WinAnsi encoding. A letter that the
// encoding or the width tables lack is an error, so that none is lost silently.
func encode(text string) ([]byte, error) {
	out, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("encoding %q: %w", text, err)
	}
	for _, c := range out {
		if _, known := regular.latin[c]; !known && (c < ' ' || c > '~') {
			return nil, fmt.Errorf("no width for byte %#x in %q", c, text)
		}
	}
	return out, nil
}

// width is how wide encoded text stands at the given size, in points.
func (f *face) width(encoded []byte, size float64) float64 {
	sum := 0
	for _, c := range encoded {
		if c <= '~' {
			sum += f.ascii[c-' ']
		} else {
			sum += f.latin[c]
		}
	}
	return float64(sum) * size / 1000
}
