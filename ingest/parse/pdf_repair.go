package parse

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
)

// ledongthuc/pdf trusts a file's cross-reference data: a table that names itself
// as its predecessor, an object stream that contains itself, or a size of 10¹²
// makes it loop, overflow the stack or ask for more memory than there is, none
// of which a recover catches. So it never sees that data: pdfIndex reads and
// checks it (or rebuilds it by looking for "N G obj"), unpacks the object
// streams, and overlay presents the file followed by the unpacked objects and
// one plain table. This also lets it read files it otherwise refuses.

const (
	maxPDFObjects  = 2_000_000    // object numbers; the largest real file seen has 300,000
	maxPDFUnpacked = 256 << 20    // bytes of all object streams together
	maxPDFStream   = 64 << 20     // bytes of one decoded stream
	maxPDFXrefs    = 10_000       // incremental updates in one file
	overlayHeader  = "%PDF-1.7\n" // the only form of header the library accepts
)

// pdfEntry says where an object stands.
type pdfEntry struct {
	gen    int
	offset int // of "N G obj" in the file
	stream int // the object stream that holds it, 0 for none
}

// pdfIndex is a file's cross-reference data.
type pdfIndex struct {
	data      []byte
	entries   map[int]pdfEntry
	trailer   pdfObject
	encrypted bool
}

var (
	errPDFXref  = errors.New("cross-reference data is unusable")
	errPDFNoDoc = errors.New("no document catalogue")
	objPattern  = regexp.MustCompile(`(\d{1,7})[ \t\r\n\x00]+(\d{1,5})[ \t\r\n\x00]+obj\b`)
)

// newPDFIndex reads the cross-reference data of a file, or rebuilds it.
func newPDFIndex(ctx context.Context, data []byte) (*pdfIndex, error) {
	x := &pdfIndex{data: data, entries: map[int]pdfEntry{}}
	if err := x.readChain(ctx); err != nil || !x.usable() {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x.rebuild()
	}
	x.encrypted = x.trailer.get("Encrypt").Kind != pdfNull
	if _, _, ok := x.trailer.get("Root").ref(); !ok {
		return x, errPDFNoDoc
	}
	return x, nil
}

// usable tells whether the catalogue and its page tree are where the index says.
func (x *pdfIndex) usable() bool {
	if x.trailer.get("Encrypt").Kind != pdfNull {
		return true
	}
	root, err := x.object(x.trailer.get("Root"))
	if err != nil || root.Kind != pdfDict {
		return false
	}
	if n, _, ok := root.get("Pages").ref(); ok {
		if e := x.entries[n]; e.stream != 0 {
			return x.entries[e.stream].offset > 0
		}
	}
	pages, err := x.object(root.get("Pages"))
	return err == nil && pages.Kind == pdfDict
}

// readChain follows startxref and each section's /Prev.
func (x *pdfIndex) readChain(ctx context.Context) error {
	i := bytes.LastIndex(x.data, []byte("startxref"))
	if i < 0 {
		return errPDFXref
	}
	l := pdfLexer{data: x.data, pos: i + len("startxref")}
	todo := []int{l.next().int()}
	seen := map[int]bool{}
	for len(todo) > 0 && len(seen) < maxPDFXrefs {
		off := todo[0]
		todo = todo[1:]
		if seen[off] {
			continue
		}
		seen[off] = true
		trailer, err := x.readSection(ctx, off)
		if err != nil {
			return err
		}
		if x.trailer.Kind == pdfNull {
			x.trailer = trailer
		}
		for _, key := range []string{"XRefStm", "Prev"} {
			if v := trailer.get(key); v.Kind == pdfNumber {
				todo = append(todo, v.int())
			}
		}
	}
	return ctx.Err()
}

func (x *pdfIndex) readSection(ctx context.Context, off int) (pdfObject, error) {
	if off <= 0 || off >= len(x.data) {
		return pdfObject{}, errPDFXref
	}
	l := pdfLexer{data: x.data, pos: off}
	l.skipSpace()
	if bytes.HasPrefix(x.data[l.pos:], []byte("xref")) {
		l.pos += len("xref")
		return x.readTable(ctx, &l)
	}
	dict, body, err := x.streamAt(off)
	if err != nil {
		return dict, err
	}
	return dict, x.readXrefStream(dict, body)
}

func (x *pdfIndex) readTable(ctx context.Context, l *pdfLexer) (pdfObject, error) {
	for ctx.Err() == nil {
		first := l.next()
		if first.Kind == pdfKeyword && first.Text == "trailer" {
			trailer := l.next()
			if trailer.Kind != pdfDict {
				return trailer, errPDFXref
			}
			return trailer, nil
		}
		count := l.next()
		if first.Kind != pdfNumber || count.Kind != pdfNumber {
			return pdfObject{}, errPDFXref
		}
		for i := range count.int() {
			off, gen, use := l.next(), l.next(), l.next()
			if use.Kind != pdfKeyword || use.Text != "n" && use.Text != "f" {
				return pdfObject{}, errPDFXref
			}
			if use.Text == "n" {
				x.add(first.int()+i, pdfEntry{gen: gen.int(), offset: off.int()})
			} else {
				x.add(first.int()+i, pdfEntry{})
			}
		}
	}
	return pdfObject{}, ctx.Err()
}

