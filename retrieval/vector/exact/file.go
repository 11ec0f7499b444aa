package exact

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/blevesearch/mmap-go"
)

const suffix = ".vectors"

// A file is never truncated or overwritten where a record stands, since another
// process may have it mapped. To shrink it, its content goes to a file with the
// next serial number.
func (x *Index) path(serial int) string {
	return filepath.Join(x.dir, fmt.Sprintf("%06d%s", serial, suffix))
}

// serials lists the numbers of the files in the folder, the newest first.
func (x *Index) serials() ([]int, error) {
	entries, err := os.ReadDir(x.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []int
	for _, entry := range entries {
		var n int
		if _, err := fmt.Sscanf(entry.Name(), "%06d"+suffix, &n); err == nil && filepath.Base(x.path(n)) == entry.Name() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, err
}

// loadTries is how often a reader looks again for a file that its writer
// replaced between listing and opening.
const loadTries = 5

// load opens the newest file that can be used.
func (x *Index) load() error {
	for range loadTries {
		serials, err := x.serials()
		if err != nil {
			return err
		}
		found, gone := false, false
		for _, serial := range serials {
			x.serial = max(x.serial, serial)
			switch err := x.loadFile(serial); {
			case err == nil:
				found = true
			case errors.Is(err, fs.ErrNotExist):
				gone = true
			case !errors.Is(err, errRecord) && !errors.Is(err, errOther):
				return err
			}
			if found {
				break
			}
		}
		if x.ReadOnly {
			if gone && !found {
				continue
			}
			return nil
		}
		return x.clean(serials)
	}
	return nil
}

// clean removes files that are not in use: of another model, damaged, or left
// by a process that was killed while it replaced one.
func (x *Index) clean(serials []int) error {
	left, err := filepath.Glob(filepath.Join(x.dir, "*"+suffix+".new"))
	for _, serial := range serials {
		if x.file == nil || serial != x.serial {
			left = append(left, x.path(serial))
		}
	}
	for _, path := range left {
		if gone := os.Remove(path); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// loadFile reads a file up to the end of its last whole record. A writer moves
// what it has read to a new file where something follows that.
func (x *Index) loadFile(serial int) error {
	flag := os.O_RDWR
	if x.ReadOnly {
		flag = os.O_RDONLY
	}
	file, err := os.OpenFile(x.path(serial), flag, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = x.read(file, info.Size())
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	x.file, x.serial = file, serial
	if err := x.remap(); err != nil {
		return err
	}
	if x.size < info.Size() && !x.ReadOnly {
		return x.rewrite(x.frame)
	}
	return nil
}

func (x *Index) read(file *os.File, size int64) error {
	r := bufio.NewReaderSize(file, 1<<20)
	f, at, err := readHeader(r, x.Model, x.Dim)
	if err != nil {
		return err
	}
	x.frame = f
	for {
		d, kind, err := readRecord(r, at, x.Dim, size-at)
		if err == io.EOF || err == io.ErrUnexpectedEOF || errors.Is(err, errRecord) {
			x.size = at
			return nil
		}
		if err != nil {
			return err
		}
		at += d.size
		x.show(d, kind)
	}
}

// remap maps the whole file, and lets every document use it. Callers hold
// writing, or are the only ones that know x.
func (x *Index) remap() error {
	mapped, err := mmap.MapRegion(x.file, int(x.size), mmap.RDONLY, 0, 0)
	if err != nil {
		return fmt.Errorf("mapping %s: %w", x.file.Name(), err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, d := range x.order {
		d.codes = asCodes(mapped[d.body : d.body+int64(d.len()*x.Dim)])
	}
	old := x.mapped
	x.mapped, x.unsaved = mapped, 0
	if old == nil {
		return nil
	}
	return old.Unmap()
}

// create begins the next file.
func (x *Index) create(f frame) error {
	path := x.path(x.serial + 1)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("creating the vector index: %w", err)
	}
	header := f.header(x.Model, x.Dim)
	if _, err := file.Write(header); err != nil {
		return errors.Join(fmt.Errorf("creating %s: %w", path, err), file.Close(), os.Remove(path))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.frame, x.file, x.serial, x.size = f, file, x.serial+1, int64(len(header))
	return nil
}

// append writes a record behind the last whole one and shows it.
func (x *Index) append(d *document, kind uint32) error {
	record, err := d.marshal(kind, x.Dim)
	if err != nil {
		return err
	}
	if _, err := x.file.WriteAt(record, x.size); err != nil {
		return fmt.Errorf("writing %s: %w", x.file.Name(), err)
	}
	d.size = int64(len(record))
	d.body = x.size + d.size - int64(len(d.codes)) - padding(int64(len(d.codes)))
	x.size += d.size
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return errClosed
	}
	x.show(d, kind)
	return nil
}

const (
	remapBytes   = 32 << 20 // vectors that are kept outside the mapped file at most
	wasteBytes   = 4 << 20  // of a file that is not worth shrinking
	settledFrame = 50_000   // vectors from which a mean does not change any more
)

// maintain keeps the file small, the vectors in the mapped file and the frame
// that of the collection: it is computed anew each time the collection has grown
// fourfold.
func (x *Index) maintain() error {
	var live int64
	for _, d := range x.order {
		live += d.size
	}
	switch grown := x.total >= 4*x.frame.count && x.total > 0; {
	case grown && x.frame.count < settledFrame:
		return x.rewrite(newFrame(x.Dim, x.each))
	case x.size-live > live+wasteBytes:
		return x.rewrite(x.frame)
	case x.unsaved > remapBytes:
		return x.remap()
	}
	return nil
}

// each gives the vectors of the index to newFrame. Callers hold writing.
func (x *Index) each(yield func(codes []int8, scale float32)) {
	for _, d := range x.order {
		d.each(x.Dim)(yield)
	}
}

func (d *document) each(dim int) func(yield func(codes []int8, scale float32)) {
	return func(yield func(codes []int8, scale float32)) {
		for i, scale := range d.scale {
			yield(d.row(i, dim), scale)
		}
	}
}

// rewrite writes all documents, in the frame f, to the next file and uses that.
func (x *Index) rewrite(f frame) error {
	path := x.path(x.serial + 1)
	docs, size, err := x.writeAll(path+".new", f)
	if err != nil {
		return fmt.Errorf("rewriting the vector index: %w", errors.Join(err, os.Remove(path+".new")))
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	old := x.file
	x.mu.Lock()
	x.frame, x.order, x.file, x.size = f, docs, file, size
	x.serial++
	for _, d := range docs {
		x.docs[d.ID] = d
	}
	x.mu.Unlock()
	if err := x.remap(); err != nil {
		return err
	}
	name := old.Name()
	if err := old.Close(); err != nil {
		return err
	}
	_ = os.Remove(name) // a reader may hold it on Windows: the next writer removes it
	return nil
}

// writeAll writes a whole file and returns the documents as they stand in it;
// their vectors are still those of the old one.
func (x *Index) writeAll(path string, f frame) (docs []*document, size int64, err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<20)
	header := f.header(x.Model, x.Dim)
	size = int64(len(header))
	if _, err := w.Write(header); err != nil {
		return nil, 0, err
	}
	for _, before := range x.order {
		d := *before
		d.encode(&f, x.Dim)
		record, err := d.marshal(kindPut, x.Dim)
		if err != nil {
			return nil, 0, err
		}
		if _, err := w.Write(record); err != nil {
			return nil, 0, err
		}
		d.size = int64(len(record))
		d.body = size + d.size - int64(len(d.codes)) - padding(int64(len(d.codes)))
		size += d.size
		docs = append(docs, &d)
	}
	return docs, size, errors.Join(w.Flush(), file.Sync())
}
