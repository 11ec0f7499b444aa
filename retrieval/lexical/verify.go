package lexical

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// verifyAtOpen is the size in bytes up to which an index is read whole when it
// is opened: a tenth of a second. Scorch maps its segments without looking at
// their checksums, so that damage would show as a panic or as missing hits in
// some later search. Larger indexes are verified by hjemmel doctor.
const verifyAtOpen = 512 << 20

// Verify compares each segment on the disk with the checksum in its last four
// bytes, and fails with ErrCorrupt.
func (x *Index) Verify(ctx context.Context) error {
	paths, _, err := x.segments()
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := verifySegment(path); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return nil
}

// examine verifies an index that is small enough for it, and then loads it.
func (x *Index) examine() error {
	_, size, err := x.segments()
	if err == nil && size <= verifyAtOpen {
		err = x.Verify(context.Background())
	}
	if err != nil {
		return err
	}
	return x.load()
}

// segments lists the files that the index consists of now, and their size.
func (x *Index) segments() (paths []string, size int64, err error) {
	reader, err := x.scorch.Reader()
	if err != nil {
		return nil, 0, err
	}
	defer reader.Close()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, 0, fmt.Errorf("reading the segments: scorch gave a %T", reader)
	}
	for _, s := range snapshot.Segments() {
		if file, ok := s.Segment().(segment.PersistedSegment); ok {
			info, err := os.Stat(file.Path())
			if err != nil {
				return nil, 0, fmt.Errorf("%w: %w", ErrCorrupt, err)
			}
			paths = append(paths, file.Path())
			size += info.Size()
		}
	}
	return paths, size, nil
}

func verifySegment(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	r := bufio.NewReaderSize(file, 1<<20)
	var stored [4]byte
	_, err = io.CopyN(sum, r, info.Size()-int64(len(stored)))
	if err == nil {
		_, err = io.ReadFull(r, stored[:])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && sum.Sum32() != binary.BigEndian.Uint32(stored[:]) {
		return ErrCorrupt
	}
	return err
}
