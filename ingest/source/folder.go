package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Links says what becomes of symbolic links below a folder.
type Links string

// The policies for symbolic links.
const (
	LinksInside Links = "inside" // links to files in the same folder are read; the default
	LinksNone   Links = "none"   // links are left out
	LinksAll    Links = "all"    // links are followed wherever they lead, to folders too
)

// Options choose among the files of folders and archives; the zero value takes
// them all. A file that is named itself is always taken.
type Options struct {
	Include []string // patterns of paths below the folder; none means all
	Exclude []string // beats Include
	Links   Links
	Seen    *Seen // spares reading files again that have the size and time of before; nil reads them all
}

// errLinkOutside names a link that LinksInside does not follow.
var errLinkOutside = errors.New("genvejen fører ud af mappen: læg filen i mappen, eller brug --links all")

// Find lists the items of files and folders, folders with all that is below
// them in the order of their names, ZIP archives of documents with all that is
// in them. Hidden files and folders, and the office programs' lock files, are
// left out. The error names a path that does not exist or a pattern that cannot
// be read.
func Find(opts Options, paths ...string) ([]Item, error) {
	include, err := compilePatterns(opts.Include)
	if err != nil {
		return nil, err
	}
	exclude, err := compilePatterns(opts.Exclude)
	if err != nil {
		return nil, err
	}
	switch opts.Links {
	case "":
		opts.Links = LinksInside
	case LinksInside, LinksNone, LinksAll:
	default:
		return nil, fmt.Errorf("links: %q kendes ikke: brug inside, none eller all", opts.Links)
	}
	f := finder{links: opts.Links, seenBefore: opts.Seen, include: include, exclude: exclude, seen: map[string]bool{}, folders: map[string]bool{}}
	for _, p := range paths {
		if err := f.find(p); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
	}
	return f.items, nil
}

type finder struct {
	links            Links
	seenBefore       *Seen
	include, exclude patterns
	items            []Item
	seen             map[string]bool // names of items
	folders          map[string]bool // real paths of folders walked by way of links

	root, base string // the folder being walked, and its name
}

func (f *finder) find(p string) error {
	abs, err := filepath.Abs(p)
	if err != nil {
		return err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		f.base = folderName(abs)
		f.addFile(abs, filepath.Base(abs), true)
		return nil
	}
	if f.root, err = filepath.EvalSymlinks(abs); err != nil {
		return err
	}
	f.base = filepath.Base(abs)
	return f.walk(f.root, "")
}

// walk takes the folder dir, whose path below the root is rel.
func (f *finder) walk(dir, rel string) error {
	return filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		name := path.Join(rel, filepath.ToSlash(below))
		switch {
		case file == dir:
		case hidden(entry.Name()) || f.exclude.match(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.Type()&fs.ModeSymlink != 0:
			return f.link(file, name)
		case entry.Type().IsRegular():
			f.addFile(file, name, false)
		}
		return nil
	})
}

func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.EqualFold(name, "Thumbs.db") || name == "__MACOSX"
}

// link treats one symbolic link by the policy. A link to nothing is left out.
func (f *finder) link(file, name string) error {
	if f.links == LinksNone {
		return nil
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil
	}
	info, err := os.Stat(target)
	if err != nil {
		return nil
	}
	inside := target == f.root || strings.HasPrefix(target, f.root+string(filepath.Separator))
	switch {
	case f.links == LinksInside && info.IsDir():
	case f.links == LinksInside && !inside:
		f.add(refused(path.Join(f.base, name), errLinkOutside), name, false)
	case info.Mode().IsRegular():
		f.addFile(target, name, false)
	case info.IsDir() && !inside && !f.folders[target] && !strings.HasPrefix(f.root+string(filepath.Separator), target+string(filepath.Separator)):
		f.folders[target] = true
		return f.walk(target, name)
	}
	return nil
}

// addFile adds a file, or what is in it where it is an archive.
func (f *finder) addFile(file, name string, named bool) {
	entries, ok := openArchive(file, name)
	if !ok {
		item := fileItem(file, path.Join(f.base, name))
		if f.seenBefore != nil {
			item = f.seenBefore.item(file, item.Path)
		}
		f.add(item, name, named)
		return
	}
	for _, e := range entries {
		inner := e.Path
		e.Path = path.Join(f.base, inner)
		f.add(e, inner, false)
	}
}

// add takes an item whose path below the folder is name.
func (f *finder) add(item Item, name string, named bool) {
	if f.seen[item.Path] || !named && (len(f.include) > 0 && !f.include.match(name) || f.exclude.match(name)) {
		return
	}
	f.seen[item.Path] = true
	f.items = append(f.items, item)
}
