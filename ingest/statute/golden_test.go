package statute

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump renders an outline for golden files: each section with its text indented
// and its parts as the text they cover.
func dump(out Outline) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%q statute=%v kind=%s number=%q issued=%s url=%s language=%s\n", out.Title, out.Statute, out.Kind, out.Number, out.Issued, out.URL, out.Language)
	for _, s := range out.Sections {
		fmt.Fprintf(&b, "\n#%s %q %s", s.ID, s.Label, strings.Join(s.Path, " / "))
		if s.Heading != "" {
			fmt.Fprintf(&b, " [%s]", s.Heading)
		}
		if s.Repealed {
			b.WriteString(" repealed")
		}
		b.WriteString("\n    " + strings.ReplaceAll(s.Text, "\n", "\n    ") + "\n")
		for _, p := range s.Parts {
			fmt.Fprintf(&b, "  %s: %q\n", p.Label, s.Text[p.Start:p.End])
		}
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"lov.md", "aendringslov.html", "retningslinje.md", "uden-overskrifter.txt"} {
		t.Run(name, func(t *testing.T) {
			doc, err := parse.Parse(context.Background(), name, readFile(t, filepath.Join("testdata", name)))
			if err != nil {
				t.Fatal(err)
			}
			out := Structure(doc)
			checkOutline(t, out)
			path := filepath.Join("testdata", name+".golden")
			got := dump(out)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := readFile(t, path); !bytes.Equal(got, want) {
				t.Errorf("%s differs; run with -update and look at the change\n--- got\n%s--- want\n%s", path, got, want)
			}
		})
	}
}
