package parse

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// HTML reads web pages and the HTML of retsinformation.dk, whose class names
// say what each paragraph of a statute is; they are kept as Block.Style.
// Navigation, scripts, tables of contents and hidden text are left out.
func HTML(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxTextFile {
		return nil, ErrTooLarge
	}
	root, err := html.Parse(utf8Reader(data))
	if err != nil {
		return nil, fmt.Errorf("html: %w: %w", ErrDamaged, err)
	}
	if ctx.Err() != nil {
		return nil, contextError(ctx)
	}
	w := htmlWalk{meta: map[string]string{}}
	w.head(root)
	body := root
	if main := only(root, atom.Main); main != nil {
		body = main
	}
	w.children(body)
	w.flush()
	if !hasText(w.blocks) {
		return nil, fmt.Errorf("html: %w", ErrNoText)
	}
	title := firstHeading(w.blocks)
	if title == "" {
		title = w.title
	}
	return &Document{MediaType: "text/html", Reader: "html", Title: title, Meta: w.meta, Blocks: w.blocks}, nil
}

// htmlFragment reads a stretch of HTML inside another format.
func htmlFragment(s string) []Block {
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return []Block{{Kind: Paragraph, Text: fold(s)}}
	}
	w := htmlWalk{meta: map[string]string{}}
	w.children(root)
	w.flush()
	return w.blocks
}

// utf8Reader decodes by byte order mark, meta element or content.
func utf8Reader(data []byte) io.Reader {
	if order := bareUTF16(data); order != nil {
		return strings.NewReader(decodeUTF16(data, order))
	}
	enc, name, certain := charset.DetermineEncoding(data, "")
	if !certain && name == "windows-1252" {
		return strings.NewReader(decodeText(data)) // the sniffer looks at 1,024 bytes only
	}
	return enc.NewDecoder().Reader(bytes.NewReader(data))
}

// only returns the document's single element of a kind, or nil.
func only(n *html.Node, kind atom.Atom) *html.Node {
	var found *html.Node
	count := 0
	for d := range n.Descendants() {
		if d.DataAtom == kind && d.Type == html.ElementNode {
			found = d
			count++
		}
	}
	if count != 1 {
		return nil
	}
	return found
}

// htmlWalk turns a tree into blocks. Text gathers in buf until a block element
// begins or ends.
type htmlWalk struct {
	blocks []Block
	meta   map[string]string
	title  string // of the title element

	buf     strings.Builder
	breaks  int // line breaks in a row
	strong  int // depth of bold and italic elements
	plain   bool
	style   []string // class names of the block elements around
	heading int      // level of the heading around, or 0
	lists   []*htmlList
	marker  string // of the list item that has not yet met its text
}

type htmlList struct {
	ordered bool
	kind    string // the type attribute: 1, a, A, i, I
	next    int
}

// head reads title, language and address.
func (w *htmlWalk) head(root *html.Node) {
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			if lang := attr(n, "lang"); lang != "" {
				w.meta["language"] = lang
			}
		case atom.Title:
			if w.title == "" && n.Namespace == "" && n.FirstChild != nil {
				w.title = fold(n.FirstChild.Data)
				w.meta["html-title"] = w.title
			}
		case atom.Link:
			if attr(n, "rel") == "canonical" && strings.HasPrefix(attr(n, "href"), "http") {
				w.meta["url"] = attr(n, "href")
			}
		case atom.Meta:
			// What a source knows of a page that does not say it itself.
			if key, ok := strings.CutPrefix(attr(n, "name"), "hjemmel."); ok {
				w.meta[key] = fold(attr(n, "content"))
			}
		}
	}
}

func (w *htmlWalk) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *htmlWalk) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text(n.Data)
	case n.Type != html.ElementNode || skipped(n):
	case n.DataAtom == atom.Br:
		if w.breaks++; w.breaks > 1 {
			w.flush()
		}
		w.buf.WriteByte(' ')
	case n.DataAtom == atom.Img:
		if alt := attr(n, "alt"); strings.ContainsRune(alt, ' ') { // a word alone names a file or an icon
			w.text(" " + alt + " ")
		}
	case n.DataAtom == atom.Table:
		w.table(n)
	case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
		w.list(n)
	case n.DataAtom == atom.Pre:
		w.pre(n)
	case isBlock(n.DataAtom):
		w.block(n)
	case emphasises(n):
		w.strong++
		w.children(n)
		w.strong--
	default:
		w.children(n)
	}
}

func (w *htmlWalk) text(s string) {
	if strings.TrimSpace(s) != "" {
		w.breaks = 0
		if w.strong == 0 {
			w.plain = true
		}
	}
	w.buf.WriteString(s)
}

func (w *htmlWalk) block(n *html.Node) {
	w.flush()
	class, _, _ := strings.Cut(attr(n, "class"), " ")
	w.style = append(w.style, class)
	before := w.heading
	if level := headingLevel(n.DataAtom); level > 0 {
		w.heading = level
	}
	if n.DataAtom == atom.Li {
		w.item(n)
	}
	w.children(n)
	w.flush()
	w.heading = before
	w.style = w.style[:len(w.style)-1]
}

// flush ends the block that gathers.
func (w *htmlWalk) flush() {
	text := fold(w.buf.String())
	bold := !w.plain
	w.buf.Reset()
	w.breaks, w.plain = 0, false
	if text == "" {
		return
	}
	b := Block{Kind: Paragraph, Text: text, Bold: bold}
	if len(w.style) > 0 {
		b.Style = w.style[len(w.style)-1]
	}
	switch {
	case w.heading > 0:
		b.Kind, b.Level, b.Bold = Heading, w.heading, false
	case w.marker != "":
		b.Kind, b.Level, b.Text = ListItem, len(w.lists), w.marker+" "+text
	default:
		b = byClass(b)
	}
	w.marker = ""
	w.blocks = append(w.blocks, b)
}

func (w *htmlWalk) pre(n *html.Node) {
	w.flush()
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	for line := range strings.Lines(b.String()) {
		if text := fold(line); text != "" {
			w.blocks = append(w.blocks, Block{Kind: Paragraph, Text: text, Style: "code"})
		}
	}
}
