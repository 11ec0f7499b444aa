package parse

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sort"
)

// overlay presents a file to ledongthuc/pdf: its own header, the bytes of the
// file, and a tail with the unpacked objects and one cross-reference table. It
// stops the library when ctx ends or the library has read far more than the
// file holds, by a panic that the caller recovers.
type overlay struct {
	ctx    context.Context
	data   []byte
	tail   []byte
	budget int64 // bytes still to be read
}

// errOverlayBudget stops a reader that goes round in circles.
var errOverlayBudget = fmt.Errorf("the structure of the file refers to itself: %w", ErrDamaged)

// newOverlay unpacks the object streams of x and writes the table.
func newOverlay(ctx context.Context, x *pdfIndex) (*overlay, error) {
	var tail bytes.Buffer
	offsets := make(map[int]pdfEntry, len(x.entries))
	packed := map[int][]int{}
	for num, e := range x.entries {
		switch {
		case e.stream != 0:
			packed[e.stream] = append(packed[e.stream], num)
		case e.offset > 0:
			offsets[num] = e
		}
	}
	tail.WriteByte('\n')
	for stream, nums := range packed {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		parts, err := x.unpack(stream)
		if err != nil {
			return nil, err
		}
		for _, num := range nums {
			if part, ok := parts[num]; ok {
				offsets[num] = pdfEntry{offset: len(x.data) + tail.Len()}
				fmt.Fprintf(&tail, "%d 0 obj\n%s\nendobj\n", num, part)
			}
		}
		if tail.Len() > maxPDFUnpacked {
			return nil, fmt.Errorf("object streams: %w", ErrTooLarge)
		}
	}
	writeTable(&tail, len(x.data), offsets, x.trailer)
	size := int64(len(x.data) + tail.Len())
	// Real files are read some ten times over, since the library caches nothing.
	return &overlay{ctx: ctx, data: x.data, tail: tail.Bytes(), budget: 1<<30 + 200*size}, nil
}

func writeTable(tail *bytes.Buffer, base int, offsets map[int]pdfEntry, trailer pdfObject) {
	nums := make([]int, 0, len(offsets))
	for n := range offsets {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	start, size := base+tail.Len(), 1
	tail.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for i := 0; i < len(nums); {
		j := i + 1
		for j < len(nums) && nums[j] == nums[j-1]+1 {
			j++
		}
		fmt.Fprintf(tail, "%d %d\n", nums[i], j-i)
		for _, n := range nums[i:j] {
			fmt.Fprintf(tail, "%010d %05d n \n", offsets[n].offset, min(offsets[n].gen, 65535))
		}
		size, i = nums[j-1]+1, j
	}
	root, gen, _ := trailer.get("Root").ref()
	fmt.Fprintf(tail, "trailer\n<</Size %d /Root %d %d R", size, root, gen)
	if info, gen, ok := trailer.get("Info").ref(); ok {
		fmt.Fprintf(tail, " /Info %d %d R", info, gen)
	}
	fmt.Fprintf(tail, ">>\nstartxref\n%d\n%%%%EOF\n", start)
}

// Size is the length of the file as presented.
func (o *overlay) Size() int64 { return int64(len(o.data) + len(o.tail)) }

// ReadAt implements io.ReaderAt.
func (o *overlay) ReadAt(p []byte, off int64) (int, error) {
	if err := o.ctx.Err(); err != nil {
		panic(err)
	}
	if o.budget -= int64(len(p)); o.budget < 0 {
		panic(errOverlayBudget)
	}
	if off < 0 || off >= o.Size() {
		return 0, io.EOF
	}
	n := 0
	if off < int64(len(overlayHeader)) {
		n = copy(p, overlayHeader[off:])
	}
	if at := off + int64(n); at < int64(len(o.data)) {
		n += copy(p[n:], o.data[at:])
	}
	if at := off + int64(n) - int64(len(o.data)); at >= 0 && at < int64(len(o.tail)) {
		n += copy(p[n:], o.tail[at:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