// add records an object unless a newer section has it already.
func (x *pdfIndex) add(num int, e pdfEntry) {
	if _, known := x.entries[num]; known || num <= 0 || num > maxPDFObjects || e.offset >= len(x.data) {
		return
	}
	x.entries[num] = e
}

func (x *pdfIndex) readXrefStream(dict pdfObject, body []byte) error {
	w := dict.get("W").List
	if len(w) < 3 {
		return errPDFXref
	}
	var width [3]int
	for i := range width {
		if width[i] = w[i].int(); width[i] < 0 || width[i] > 8 {
			return errPDFXref
		}
	}
	row := width[0] + width[1] + width[2]
	index := dict.get("Index").List
	if len(index) == 0 {
		index = []pdfObject{{Kind: pdfNumber}, dict.get("Size")}
	}
	for i := 0; i+1 < len(index) && row > 0; i += 2 {
		for n := index[i].int(); n < index[i].int()+index[i+1].int() && len(body) >= row; n++ {
			kind, a, b := 1, bigEndian(body[width[0]:width[0]+width[1]]), bigEndian(body[width[0]+width[1]:row])
			if width[0] > 0 {
				kind = bigEndian(body[:width[0]])
			}
			body = body[row:]
			switch kind {
			case 1:
				x.add(n, pdfEntry{gen: b, offset: a})
			case 2:
				x.add(n, pdfEntry{stream: a})
			default:
				x.add(n, pdfEntry{})
			}
		}
	}
	return nil
}

func bigEndian(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// rebuild finds the objects by their "N G obj"; the last of each number counts.
func (x *pdfIndex) rebuild() {
	x.entries = map[int]pdfEntry{}
	trailer := x.trailer
	x.trailer = pdfObject{}
	for _, m := range objPattern.FindAllSubmatchIndex(x.data, -1) {
		num, _ := strconv.Atoi(string(x.data[m[2]:m[3]]))
		gen, _ := strconv.Atoi(string(x.data[m[4]:m[5]]))
		if num > 0 && num <= maxPDFObjects {
			x.entries[num] = pdfEntry{gen: gen, offset: m[0]}
		}
	}
	x.rebuildStreams()
	for at := len(x.data); at > 0; {
		if at = bytes.LastIndex(x.data[:at], []byte("trailer")); at < 0 {
			break
		}
		l := pdfLexer{data: x.data, pos: at + len("trailer")}
		if t := l.next(); t.get("Root").Kind != pdfNull {
			x.trailer = t
			return
		}
	}
	if x.trailer.Kind == pdfNull {
		x.trailer = trailer
	}
}

// rebuildStreams looks into each object found: object streams tell what they
// hold, and a catalogue or cross-reference stream stands in for the trailer.
func (x *pdfIndex) rebuildStreams() {
	nums := make([]int, 0, len(x.entries))
	for n := range x.entries {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	for _, n := range nums {
		l := pdfLexer{data: x.data, pos: x.entries[n].offset}
		l.next()
		l.next()
		l.next()
		o := l.next()
		switch o.get("Type").Text {
		case "ObjStm":
			if parts, err := x.unpack(n); err == nil {
				for id := range parts {
					if _, known := x.entries[id]; !known {
						x.entries[id] = pdfEntry{stream: n}
					}
				}
			}
		case "XRef":
			if o.get("Root").Kind != pdfNull {
				x.trailer = o
			}
		case "Catalog":
			if x.trailer.Kind == pdfNull {
				x.trailer = pdfObject{Kind: pdfDict, List: []pdfObject{{Kind: pdfName, Text: "Root"},
					{Kind: pdfKeyword, Text: "R", Num: float64(n), List: []pdfObject{{Kind: pdfNumber}}}}}
			}
		}
	}
}

// object reads the object that o refers to; objects inside object streams are
// found too, but not through a second object stream.
func (x *pdfIndex) object(o pdfObject) (pdfObject, error) {
	num, _, ok := o.ref()
	if !ok {
		return o, nil
	}
	e := x.entries[num]
	if e.stream != 0 {
		parts, err := x.unpack(e.stream)
		if err != nil {
			return pdfObject{}, err
		}
		l := pdfLexer{data: parts[num]}
		return l.next(), nil
	}
	if e.offset <= 0 {
		return pdfObject{}, nil
	}
	l := pdfLexer{data: x.data, pos: e.offset}
	if n := l.next(); n.Kind != pdfNumber || n.int() != num {
		return pdfObject{}, fmt.Errorf("object %d is not at its offset: %w", num, errPDFXref)
	}
	if l.next(); l.next().Text != "obj" {
		return pdfObject{}, fmt.Errorf("object %d is not at its offset: %w", num, errPDFXref)
	}
	return l.next(), nil
}

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
