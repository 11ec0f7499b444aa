package parse

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

// pdfFont turns the codes of a string into characters and widths.
type pdfFont struct {
	bold, italic bool
	wide         bool // two-byte codes
	simple       [256]string
	unicode      *toUnicode // nil where the font has none
	widths       map[int]float64
	standard     *[95]uint16 // widths by character, for the fonts that come without
	missing      float64     // width where widths has none
	scale        float64     // glyph space to text space
}

// errPDFFont is a font that this reader cannot decode; pdfium may.
var errPDFFont = errors.New("unsupported font")

const maxFontTable = 70_000 // entries in a font's arrays; codes have two bytes

func newPDFFont(v pdf.Value) (*pdfFont, error) {
	f := &pdfFont{scale: 0.001, widths: map[int]float64{}}
	base := v.Key("BaseFont").Name()
	desc := v.Key("FontDescriptor")
	if v.Key("Subtype").Name() == "Type0" {
		desc = v.Key("DescendantFonts").Index(0).Key("FontDescriptor")
	}
	f.style(base, desc)
	if to := v.Key("ToUnicode"); to.Kind() == pdf.Stream {
		data, err := streamBytes(to)
		if err != nil {
			return nil, fmt.Errorf("character map of font %s: %w", base, err)
		}
		f.unicode = newToUnicode(data)
	}
	if v.Key("Subtype").Name() == "Type0" {
		return f, f.composite(v, base)
	}
	return f, f.singleByte(v, base)
}

func (f *pdfFont) style(base string, desc pdf.Value) {
	f.bold, f.italic = fontStyle(strings.ToLower(base), desc.Key("Flags").Int64())
	f.bold = f.bold || desc.Key("FontWeight").Float64() >= 600
}

// fontStyle tells bold and italic by a font's name, in lower case, and the flags
// of its descriptor.
func fontStyle(name string, flags int64) (bold, italic bool) {
	const flagItalic, flagForceBold = 1 << 6, 1 << 18
	bold = strings.Contains(name, "bold") || strings.Contains(name, "black") || strings.Contains(name, "heavy")
	italic = strings.Contains(name, "italic") || strings.Contains(name, "oblique")
	return bold || flags&flagForceBold != 0, italic || flags&flagItalic != 0
}

// composite reads a Type0 font: two-byte codes that are glyph numbers.
func (f *pdfFont) composite(v pdf.Value, base string) error {
	f.wide = true
	if enc := v.Key("Encoding").Name(); enc != "Identity-H" {
		return fmt.Errorf("font %s, encoding %q: %w", base, enc, errPDFFont)
	}
	if f.unicode == nil {
		return fmt.Errorf("font %s has no character map: %w", base, errPDFFont)
	}
	d := v.Key("DescendantFonts").Index(0)
	f.missing = 1000
	if dw := d.Key("DW"); !dw.IsNull() {
		f.missing = dw.Float64()
	}
	w := d.Key("W")
	if w.Len() > maxFontTable {
		return fmt.Errorf("font %s, widths: %w", base, errPDFFont)
	}
	for i := 0; i+1 < w.Len(); {
		first, second := int(w.Index(i).Int64()), w.Index(i+1)
		if second.Kind() == pdf.Array {
			for j := range min(second.Len(), maxFontTable) {
				f.widths[first+j] = second.Index(j).Float64()
			}
			i += 2
			continue
		}
		last, width := min(int(second.Int64()), 0xffff), w.Index(i+2).Float64()
		for c := max(first, 0); c <= last; c++ {
			f.widths[c] = width
		}
		i += 3
	}
	return nil
}

// singleByte reads any other font: one-byte codes with an encoding.
func (f *pdfFont) singleByte(v pdf.Value, base string) error {
	if v.Key("Subtype").Name() == "Type3" {
		f.scale = v.Key("FontMatrix").Index(0).Float64()
		if f.scale == 0 {
			f.scale = 0.001
		}
	}
	if err := f.encode(v); err != nil {
		return fmt.Errorf("font %s: %w", base, err)
	}
	f.missing = v.Key("FontDescriptor").Key("MissingWidth").Float64()
	w, first := v.Key("Widths"), int(v.Key("FirstChar").Int64())
	for i := range min(w.Len(), 256) {
		f.widths[first+i] = w.Index(i).Float64()
	}
	if w.Len() == 0 {
		f.standard = standardWidths(base)
		f.missing = 556
	}
	return nil
}

