package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

const (
	minRenderWidth  = 200
	maxRenderWidth  = 2400
	maxRenderHeight = 7200 // pixels; only strips of paper are that long
	renderTimeLimit = 20 * time.Second
)

// ErrNoPage is returned by RenderPage for a page that the file does not have.
var ErrNoPage = errors.New("siden findes ikke i filen")

// RenderPage draws a page of a PDF file as a PNG image that is width pixels
// wide, with annotations. Pages count from 1; width is clamped to 200–2400. It
// returns ErrNoPage, or an error as PDF does.
func RenderPage(ctx context.Context, data []byte, page, width int) ([]byte, error) {
	if page < 1 {
		return nil, fmt.Errorf("page %d: %w", page, ErrNoPage)
	}
	if len(data) > maxPDFSize {
		return nil, fmt.Errorf("pdf of %d bytes: %w", len(data), ErrTooLarge)
	}
	limited, cancel := context.WithTimeout(ctx, renderTimeLimit)
	defer cancel()
	var out bytes.Buffer
	err := withPdfium(limited, data, func(instance pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		n, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return pdfiumError(err)
		}
		if page > n.PageCount {
			return fmt.Errorf("page %d of %d: %w", page, n.PageCount, ErrNoPage)
		}
		image, err := instance.RenderPageInPixels(&requests.RenderPageInPixels{
			Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: page - 1}},
			Width: min(maxRenderWidth, max(minRenderWidth, width)), Height: maxRenderHeight,
			RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		})
		if err != nil {
			return pdfiumError(err)
		}
		defer image.Cleanup()
		encoder := png.Encoder{CompressionLevel: png.BestSpeed}
		return encoder.Encode(&out, image.Result.RenderedImage)
	})
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return nil, fmt.Errorf("page %d after %v: %w", page, renderTimeLimit, ErrTimeout)
	}
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
