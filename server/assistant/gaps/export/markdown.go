package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

// escape keeps document text from being read as Markdown or HTML.
var escape = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`)

func md(s string) string { return escape.Replace(oneLine(s)) }

func writeMarkdown(w io.Writer, reports []gaps.Report) error {
	var b bytes.Buffer
	for i := range reports {
		r := &reports[i]
		fmt.Fprintf(&b, "# Kontrol af %s\n\n%s\n\n", md(r.Title), summary(r))
		for n, f := range r.Findings {
			fmt.Fprintf(&b, "## %d. %s: %s\n\n", n+1, kindNames[f.Kind], md(place(f.At)))
			fmt.Fprintf(&b, "%s (%s, sikkerhed %s)\n\n", md(f.Explanation), severityNames[f.Severity], certainty(f.Confidence))
			fmt.Fprintf(&b, "Teksten:\n\n> %s\n\n", md(f.At.Quote))
			markdownLaw(&b, "Loven", f.Law)
			markdownLaw(&b, "Nu", f.Now)
		}
		markdownChecks(&b, r)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func markdownLaw(b *bytes.Buffer, title string, l *gaps.Law) {
	if l == nil {
		return
	}
	fmt.Fprintf(b, "%s, %s", title, md(l.Reference))
	if strings.HasPrefix(l.URL, "https://") {
		fmt.Fprintf(b, " (<%s>)", l.URL)
	}
	b.WriteString(":\n\n")
	if l.Quote != "" {
		fmt.Fprintf(b, "> %s\n\n", md(l.Quote))
	}
}

func markdownChecks(b *bytes.Buffer, r *gaps.Report) {
	b.WriteString("## Kontrolleret\n\n| Hvad | Antal | I orden | Delvist dækket | Fund | Ikke afgjort |\n| --- | ---: | ---: | ---: | ---: | ---: |\n")
	for _, s := range subjects {
		if n, ok, partly, found, open := tally(r, s); n > 0 {
			fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", subjectNames[s], n, ok, partly, found, open)
		}
	}
	b.WriteString("\n| Sted i teksten | Udfald | Sikkerhed | Loven | Bemærkning |\n| --- | --- | ---: | --- | --- |\n")
	for _, c := range r.Checked {
		at, law := "", ""
		if c.At != nil {
			at = short(c.At.Quote)
		}
		if c.Law != nil {
			law = c.Law.Reference
		}
		sure := ""
		if c.Confidence > 0 {
			sure = certainty(c.Confidence)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", md(at), outcomeNames[c.Outcome], sure, md(law), md(c.Note))
	}
	b.WriteString("\n")
}

var outcomeNames = map[gaps.Outcome]string{
	gaps.InOrder: "i orden", gaps.Partly: "delvist dækket", gaps.Found: "fund", gaps.NotChecked: "ikke kontrolleret", gaps.NotMentioned: "ikke afgjort",
}

// writeCSV writes a row a finding or partly covered duty, separated by semicolons and with a byte order
// mark, as spreadsheets with Danish settings expect.
func writeCSV(w io.Writer, reports []gaps.Report) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{{"dokument", "fund", "alvor", "sikkerhed", "sted", "tekst", "lov", "lovens ord", "nu", "forklaring"}}
	for i := range reports {
		r := &reports[i]
		for _, f := range r.Findings {
			row := []string{r.Title, kindNames[f.Kind], severityNames[f.Severity], certainty(f.Confidence), place(f.At), oneLine(f.At.Quote), "", "", "", f.Explanation}
			if f.Law != nil {
				row[6], row[7] = f.Law.Reference, oneLine(f.Law.Quote)
			}
			if f.Now != nil {
				row[8] = f.Now.Reference
			}
			rows = append(rows, guard(row))
		}
		for _, c := range partlyCovered(r) {
			row := []string{r.Title, "Delvist dækket", "", certainty(c.Confidence), "", "", c.Law.Reference, oneLine(c.Law.Quote), "", c.Note}
			if c.At != nil {
				row[4], row[5] = place(*c.At), oneLine(c.At.Quote)
			}
			rows = append(rows, guard(row))
		}
	}
	return out.WriteAll(rows)
}

// guard keeps a cell from being taken for a formula by a spreadsheet.
func guard(row []string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}
