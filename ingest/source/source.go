// Package source finds what is to be ingested: the files of a folder, a single
// file, bytes that were uploaded. It reads bytes and names them; it neither
// recognises formats nor parses.
package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Item is one source: a file, an upload.
type Item struct {
	// Path names it within its collection: the folder's name and the path below
	// it ("law/serviceloven.md"), the same whether the folder or the file was
	// given, so that both runs know the document again.
	Path string
	Read func(ctx context.Context) ([]byte, error)
}

// MaxBytes is the largest source that is read, 200 MB.
const MaxBytes = 200 << 20

// ErrTooLarge is wrapped by Read for a source over MaxBytes.
var ErrTooLarge = errors.New("filen er større end 200 MB: del den op")

// Bytes is an item that is in memory already.
func Bytes(path string, data []byte) Item {
	return Item{Path: path, Read: func(context.Context) ([]byte, error) { return data, nil }}
}

// Paths lists the items of files and folders, folders with all that is below
// them in the order of their names. Hidden files and folders, and the office
// programs' lock files, are left out; a symbolic link to a file is read, one to
// a folder is not followed. The error names the first path that does not exist.
func Paths(paths ...string) ([]Item, error) {
	var items []Item
	seen := map[string]bool{}
	add := func(file, name string) {
		if !seen[name] {
			seen[name] = true
			items = append(items, fileItem(file, name))
		}
	}
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(abs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if !info.IsDir() {
			add(abs, path.Join(filepath.Base(filepath.Dir(abs)), filepath.Base(abs)))
			continue
		}
		if err := walk(abs, add); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
	}
	return items, nil
}

func walk(root string, add func(file, name string)) error {
	base := filepath.Base(root)
	return filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if file != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if info, err := os.Stat(file); err != nil || info.IsDir() {
				return nil
			}
		} else if !entry.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		add(file, path.Join(base, filepath.ToSlash(rel)))
		return nil
	})
}

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
