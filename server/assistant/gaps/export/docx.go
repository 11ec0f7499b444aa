package export

import (
	"fmt"
	"io"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/docx"
)

// writeDOCX writes the reports one after the other as a Word document.
func writeDOCX(w io.Writer, reports []gaps.Report) error {
	var d docx.Document
	for i := range reports {
		addReport(&d, &reports[i])
	}
	return d.Write(w)
}

func addReport(d *docx.Document, r *gaps.Report) {
	d.Heading(1, "Kontrol af "+r.Title)
	d.Paragraph(summary(r))
	for n, f := range r.Findings {
		d.Heading(2, fmt.Sprintf("%d. %s: %s", n+1, kindNames[f.Kind], place(f.At)))
		d.Paragraph(fmt.Sprintf("%s (%s, sikkerhed %s)", f.Explanation, severityNames[f.Severity], certainty(f.Confidence)))
		d.Paragraph("Teksten:")
		d.Quote(oneLine(f.At.Quote))
		addLaw(d, "Loven", f.Law)
		addLaw(d, "Nu", f.Now)
	}
	d.Heading(2, "Kontrolleret")
	rows := [][]string{{"Hvad", "Antal", "I orden", "Delvist dækket", "Fund", "Ikke afgjort"}}
	for _, s := range subjects {
		if n, ok, partly, found, open := tally(r, s); n > 0 {
			rows = append(rows, []string{subjectNames[s], fmt.Sprint(n), fmt.Sprint(ok), fmt.Sprint(partly), fmt.Sprint(found), fmt.Sprint(open)})
		}
	}
	d.Table(rows)
	addPartly(d, r)
}

// addPartly lists the duties that the text covers but for a part.
func addPartly(d *docx.Document, r *gaps.Report) {
	rows := [][]string{{"Pligt", "Sikkerhed", "Det, der mangler"}}
	for _, c := range partlyCovered(r) {
		rows = append(rows, []string{c.Law.Reference, certainty(c.Confidence), c.Note})
	}
	if len(rows) > 1 {
		d.Heading(2, "Delvist dækket")
		d.Table(rows)
	}
}

func addLaw(d *docx.Document, title string, l *gaps.Law) {
	if l == nil {
		return
	}
	d.Paragraph(title + ", " + l.Reference + ":")
	if l.Quote != "" {
		d.Quote(oneLine(l.Quote))
	}
}
