package parse

import "context"

// PDF reads a PDF file.
func PDF(context.Context, []byte) (*Document, error) { return nil, ErrUnsupported }
