// Package export writes the report of a comparison for people and programs:
// plain text, Markdown, CSV, DOCX and SARIF. It adds nothing to the report.
package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/docx"
)

// Format names a form of report.
type Format string

// The formats.
const (
	Text     Format = "text"
	JSON     Format = "json"
	Markdown Format = "md"
	CSV      Format = "csv"
	DOCX     Format = "docx"
	SARIF    Format = "sarif"
)

// Formats lists all formats.
var Formats = []Format{Text, JSON, Markdown, CSV, DOCX, SARIF}

// MediaType is what an HTTP reply in the format is marked as.
func (f Format) MediaType() string {
	switch f {
	case JSON:
		return "application/json; charset=utf-8"
	case Markdown:
		return "text/markdown; charset=utf-8"
	case CSV:
		return "text/csv; charset=utf-8"
	case DOCX:
		return docx.MediaType
	case SARIF:
		return "application/sarif+json; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// Write writes reports in a format. version is the program's, for SARIF.
func Write(w io.Writer, f Format, version string, reports ...gaps.Report) error {
	switch f {
	case Text:
		return writeText(w, reports)
	case JSON:
		return writeJSON(w, reports)
	case Markdown:
		return writeMarkdown(w, reports)
	case CSV:
		return writeCSV(w, reports)
	case DOCX:
		return writeDOCX(w, reports)
	case SARIF:
		return writeSARIF(w, version, reports)
	}
	return fmt.Errorf("unknown format %q: use text, json, md, csv, docx or sarif", f)
}

// Valid tells whether f is one of the formats.
func (f Format) Valid() bool { return slices.Contains(Formats, f) }

var kindNames = map[gaps.Kind]string{
	gaps.Outdated: "Forældet henvisning", gaps.Contradiction: "Modstrid", gaps.Missing: "Mangler", gaps.UnknownRef: "Ukendt henvisning",
}

var severityNames = map[gaps.Severity]string{gaps.High: "alvorlig", gaps.Medium: "væsentlig", gaps.Low: "mindre"}

var subjectNames = map[gaps.Subject]string{
	gaps.OfReference: "Henvisninger", gaps.OfFigure: "Tal og frister", gaps.OfRequirement: "Krav", gaps.OfModality: "Skal, kan og må ikke",
}

// subjects in the order in which a report shows them.
var subjects = []gaps.Subject{gaps.OfReference, gaps.OfFigure, gaps.OfModality, gaps.OfRequirement}

// tally counts the checks of a subject by outcome.
func tally(r *gaps.Report, s gaps.Subject) (checked, inOrder, partly, found, open int) {
	for _, c := range r.Checked {
		if c.Subject != s {
			continue
		}
		checked++
		switch c.Outcome {
		case gaps.InOrder:
			inOrder++
		case gaps.Partly:
			partly++
		case gaps.Found:
			found++
		default:
			open++
		}
	}
	return checked, inOrder, partly, found, open
}

// partlyCovered returns the duties that the text covers but for a part.
func partlyCovered(r *gaps.Report) []gaps.Check {
	var out []gaps.Check
	for _, c := range r.Checked {
		if c.Outcome == gaps.Partly && c.Law != nil {
			out = append(out, c)
		}
	}
	return out
}

// summary says in one sentence what a report holds.
func summary(r *gaps.Report) string {
	switch n := len(r.Findings); n {
	case 0:
		return fmt.Sprintf("Ingen fund. %d steder er kontrolleret mod det, der gælder den %s.", len(r.Checked), danishDate(string(r.AsOf)))
	case 1:
		return fmt.Sprintf("1 fund. %d steder er kontrolleret mod det, der gælder den %s.", len(r.Checked), danishDate(string(r.AsOf)))
	default:
		return fmt.Sprintf("%d fund. %d steder er kontrolleret mod det, der gælder den %s.", n, len(r.Checked), danishDate(string(r.AsOf)))
	}
}

var months = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

func danishDate(iso string) string {
	var y, m, d int
	if n, err := fmt.Sscanf(iso, "%d-%d-%d", &y, &m, &d); n != 3 || err != nil || m < 1 || m > 12 {
		return iso
	}
	return fmt.Sprintf("%d. %s %d", d, months[m-1], y)
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// certainty shows a confidence as whole per cent.
func certainty(c float64) string { return fmt.Sprintf("%.0f %%", 100*c) }

func place(a gaps.At) string {
	where := a.Label
	if where == "" {
		where = a.Section
	}
	if a.Page > 0 {
		where += fmt.Sprintf(" (side %d)", a.Page)
	}
	return where
}
