package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ledongthuc/pdf"
)

const readerLedongthuc = "ledongthuc/pdf"

const (
	maxPages     = 5000
	maxTreeNodes = 25_000 // page tree nodes looked at, so that a tree with cycles ends
	maxTreeDepth = 64
)

// pdfPages is what a reader makes of a file.
type pdfPages struct {
	reader string
	title  string
	pages  []pageGlyphs
	failed int // pages that could not be read, or only in part
}

// readLedongthuc reads the glyphs of all pages. Panics of the library come back
// as errors; it cannot hang, since it sees checked structures only (see
// newPDFIndex) and each of its reads passes through overlay.
func readLedongthuc(ctx context.Context, x *pdfIndex) (out *pdfPages, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = recoveredError(ctx, p)
		}
	}()
	file, err := newOverlay(ctx, x)
	if err != nil {
		return nil, err
	}
	r, err := pdf.NewReader(file, file.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	out = &pdfPages{reader: readerLedongthuc, title: r.Trailer().Key("Info").Key("Title").Text()}
	w := &pageWalker{ctx: ctx, out: out, fonts: &fontCache{fonts: map[string]*pdfFont{}, errs: map[string]error{}}}
	err = w.walk(r.Trailer().Key("Root").Key("Pages"), inherited{}, 0)
	return out, err
}

// recoveredError makes an error of a recovered panic.
func recoveredError(ctx context.Context, p any) error {
	if err, ok := p.(error); ok && (errors.Is(err, ErrDamaged) || ctx.Err() != nil && errors.Is(err, ctx.Err())) {
		return err
	}
	return fmt.Errorf("%w: %v", ErrDamaged, p)
}

// inherited is what pages take from the nodes above them.
type inherited struct {
	resources, media, crop pdf.Value
	rotate                 int64
}

type pageWalker struct {
	ctx   context.Context
	out   *pdfPages
	fonts *fontCache
	nodes int
}

// walk goes down the page tree from node.
func (w *pageWalker) walk(node pdf.Value, from inherited, depth int) error {
	if w.nodes++; w.nodes > maxTreeNodes || depth > maxTreeDepth {
		return fmt.Errorf("page tree: %w", ErrDamaged)
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if node.Kind() != pdf.Dict {
		return nil
	}
	for key, at := range map[string]*pdf.Value{"Resources": &from.resources, "MediaBox": &from.media, "CropBox": &from.crop} {
		if v := node.Key(key); !v.IsNull() {
			*at = v
		}
	}
	if v := node.Key("Rotate"); v.Kind() == pdf.Integer {
		from.rotate = v.Int64()
	}
	kids := node.Key("Kids")
	if kids.Kind() == pdf.Array && node.Key("Type").Name() != "Page" {
		for i := range kids.Len() {
			if err := w.walk(kids.Index(i), from, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(w.out.pages) >= maxPages {
		return fmt.Errorf("more than %d pages: %w", maxPages, ErrTooLarge)
	}
	page, err := w.page(node, from)
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if err != nil {
		w.out.failed++
	}
	w.out.pages = append(w.out.pages, page)
	return nil
}

// page reads one page; on an error it holds the glyphs up to there.
func (w *pageWalker) page(node pdf.Value, from inherited) (page pageGlyphs, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = recoveredError(w.ctx, p)
		}
	}()
	base := pageMatrix(&page, from)
	content, err := contents(node.Key("Contents"))
	if len(content) == 0 {
		return page, err
	}
	r := &contentReader{ctx: w.ctx, page: &page, fonts: w.fonts, state: textState{ctm: base, stretch: 1}, tm: identity, line: identity}
	return page, errors.Join(err, r.run(content, from.resources, 0))
}

// contents joins a page's content streams.
func contents(v pdf.Value) ([]byte, error) {
	if v.Kind() == pdf.Stream {
		return streamBytes(v)
	}
	var all bytes.Buffer
	for i := range v.Len() {
		part, err := streamBytes(v.Index(i))
		if err != nil {
			return all.Bytes(), err
		}
		all.Write(part)
		all.WriteByte('\n')
		if all.Len() > maxPDFStream {
			return nil, fmt.Errorf("page content: %w", ErrTooLarge)
		}
	}
	return all.Bytes(), nil
}

// pageMatrix finds the page's box and rotation.
func pageMatrix(page *pageGlyphs, from inherited) matrix {
	x0, y0, x1, y1, ok := rectangle(from.media)
	if !ok {
		x0, y0, x1, y1 = 0, 0, 595.28, 841.89 // A4
	}
	if cx0, cy0, cx1, cy1, ok := rectangle(from.crop); ok {
		cx0, cy0, cx1, cy1 = max(x0, cx0), max(y0, cy0), min(x1, cx1), min(y1, cy1)
		if cx1-cx0 > 1 && cy1-cy0 > 1 {
			x0, y0, x1, y1 = cx0, cy0, cx1, cy1
		}
	}
	return page.place(x0, y0, x1, y1, from.rotate/90)
}

func rectangle(v pdf.Value) (x0, y0, x1, y1 float64, ok bool) {
	if v.Len() != 4 {
		return
	}
	a, b, c, d := v.Index(0).Float64(), v.Index(1).Float64(), v.Index(2).Float64(), v.Index(3).Float64()
	x0, y0, x1, y1 = min(a, c), min(b, d), max(a, c), max(b, d)
	return x0, y0, x1, y1, x1-x0 > 1 && y1-y0 > 1 && x1-x0 < 1e6 && y1-y0 < 1e6
}
