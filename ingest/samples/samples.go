// Package samples holds the documents of Lindevig Kommune, a municipality that
// does not exist: guidelines, standards, tables and internal rules, written for
// Hjemmel so that a first start on an empty folder has something to answer
// from. They are examples in the form of real ones, in every format that a
// municipality keeps; they copy no act and hold no personal data.
//
// The Markdown and text files are written by hand. The DOCX, HTML and PDF files
// are made from generate/sources by the program in generate; run go generate
// after changing a source. Three documents carry a planted defect each, listed
// in DEFECTS.md. The package does not ingest: the pipeline does.
package samples

import (
	"embed"
	"io/fs"
)

//go:generate go run ./generate

// Collection is the name of the collection that the samples are ingested into.
// Documents of this collection are marked as samples and can be deleted at once.
const Collection = "eksempler"

//go:embed documents
var embedded embed.FS

// Files returns the sample documents, and nothing but them, in one flat folder.
func Files() fs.FS {
	sub, err := fs.Sub(embedded, "documents")
	if err != nil { // only an invalid path fails, and the path is a constant
		panic(err)
	}
	return sub
}
