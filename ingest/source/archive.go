package source

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Bounds of one archive with the archives in it.
const (
	maxEntries  = 10_000
	maxUnpacked = 2 << 30
	maxRatio    = 200       // unpacked to packed, above ratioFrom bytes; office files and text stay below 50
	ratioFrom   = 20 << 20  // below, a high ratio costs nothing
	maxInner    = 64 << 20  // of an archive in an archive, which is held in memory
	maxInnerAll = 256 << 20 // of all of them
	maxNesting  = 2         // archives in archives in the archive
)

// Reasons why an archive, or a file in it, is not read.
var (
	ErrBomb     = errors.New("arkivet udfolder sig for meget: pak det ud, og indlæs filerne")
	errEntries  = fmt.Errorf("der er mere end %d filer i arkivet: del det op", maxEntries)
	errNesting  = fmt.Errorf("der er mere end %d lag af arkiver i hinanden: pak dem ud", maxNesting+1)
	errBadPath  = errors.New("filens sti i arkivet fører ud af arkivet: pak det ud, og indlæs filen")
	errLocked   = errors.New("filen i arkivet er beskyttet med adgangskode: pak den ud uden adgangskode")
	errZipLink  = errors.New("filen i arkivet er en genvej til en anden: pak arkivet ud")
	errMethod   = errors.New("filen i arkivet er pakket på en måde, der ikke kan læses: pak den ud")
	errZipEntry = errors.New("filen i arkivet er beskadiget: hent eller lav arkivet igen")
)

// Unpack gives the files of data, where it is a ZIP archive of documents, as
// items below name; else data as it is. What is refused is an item too, whose
// Read says why.
func Unpack(name string, data []byte) []Item {
	a := archive{left: maxUnpacked, inner: maxInnerAll}
	if items, ok := a.open(bytes.NewReader(data), int64(len(data)), name, 0); ok {
		return items
	}
	return []Item{Bytes(name, data)}
}

// openArchive is Unpack for a file, which is read only when its items are.
func openArchive(file, name string) ([]Item, bool) {
	f := fileAt(file)
	info, err := os.Stat(file)
	if err != nil || info.Size() > maxUnpacked {
		return nil, false
	}
	a := archive{left: maxUnpacked, inner: maxInnerAll}
	return a.open(f, info.Size(), name, 0)
}

// fileAt reads a file without keeping it open between reads: items may be read
// long after they were listed, or never.
type fileAt string

// ReadAt implements io.ReaderAt.
func (f fileAt) ReadAt(p []byte, off int64) (int, error) {
	file, err := os.Open(string(f))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return file.ReadAt(p, off)
}

// archive counts what one archive, with those in it, has claimed.
type archive struct {
	entries int
	left    int64 // unpacked bytes
	inner   int64 // bytes of archives held in memory
}

// open lists an archive of documents. It tells false for anything else: an
// office file, an archive that is damaged, which its parser will say.
func (a *archive) open(r io.ReaderAt, size int64, name string, depth int) ([]Item, bool) {
	head := make([]byte, 4)
	if _, err := r.ReadAt(head, 0); err != nil || string(head) != "PK\x03\x04" {
		return nil, false
	}
	z, err := zip.NewReader(r, size)
	if err != nil || isOfficeFile(z) {
		return nil, false
	}
	if depth > maxNesting {
		return []Item{refused(name, errNesting)}, true
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(bufio.NewReaderSize(r, 1<<16)) })
	if err := a.claim(z, size); err != nil {
		return []Item{refused(name, err)}, true
	}
	var items []Item
	taken := map[string]bool{}
	for _, f := range z.File {
		inner, err := entryName(f)
		if inner == "" || strings.HasSuffix(inner, "/") {
			continue
		}
		full := path.Join(name, inner)
		for n := 2; taken[full]; n++ {
			full = path.Join(name, inner) + "~" + strconv.Itoa(n)
		}
		taken[full] = true
		if err == nil {
			err = checkEntry(f)
		}
		if err != nil {
			items = append(items, refused(full, err))
			continue
		}
		items = append(items, a.entry(f, full, depth)...)
	}
	return items, true
}

