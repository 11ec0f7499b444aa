// Package parse turns the bytes of a file into blocks of text in reading order,
// one file a format. It recognises a format by content, not by file name, keeps
// page and position where the format has them, and bounds time and memory. It
// knows nothing of statutes or sections: package statute builds those.
package parse

import "errors"

// BlockKind says what a block is.
type BlockKind int

// The kinds of block.
const (
	Paragraph BlockKind = iota
	Heading             // Level says how deep, from 1
	ListItem            // Text keeps its marker: "1) …", "a) …", "• …"
	TableRow            // Text is "header: cell; header: cell"
	Footnote
)

// Block is one paragraph, heading, list item or table row.
type Block struct {
	Kind  BlockKind
	Level int    // of a heading, from 1; of a list item, its depth from 1
	Text  string // one paragraph, white space folded to single spaces, no line breaks
	Style string // the source's own name for it, where it has one: HTML class, DOCX style
	Bold  bool   // the whole block is set in bold or italics: a heading without a heading style
	Lines []Line // where the block's text stands on pages; nil where the format has none
}

// Line ties a byte range of a block's text to a box on a page, in fractions of
// the page's width and height with the origin at the top left.
type Line struct {
	Start, End     int
	Page           int // from 1
	X0, Y0, X1, Y1 float64
}

// Document is what a parser makes of a file.
type Document struct {
	MediaType string            // application/pdf, text/html, text/markdown, text/plain, application/vnd.openxml…
	Reader    string            // markdown, html, docx, text, ledongthuc/pdf, pdfium
	Title     string            // from front matter, metadata or the first heading; may be empty
	Meta      map[string]string // front matter and metadata, keys in lower case: number, issued, url, language …
	Blocks    []Block
	Pages     int
	Warnings  []string // what was left out, for the report; Danish sentences
	Unshown   string   // text in the file that becomes no block, for the policy alone: comments, a mail's other version
}

// Failure reasons that a caller may tell apart. Each error returned by a parser
// wraps one of them, or is about the format itself. Their texts are Danish
// sentences for the ingest report: what is wrong and what to do.
var (
	ErrUnsupported = errors.New("filtypen kan ikke læses: gem den som PDF, DOCX, XLSX, HTML eller ren tekst")
	ErrEncrypted   = errors.New("filen er beskyttet med adgangskode: gem en kopi uden adgangskode")
	ErrNoText      = errors.New("filen indeholder ingen tekst: er det et skannet billede, så kør tekstgenkendelse (OCR) først")
	ErrDamaged     = errors.New("filen er beskadiget eller ufuldstændig: hent eller gem den igen")
	ErrTooLarge    = errors.New("filen er for stor eller udfolder sig for meget: del den op")
	ErrTimeout     = errors.New("det tog for lang tid at læse filen: gem den i et andet format")
)

// unsupported is ErrUnsupported for a format that is recognised: what it is,
// and what to do instead.
type unsupported struct{ what, remedy string }

func (u unsupported) Error() string { return u.what + ": " + u.remedy }

// Is makes errors.Is(err, ErrUnsupported) hold.
func (u unsupported) Is(target error) bool { return target == ErrUnsupported }
