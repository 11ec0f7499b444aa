package parse

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
)

// streamAt reads the stream object at off and decodes it.
func (x *pdfIndex) streamAt(off int) (dict pdfObject, body []byte, err error) {
	l := pdfLexer{data: x.data, pos: off}
	l.next()
	l.next()
	if l.next().Text != "obj" {
		return dict, nil, errPDFXref
	}
	dict = l.next()
	if dict.Kind != pdfDict || l.next().Text != "stream" {
		return dict, nil, errPDFXref
	}
	start := l.pos
	if start < len(x.data) && x.data[start] == '\r' {
		start++
	}
	if start < len(x.data) && x.data[start] == '\n' {
		start++
	}
	size := dict.get("Length")
	if n, _, ok := size.ref(); ok && x.entries[n].stream == 0 {
		size, _ = x.object(size)
	}
	end := start + size.int()
	if size.int() <= 0 || end > len(x.data) {
		i := bytes.Index(x.data[start:], []byte("endstream"))
		if i < 0 {
			return dict, nil, errPDFXref
		}
		end = start + i
	}
	body, err = decodeFlate(dict, x.data[start:end])
	return dict, body, err
}

// decodeFlate decodes what cross-reference and object streams use: Flate with
// an optional PNG predictor.
func decodeFlate(dict pdfObject, raw []byte) ([]byte, error) {
	filter, parms := dict.get("Filter"), dict.get("DecodeParms")
	if filter.Kind == pdfArray && len(filter.List) == 1 {
		filter = filter.List[0]
		if parms.Kind == pdfArray && len(parms.List) == 1 {
			parms = parms.List[0]
		}
	}
	if filter.Kind == pdfNull || filter.Kind == pdfArray && len(filter.List) == 0 {
		return raw, nil
	}
	if filter.Text != "FlateDecode" {
		return nil, fmt.Errorf("filter %q: %w", filter.Text, errPDFXref)
	}
	zr, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(zr, maxPDFStream))
	if len(body) == 0 && err != nil {
		return nil, err
	}
	if p := parms.get("Predictor").int(); p >= 10 {
		return undoPNG(body, max(1, parms.get("Columns").int())), nil
	}
	return body, nil
}

// undoPNG undoes the PNG predictors on rows of one-byte samples.
func undoPNG(body []byte, columns int) []byte {
	if columns >= len(body) {
		return nil
	}
	out := make([]byte, 0, len(body))
	prev := make([]byte, columns)
	for len(body) > columns {
		kind, row := body[0], body[1:columns+1]
		body = body[columns+1:]
		for i := range row {
			var left, corner byte
			if i > 0 {
				left, corner = row[i-1], prev[i-1]
			}
			switch kind {
			case 1:
				row[i] += left
			case 2:
				row[i] += prev[i]
			case 3:
				row[i] += byte((int(left) + int(prev[i])) / 2)
			case 4:
				row[i] += paeth(left, prev[i], corner)
			}
		}
		out = append(out, row...)
		prev = row
	}
	return out
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

func abs(n int) int { return max(n, -n) }

// unpack returns the objects in object stream num, by their numbers.
func (x *pdfIndex) unpack(num int) (map[int][]byte, error) {
	e := x.entries[num]
	if e.stream != 0 || e.offset <= 0 {
		return nil, fmt.Errorf("object stream %d: %w", num, errPDFXref)
	}
	dict, body, err := x.streamAt(e.offset)
	if err != nil {
		return nil, fmt.Errorf("object stream %d: %w", num, err)
	}
	first := dict.get("First").int()
	if first <= 0 || first > len(body) {
		return nil, fmt.Errorf("object stream %d: %w", num, errPDFXref)
	}
	l := pdfLexer{data: body[:first]}
	var ids, offs []int
	for {
		id, off := l.next(), l.next()
		if id.Kind != pdfNumber || off.Kind != pdfNumber {
			break
		}
		ids, offs = append(ids, id.int()), append(offs, first+off.int())
	}
	parts := make(map[int][]byte, len(ids))
	for i, id := range ids {
		end := len(body)
		if i+1 < len(ids) && offs[i+1] > offs[i] {
			end = min(end, offs[i+1])
		}
		if offs[i] >= first && offs[i] < end {
			parts[id] = body[offs[i]:end]
		}
	}
	return parts, nil
}
