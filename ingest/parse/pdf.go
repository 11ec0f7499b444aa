package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	mediaTypePDF = "application/pdf"
	maxPDFSize   = 200 << 20        // bytes of the file
	pdfTimeLimit = 30 * time.Second // for one file, both readers together
)

// PDF reads a PDF file. ledongthuc/pdf is tried first; where it fails, or its
// text looks wrong, pdfium reads the file and the better text is kept. Reader of
// the result says whose it is. Neither reader can hang: the first sees only
// structures that were checked, the second is a WebAssembly module that is
// stopped when the time is up.
//
// Errors wrap ErrTooLarge, ErrTimeout, ErrEncrypted, ErrNoText, ErrDamaged or
// ErrUnsupported, or are ctx's own when it was cancelled.
func PDF(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxPDFSize {
		return nil, fmt.Errorf("pdf of %d bytes: %w", len(data), ErrTooLarge)
	}
	start := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-"))
	if start < 0 {
		return nil, fmt.Errorf("pdf without header: %w", ErrDamaged)
	}
	limited, cancel := context.WithTimeout(ctx, pdfTimeLimit)
	defer cancel()
	doc, err := readPDF(limited, data[start:])
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil && doc == nil:
		return nil, fmt.Errorf("pdf after %v: %w", pdfTimeLimit, ErrTimeout)
	}
	return doc, err
}

// reading is what one reader made of a file.
type reading struct {
	*pdfPages
	blocks  []Block
	quality textQuality
}

// readPDF lets the readers try in turn.
func readPDF(ctx context.Context, data []byte) (*Document, error) {
	first, err := firstReading(ctx, data)
	if err == nil && first.failed == 0 && first.quality.good(len(first.pages)) {
		return first.document()
	}
	if errors.Is(err, ErrTooLarge) || ctx.Err() != nil {
		return nil, err
	}
	second, err2 := secondReading(ctx, data)
	switch {
	case err2 == nil && (err != nil || second.quality.score() >= first.quality.score()):
		return second.document()
	case err == nil && first.quality.letters > 0 && !errors.Is(err2, ErrEncrypted):
		return first.document()
	case err2 != nil:
		return nil, err2
	}
	return second.document()
}

func firstReading(ctx context.Context, data []byte) (*reading, error) {
	index, err := newPDFIndex(ctx, data)
	if err != nil {
		return nil, err
	}
	if index.encrypted {
		return nil, ErrEncrypted // pdfium reads those that need no password
	}
	pages, err := readLedongthuc(ctx, index)
	if err != nil {
		return nil, err
	}
	return newReading(ctx, pages)
}

func secondReading(ctx context.Context, data []byte) (*reading, error) {
	pages, err := readPdfium(ctx, data)
	if err != nil {
		return nil, err
	}
	return newReading(ctx, pages)
}

func newReading(ctx context.Context, pages *pdfPages) (*reading, error) {
	blocks, err := layoutPages(ctx, pages.pages)
	if err != nil {
		return nil, err
	}
	return &reading{pdfPages: pages, blocks: blocks, quality: judge(blocks)}, nil
}

// document makes the result of a reading.
func (r *reading) document() (*Document, error) {
	if r.quality.letters == 0 {
		return nil, fmt.Errorf("%d pages: %w", len(r.pages), ErrNoText)
	}
	doc := &Document{MediaType: mediaTypePDF, Reader: r.reader, Title: cleanText(r.title), Blocks: r.blocks, Pages: len(r.pages)}
	if doc.Title == "" || fileLike(doc.Title) {
		doc.Title = titleOf(r.blocks)
	}
	if r.failed > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%d af %d sider kunne ikke læses helt.", r.failed, len(r.pages)))
	}
	if r.quality.broken > 0.005 {
		doc.Warnings = append(doc.Warnings, "Nogle tegn kunne ikke læses; de står som »\ufffd«.")
	}
	return doc, nil
}

// fileLike tells whether a title from the metadata is a file name or a template
// rather than a title: "Microsoft Word - brev.doc", "untitled".
func fileLike(title string) bool {
	t := strings.ToLower(title)
	for _, s := range []string{"microsoft word", ".doc", ".pdf", ".indd", ".ppt", ".xls", "untitled", "unavngivet"} {
		if strings.Contains(t, s) {
			return true
		}
	}
	return !strings.Contains(t, " ")
}

// titleOf is the largest heading among the first blocks.
func titleOf(blocks []Block) string {
	best := -1
	for i, b := range blocks[:min(len(blocks), 20)] {
		if b.Kind == Heading && (best < 0 || b.Level < blocks[best].Level) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return blocks[best].Text
}
