package parse

import "context"

func RenderPage(ctx context.Context, data []byte, page, width int) ([]byte, error) { return nil, ErrUnsupported // until the PDF reader is merged }
