package parse

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

var kindNames = map[BlockKind]string{Paragraph: "paragraph", Heading: "heading", ListItem: "item", TableRow: "row", Footnote: "note"}

// dump renders a document, a block a line, for golden files.
func dump(doc *Document) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s %q\n", doc.MediaType, doc.Reader, doc.Title)
	for _, key := range slices.Sorted(maps.Keys(doc.Meta)) {
		fmt.Fprintf(&b, "%s = %s\n", key, doc.Meta[key])
	}
	for _, block := range doc.Blocks {
		fmt.Fprintf(&b, "%s", kindNames[block.Kind])
		if block.Level > 0 {
			fmt.Fprintf(&b, " %d", block.Level)
		}
		if block.Style != "" {
			fmt.Fprintf(&b, " .%s", strings.ReplaceAll(block.Style, " ", "-"))
		}
		if block.Bold {
			b.WriteString(" bold")
		}
		fmt.Fprintf(&b, ": %s\n", block.Text)
	}
	for _, w := range doc.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	if doc.Unshown != "" {
		fmt.Fprintf(&b, "unshown: %q\n", doc.Unshown)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the change\n--- got\n%s--- want\n%s", path, got, want)
	}
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"retningslinje.md", "side.html", "lov.html", "kvalitetsstandard.txt", "takster.csv", "ydelser.tsv", "svar.eml", "notat.rtf"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Parse(context.Background(), name, data)
			if err != nil {
				t.Fatal(err)
			}
			checkResult(t, name, doc, nil)
			golden(t, name, dump(doc))
		})
	}
}
