package main

import (
	"bytes"
	"fmt"
	"html"
)

const htmlStyle = `body{font:1rem/1.5 sans-serif;max-width:44rem;margin:auto;padding:1rem}
table{border-collapse:collapse}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}`

// renderHTML writes a page as a municipality's web site has it: site header,
// bread crumbs and footer around the article.
func renderHTML(doc *document) []byte {
	var b bytes.Buffer
	title := html.EscapeString(doc.title)
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="da">
<head>
<meta charset="utf-8">
<title>%s</title>
<meta name="description" content="%s">
<meta name="author" content="%s">
<meta name="dcterms.issued" content="%s">
<style>
%s
</style>
</head>
<body>
<header><p>%s</p></header>
<nav aria-label="Brødkrumme"><a href="#">Forside</a> / <a href="#">Medarbejdere</a> / <a href="#">Vejledninger</a></nav>
<main>
<article>
`, title, notice, author, doc.issued.Format("2006-01-02"), htmlStyle, author)
	for _, block := range doc.blocks {
		htmlBlock(&b, block)
	}
	fmt.Fprintf(&b, `</article>
</main>
<footer><p>%s</p></footer>
</body>
</html>
`, author)
	return b.Bytes()
}

func htmlBlock(b *bytes.Buffer, block block) {
	switch block.kind {
	case heading:
		fmt.Fprintf(b, "<h%d>%s</h%d>\n", block.level, html.EscapeString(block.text), block.level)
	case paragraph:
		fmt.Fprintf(b, "<p>%s</p>\n", html.EscapeString(block.text))
	case bullets:
		htmlList(b, "ul", block.items)
	case numbered:
		htmlList(b, "ol", block.items)
	case table:
		b.WriteString("<table>\n<thead>\n")
		htmlRow(b, "th", block.rows[0])
		b.WriteString("</thead>\n<tbody>\n")
		for _, row := range block.rows[1:] {
			htmlRow(b, "td", row)
		}
		b.WriteString("</tbody>\n</table>\n")
	}
}

func htmlList(b *bytes.Buffer, tag string, items []string) {
	fmt.Fprintf(b, "<%s>\n", tag)
	for _, item := range items {
		fmt.Fprintf(b, "<li>%s</li>\n", html.EscapeString(item))
	}
	fmt.Fprintf(b, "</%s>\n", tag)
}

func htmlRow(b *bytes.Buffer, tag string, cells []string) {
	b.WriteString("<tr>")
	for _, cell := range cells {
		fmt.Fprintf(b, "<%s>%s</%s>", tag, html.EscapeString(cell), tag)
	}
	b.WriteString("</tr>\n")
}
