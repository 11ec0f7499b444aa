// Package statute turns the blocks of a parsed file into sections: the §§ of a
// statute with their stk., nr. and litra as parts, or the headed parts of any
// other text. It decides by itself which of the two a document is, loses no
// text, and reads no files. What a reference points to is not its business.
package statute

import (
	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Outline is a document cut into sections, with what the text says of itself.
// The sections' IDs are local ("85a", "3.2", "bilag-1"): unique within the
// document and the same each time the same text is read.
type Outline struct {
	Title    string
	Kind     corpus.Kind
	Number   string // as written: "LBK nr 1129 af 2025-09-22"; empty where the text gives none
	Issued   corpus.Date
	URL      string
	Language string // from metadata only; empty where the source does not say
	Statute  bool   // cut by §§
	Sections []corpus.Section
	Warnings []string // Danish sentences for the ingest report
}

// Structure cuts doc into sections.
func Structure(doc *parse.Document) Outline {
	out := describe(doc)
	blocks := withoutContents(doc.Blocks)
	if out.Statute = isStatute(blocks, out.Title, out.Number); out.Statute {
		out.Sections = cutStatute(blocks, out.Title)
		if out.Issued == "" {
			out.Issued = signedDate(out.Sections)
		}
	} else {
		out.Sections = cutGuideline(blocks, out.Title)
	}
	out.Kind = kindOf(&out)
	out.Warnings = append(out.Warnings, doc.Warnings...)
	return out
}
