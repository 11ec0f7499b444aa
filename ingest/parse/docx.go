package parse

import "context"

func DOCX(ctx context.Context, data []byte) (*Document, error) { return nil, ErrUnsupported }
