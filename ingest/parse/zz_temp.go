package parse

import "context"

// RenderPage draws PDF pages; the PDF reader brings it.
func RenderPage(ctx context.Context, data []byte, page, width int) ([]byte, error) {
	return nil, ErrUnsupported
}