// encode fills the table of characters: the base encoding, then Differences.
// Glyph names are looked up by the library, whose table holds them all.
func (f *pdfFont) encode(v pdf.Value) error {
	enc := v.Key("Encoding")
	name := enc.Name()
	if enc.Kind() == pdf.Dict {
		name = enc.Key("BaseEncoding").Name()
	}
	table := charmap.Windows1252
	if name == "MacRomanEncoding" {
		table = charmap.Macintosh
	}
	for c := range f.simple {
		if r := table.DecodeByte(byte(c)); c >= ' ' && r != '\ufffd' {
			f.simple[c] = string(r)
		}
	}
	if symbolic(v.Key("BaseFont").Name()) {
		for _, c := range []int{0xa7, 0xa8, 0xb7, 0xd8, 0xfc, 'l', 'n', 'o', 'q', 'u', 'v'} {
			f.simple[c] = "•"
		}
	}
	diff := enc.Key("Differences")
	if diff.Len() > 1024 {
		return errPDFFont
	}
	decoder := (&pdf.Font{V: v}).Encoder
	code := 0
	for i := range diff.Len() {
		x := diff.Index(i)
		if x.Kind() != pdf.Name {
			code = int(x.Int64())
			continue
		}
		if code >= 0 && code < 256 {
			f.simple[code] = glyphName(x.Name(), func() string { return decoder().Decode(string([]byte{byte(code)})) }, code)
		}
		code++
	}
	return nil
}

// glyphName turns a glyph's name into its character. lookup asks the library,
// which answers with the code itself where it does not know the name.
func glyphName(name string, lookup func() string, code int) string {
	if name == ".notdef" || name == "" {
		return ""
	}
	for _, prefix := range []string{"uni", "u"} {
		if hex, ok := strings.CutPrefix(name, prefix); ok && len(hex) >= 4 && len(hex) <= 6 {
			if n, err := strconv.ParseUint(hex, 16, 32); err == nil && n < 0x110000 {
				return string(rune(n))
			}
		}
	}
	if len(name) == 1 {
		return name
	}
	if s := lookup(); s != string(rune(code)) || code < 128 && len(name) > 2 && asciiNamed(name) {
		return s
	}
	if code >= 0xa0 && !strings.ContainsAny(name, "0123456789.") {
		return string(rune(code)) // Latin-1 letters whose code is also their Unicode value
	}
	return "\ufffd"
}

// asciiNamed tells whether a glyph name of an ASCII character is a word, as
// "comma", not a number in a subset font, as "g17".
func asciiNamed(name string) bool { return !strings.ContainsAny(name, "0123456789.") }

// symbolic tells whether a font draws bullets in the place of letters.
func symbolic(base string) bool {
	name := strings.ToLower(base)
	return strings.Contains(name, "symbol") || strings.Contains(name, "wingdings") || strings.Contains(name, "dingbats")
}

// decode calls emit for each code of s with its text and its width in text
// space for font size 1.
func (f *pdfFont) decode(s string, emit func(code int, text string, width float64)) {
	step := 1
	if f.wide {
		step = 2
	}
	for i := 0; i+step <= len(s); i += step {
		code := int(s[i])
		if f.wide {
			code = code<<8 | int(s[i+1])
		}
		text, ok := "", false
		if f.unicode != nil {
			text, ok = f.unicode.text[uint32(code)]
		}
		switch {
		case ok:
		case f.wide:
			text = "\ufffd"
		default:
			text = f.simple[byte(code)]
		}
		w, known := f.widths[code]
		if !known {
			w = f.missing
			if f.standard != nil && code >= ' ' && code < 127 {
				w = float64(f.standard[code-' '])
			}
		}
		emit(code, text, w*f.scale)
	}
}

// streamBytes decodes a stream with the library's filters, after checking that
// it has them: an unknown one makes it panic, a huge predictor exhausts memory.
func streamBytes(v pdf.Value) ([]byte, error) {
	filter, parms := v.Key("Filter"), v.Key("DecodeParms")
	names, dicts := []pdf.Value{filter}, []pdf.Value{parms}
	if filter.Kind() == pdf.Array {
		names, dicts = nil, nil
		for i := range min(filter.Len(), 8) {
			names, dicts = append(names, filter.Index(i)), append(dicts, parms.Index(i))
		}
	}
	for i, n := range names {
		if n.IsNull() {
			continue
		}
		if n.Name() != "FlateDecode" && n.Name() != "ASCII85Decode" {
			return nil, fmt.Errorf("filter %q: %w", n.Name(), errPDFStream)
		}
		if p := dicts[i].Key("Predictor").Int64(); p > 1 && p != 12 || dicts[i].Key("Columns").Int64() > 1<<20 {
			return nil, fmt.Errorf("predictor %d: %w", p, errPDFStream)
		}
	}
	data, err := io.ReadAll(io.LimitReader(v.Reader(), maxPDFStream+1))
	if len(data) > maxPDFStream {
		return nil, fmt.Errorf("stream: %w", ErrTooLarge)
	}
	if err != nil {
		return data, fmt.Errorf("%w: %w", errPDFStream, err)
	}
	return data, nil
}

// errPDFStream is a stream that the library cannot decode, or only in part.
var errPDFStream = errors.New("unreadable stream")
