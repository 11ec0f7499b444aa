package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/hjemmel/hjemmel/ingest"
)

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// table writes rows in columns; the last column takes the rest of the line.
func table(w io.Writer, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i+1 < len(row) {
				b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// shorten cuts s to n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// progress shows a bar on a terminal and plain lines elsewhere, both on stderr,
// so that output stays clean.
type progress struct {
	w     io.Writer
	bar   *progressbar.ProgressBar
	phase ingest.Phase
	tty   bool
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, tty: ok && term.IsTerminal(int(f.Fd()))}
}

var phaseNames = map[ingest.Phase]string{ingest.Reading: "Indlæser", ingest.Indexing: "Indekserer"}

func (p *progress) show(at ingest.Progress) {
	if at.Phase != p.phase {
		p.finish()
		p.phase = at.Phase
		if p.tty {
			p.bar = progressbar.NewOptions(at.Total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(phaseNames[at.Phase]),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		}
	}
	if p.bar != nil {
		_ = p.bar.Set(at.Done) // a bar that cannot be drawn stops nothing
		return
	}
	// Off a terminal: what went wrong at once, and how far it is now and then.
	if at.File != nil && (at.File.Status == ingest.Failed || at.File.Status == ingest.Refused) {
		fmt.Fprintf(p.w, "%s: %s: %s\n", statusNames[at.File.Status], at.File.Path, at.File.Reason)
	}
	if at.Done%500 == 0 && at.Done > 0 {
		fmt.Fprintf(p.w, "%s: %d af %d\n", phaseNames[at.Phase], at.Done, at.Total)
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
