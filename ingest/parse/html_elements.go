package parse

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// skipped tells what is no part of the document's text: machinery, navigation,
// form controls, what the page hides from its readers (and so must not reach
// ours), and retsinformation's bars, contents and footnote marks.
func skipped(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav, atom.Footer, atom.Aside, atom.Iframe,
		atom.Svg, atom.Object, atom.Embed, atom.Select, atom.Button, atom.Textarea, atom.Input, atom.Dialog, atom.Math:
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "role":
			if a.Val == "navigation" || a.Val == "doc-noteref" || a.Val == "doc-toc" {
				return true
			}
		case "style":
			style := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "font-size:0;") {
				return true
			}
		case "class":
			for class := range strings.FieldsSeq(a.Val) {
				switch class {
				case "bjelke", "toc", "Indholdsfortegnelse", "FodnoteHenvisning", "sr-only", "visually-hidden":
					return true
				}
			}
		}
	}
	return false
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Body, atom.Html, atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.H1, atom.H2, atom.H3, atom.H4,
		atom.H5, atom.H6, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Address, atom.Figure, atom.Figcaption,
		atom.Fieldset, atom.Legend, atom.Form, atom.Details, atom.Summary, atom.Hr, atom.Caption, atom.Tr, atom.Td, atom.Th, atom.Center:
		return true
	}
	return false
}

func headingLevel(a atom.Atom) int {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return int(a.String()[1] - '0')
	}
	return 0
}

func emphasises(n *html.Node) bool {
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.I, atom.Em:
		return true
	}
	class := attr(n, "class")
	return strings.HasPrefix(class, "Bold") || strings.HasPrefix(class, "Italic")
}

func (w *htmlWalk) list(n *html.Node) {
	w.flush()
	l := &htmlList{ordered: n.DataAtom == atom.Ol, kind: attr(n, "type"), next: 1}
	if start, err := strconv.Atoi(attr(n, "start")); err == nil {
		l.next = start
	}
	w.lists = append(w.lists, l)
	w.children(n)
	w.flush()
	w.lists = w.lists[:len(w.lists)-1]
}

// item sets the marker that the browser would draw.
func (w *htmlWalk) item(n *html.Node) {
	w.marker = "•"
	if len(w.lists) == 0 {
		return
	}
	l := w.lists[len(w.lists)-1]
	if !l.ordered {
		return
	}
	if value, err := strconv.Atoi(attr(n, "value")); err == nil {
		l.next = value
	}
	switch l.kind {
	case "a", "A", "i", "I":
		w.marker = numeral(l.next, l.kind) + ")"
	default:
		w.marker = strconv.Itoa(l.next) + "."
	}
	l.next++
}

// numeral writes n as a letter (a, b … z, aa) or Roman numeral, in the case of
// kind: "a", "A", "i" or "I". Numbers that have no such form stay digits.
func numeral(n int, kind string) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	s := ""
	if strings.EqualFold(kind, "a") {
		for ; n > 0; n = (n - 1) / 26 {
			s = string(rune('a'+(n-1)%26)) + s
		}
	} else {
		s = roman(n)
	}
	if kind == strings.ToUpper(kind) {
		return strings.ToUpper(s)
	}
	return s
}

func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		value int
		text  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= step.value; n -= step.value {
			b.WriteString(step.text)
		}
	}
	return b.String()
}
