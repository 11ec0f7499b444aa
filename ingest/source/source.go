// Package source finds what is to be ingested: the files of a folder, a single
// file, the files in a ZIP archive, bytes that were uploaded, an address on the
// web, an act at retsinformation.dk. It reads bytes and names them; it neither
// recognises the formats of documents nor parses them.
package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Item is one source: a file, an upload.
type Item struct {
	// Path names it within its collection: the folder's name and the path below
	// it ("law/serviceloven.md"), the same whether the folder or the file was
	// given, so that both runs know the document again. A file in an archive has
	// the archive's path before its own.
	Path string
	Read func(ctx context.Context) ([]byte, error)
	// ReadChanged, where it is not nil, is Read for who has the document already:
	// it fails with ErrUnchanged where its bytes still have the digest known
	// (SHA-256, hexadecimal).
	ReadChanged func(ctx context.Context, known string) ([]byte, error)
}

// MaxBytes is the largest source that is read, 200 MB.
const MaxBytes = 200 << 20

// ErrTooLarge is wrapped by Read for a source over MaxBytes.
var ErrTooLarge = errors.New("filen er større end 200 MB: del den op")

// Bytes is an item that is in memory already.
func Bytes(path string, data []byte) Item {
	return Item{Path: path, Read: func(context.Context) ([]byte, error) { return data, nil }}
}

// refused is an item that is named in the report instead of being read.
func refused(path string, why error) Item {
	return Item{Path: path, Read: func(context.Context) ([]byte, error) { return nil, why }}
}

// Paths lists the items of files and folders with the default Options.
func Paths(paths ...string) ([]Item, error) { return Find(Options{}, paths...) }

// FS lists the files of fsys as items below base.
func FS(fsys fs.FS, base string) ([]Item, error) {
	var items []Item
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		items = append(items, Item{Path: path.Join(base, name), Read: func(context.Context) ([]byte, error) { return fs.ReadFile(fsys, name) }})
		return nil
	})
	return items, err
}

func fileItem(file, name string) Item {
	return Item{Path: name, Read: func(context.Context) ([]byte, error) {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file", file)
		}
		if info.Size() > MaxBytes {
			return nil, ErrTooLarge
		}
		return os.ReadFile(file)
	}}
}

// folderName is the name of the folder that a file lies in, its first element
// in Item.Path.
func folderName(file string) string { return filepath.Base(filepath.Dir(file)) }
