package parse

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestHostileInput gives readers what is cheap to write and dear to read.
func TestHostileInput(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 50_000
	for name, data := range map[string]string{
		"brackets.md":  strings.Repeat(strings.Repeat("[", 60_000)+"\n\n", 4),
		"stars.md":     strings.Repeat(strings.Repeat("*a_ ", 15_000)+"\n\n", 4),
		"backticks.md": strings.Repeat(strings.Repeat("`", 30_000)+" a "+strings.Repeat("`a ", 10_000)+"\n\n", 4),
		"comments.md":  strings.Repeat("<!--\n", n),
		"quotes.md":    strings.Repeat(">", n) + "a",
		"html.md":      strings.Repeat("<div>\n\n", n/10) + "a",
		"deep.html":    "<html><body>" + strings.Repeat("<div>", n),
		"tables.html":  "<html><body>a" + strings.Repeat("<table><tr><td>", n/10),
		"spans.html":   "<html><body><table>" + strings.Repeat("<tr><td rowspan=999 colspan=999>x", n/20),
		"bold.html":    "<html><body>a" + strings.Repeat("<b>", n/10) + "a" + strings.Repeat("<p>", n/10),
		"short.txt":    strings.Repeat("a\n", n),
		"heads.txt":    strings.Repeat("AAAA\n\n", n),
	} {
		began := time.Now()
		doc, err := Parse(context.Background(), name, []byte(data))
		checkResult(t, name, doc, err)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if took > time.Second {
			t.Logf("%s took %v", name, took)
		}
	}
}
