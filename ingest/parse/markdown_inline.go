package parse

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// inlineParser knows paragraphs only: our own reader decides what the blocks
// are, because CommonMark would renumber "2)", "4)" and swallow "§ 2 a" lists.
var inlineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers(parser.DefaultInlineParsers()...),
	parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
)

// maxInline bounds the bytes that are searched for emphasis and links, which
// takes time in their square; longer blocks are not prose and are kept as they
// stand.
const maxInline = 16 << 10

// mdNoteMark is the mark of a footnote in running text; the note follows as a
// block of its own.
var mdNoteMark = regexp.MustCompile(`\[\^[^\]\s]+\]`)

// inlineText returns the text of one Markdown block without its markup, and
// whether all of it is emphasised.
func inlineText(src string) (text string, emphasised bool) {
	if !strings.ContainsAny(src, "*_`[]<&\\~") || len(src) > maxInline {
		return fold(src), false
	}
	src = mdNoteMark.ReplaceAllString(src, "")
	source := []byte(src)
	root := inlineParser.Parse(gmtext.NewReader(source))
	w := inlineWriter{source: source, emphasised: true}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		w.children(n)
		w.b.WriteByte(' ')
	}
	text = fold(w.b.String())
	return text, w.emphasised && text != ""
}

type inlineWriter struct {
	source     []byte
	b          strings.Builder
	depth      int  // of emphasis
	emphasised bool // no text outside emphasis so far
}

func (w *inlineWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
}

func (w *inlineWriter) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		value := n.Segment.Value(w.source)
		if n.IsRaw() {
			w.write(string(value))
		} else {
			w.write(html.UnescapeString(string(util.UnescapePunctuations(value))))
		}
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.b.WriteByte(' ')
		}
	case *ast.String:
		w.write(string(n.Value))
	case *ast.CodeSpan:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				w.write(string(t.Segment.Value(w.source)))
			}
		}
	case *ast.AutoLink:
		w.write(string(n.Label(w.source)))
	case *ast.RawHTML: // <br> separates words, other tags do not
		if s := n.Segments.At(0); strings.HasPrefix(strings.ToLower(string(s.Value(w.source))), "<br") {
			w.b.WriteByte(' ')
		}
	case *ast.Emphasis:
		w.depth++
		w.children(n)
		w.depth--
	default:
		w.children(n)
	}
}

func (w *inlineWriter) write(s string) {
	if w.depth == 0 && strings.Trim(s, " :") != "" {
		w.emphasised = false
	}
	w.b.WriteString(s)
}
