// Command generate turns the sources of the sample documents (a small subset of
// Markdown) into the DOCX, HTML and PDF files that package samples embeds. The
// target format is the middle part of a source's name: bpa.docx.md becomes
// documents/bpa.docx. The output depends on the source alone: no clock, no
// compression whose bytes could change between Go versions.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run("generate/sources", "documents"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run renders every source below from into the folder to.
func run(from, to string) error {
	sources, err := filepath.Glob(filepath.Join(from, "*.md"))
	if err != nil {
		return err
	}
	for _, path := range sources {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, out, err := render(filepath.Base(path), data)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := os.WriteFile(filepath.Join(to, name), out, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render turns one source into a document and the document's file name.
func render(source string, data []byte) (name string, out []byte, err error) {
	name = strings.TrimSuffix(source, ".md")
	doc, err := parseSource(string(data))
	if err != nil {
		return "", nil, err
	}
	switch ext := filepath.Ext(name); ext {
	case ".docx":
		out, err = renderDOCX(doc)
	case ".html":
		out = renderHTML(doc)
	case ".pdf":
		out, err = renderPDF(doc)
	default:
		err = fmt.Errorf("unknown target format %q", ext)
	}
	return name, out, err
}
