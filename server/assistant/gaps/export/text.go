package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

func writeText(w io.Writer, reports []gaps.Report) error {
	var b bytes.Buffer
	for i := range reports {
		r := &reports[i]
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", r.Title, summary(r))
		for _, f := range r.Findings {
			fmt.Fprintf(&b, "\n%s · %s · sikkerhed %s\n", strings.ToUpper(kindNames[f.Kind]), severityNames[f.Severity], certainty(f.Confidence))
			fmt.Fprintf(&b, "  %s: »%s«\n", place(f.At), short(f.At.Quote))
			if f.Law != nil {
				fmt.Fprintf(&b, "  %s\n", lawLine(f.Law))
			}
			if f.Now != nil {
				fmt.Fprintf(&b, "  Nu: %s\n", lawLine(f.Now))
			}
			fmt.Fprintf(&b, "  → %s\n", f.Explanation)
		}
		b.WriteString("\nKontrolleret:\n")
		for _, s := range subjects {
			if n, ok, partly, found, open := tally(r, s); n > 0 {
				fmt.Fprintf(&b, "  %-22s %3d: %d i orden, %d delvist dækket, %d fund, %d ikke afgjort\n", subjectNames[s], n, ok, partly, found, open)
			}
		}
		for i, c := range partlyCovered(r) {
			if i == 0 {
				b.WriteString("\nDelvist dækket:\n")
			}
			fmt.Fprintf(&b, "  %s (sikkerhed %s): %s\n", c.Law.Reference, certainty(c.Confidence), c.Note)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func lawLine(l *gaps.Law) string {
	if l.Quote == "" {
		return l.Reference
	}
	return fmt.Sprintf("%s: »%s«", l.Reference, short(l.Quote))
}

// short cuts a quote for a terminal.
func short(s string) string {
	const most = 300
	s = oneLine(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// writeJSON writes one report as an object, several as a line each.
func writeJSON(w io.Writer, reports []gaps.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range reports {
		if err := enc.Encode(reports[i]); err != nil {
			return err
		}
	}
	return nil
}
