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
	// maxTextFile bounds the bytes of HTML, Markdown and plain text, whose readers
	// hold a tree several times the size of the file.
	maxTextFile = 32 << 20
	// maxTime bounds the reading of one file.
	maxTime = 30 * time.Second
)

// Parse recognises data by its content and reads it. name, a file name or
// address, decides only between formats that share their content: a .md file
// without any markup is still Markdown. Every failure wraps one of the errors
// of this package, or is ctx's own.
func Parse(ctx context.Context, name string, data []byte) (doc *Document, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("%w: the reader panicked: %v", ErrDamaged, r)
		}
	}()
	if len(data) > maxFile {
		return nil, ErrTooLarge
	}
	read, err := reader(name, data)
	if err != nil {
		return nil, err
	}
	return read(ctx, data)
}

// contextError says why ctx ended in terms that the ingest report can show.
func contextError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
	return ctx.Err()
}