// isOfficeFile tells DOCX, XLSX, ODT, EPUB and the like from archives of
// documents.
func isOfficeFile(z *zip.Reader) bool {
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		switch {
		case name == "[Content_Types].xml", name == "mimetype", strings.HasPrefix(name, "META-INF/"),
			name == "word/document.xml", name == "xl/workbook.xml", name == "ppt/presentation.xml":
			return true
		}
	}
	return false
}

// claim refuses an archive for what its directory says.
func (a *archive) claim(z *zip.Reader, size int64) error {
	if a.entries += len(z.File); a.entries > maxEntries {
		return errEntries
	}
	var total uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > maxUnpacked {
			return ErrBomb
		}
		total += f.UncompressedSize64
	}
	if a.left -= int64(total); a.left < 0 || total > ratioFrom && total/uint64(max(1, size)) > maxRatio {
		return ErrBomb
	}
	return nil
}

var drive = regexp.MustCompile(`^[A-Za-z]:`)

// entryName is an entry's path, "" for what is hidden. A path that leads out
// gets a harmless form together with the error.
func entryName(f *zip.File) (string, error) {
	name := f.Name
	if f.NonUTF8 && !utf8.ValidString(name) {
		if decoded, err := charmap.CodePage850.NewDecoder().String(name); err == nil { // what Danish Windows writes
			name = decoded
		}
	}
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), `\`, "/")
	folder := strings.HasSuffix(name, "/")
	outside := strings.HasPrefix(name, "/") || drive.MatchString(name)
	var kept []string
	for _, element := range strings.Split(name, "/") {
		switch {
		case element == "" || element == ".":
		case element == "..":
			outside = true
		case hidden(element):
			return "", nil
		default:
			kept = append(kept, strings.Map(printable, element))
		}
	}
	clean := strings.Join(kept, "/")
	if folder || clean == "" {
		return "", nil
	}
	if outside {
		return clean, errBadPath
	}
	return clean, nil
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return '_'
	}
	return r
}

func checkEntry(f *zip.File) error {
	switch mode := f.Mode(); {
	case mode&os.ModeSymlink != 0, !mode.IsRegular():
		return errZipLink
	case f.Flags&1 != 0:
		return errLocked
	case f.UncompressedSize64 > MaxBytes:
		return ErrTooLarge
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/max(1, f.CompressedSize64) > maxRatio:
		return ErrBomb
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return errMethod
	}
	return nil
}

// entry is a file in the archive, or what is in it where it is an archive.
func (a *archive) entry(f *zip.File, name string, depth int) []Item {
	if size := int64(f.UncompressedSize64); size <= min(maxInner, a.inner) && looksZipped(f) {
		data, err := readEntry(f)
		if err != nil {
			return []Item{refused(name, err)}
		}
		if items, ok := a.open(bytes.NewReader(data), size, name, depth+1); ok {
			a.inner -= size
			return items
		}
	}
	return []Item{{Path: name, Read: func(context.Context) ([]byte, error) { return readEntry(f) }}}
}

func looksZipped(f *zip.File) bool {
	rc, err := f.Open()
	if err != nil {
		return false
	}
	defer rc.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(rc, head)
	return err == nil && string(head) == "PK\x03\x04"
}

// readEntry unpacks no more than the entry said that it holds.
func readEntry(f *zip.File) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, errZipEntry // which says what to do; the library's words are of no use to a caseworker
	}
	defer rc.Close()
	data, err := io.ReadAll(io.LimitReader(rc, int64(f.UncompressedSize64)+1))
	if err != nil {
		return nil, errZipEntry // which says what to do; the library's words are of no use to a caseworker
	}
	if uint64(len(data)) > f.UncompressedSize64 {
		return nil, ErrBomb
	}
	return data, nil
}
