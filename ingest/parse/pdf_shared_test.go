package parse

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

var namedErrors = []error{ErrUnsupported, ErrEncrypted, ErrNoText, ErrDamaged, ErrTooLarge, ErrTimeout}

// pdfFiles lists the PDF files below dir.
func pdfFiles(tb testing.TB, dir string) []string {
	tb.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(path), ".pdf") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestPDFRobustness(t *testing.T) {
	sharedtest.Figure(t)
	root := sharedtest.Dir(t, "data", "robustness")
	type tally struct{ read, failed int }
	kinds, readers := map[string]*tally{}, map[string]int{}
	for _, path := range pdfFiles(t, root) {
		rel, _ := filepath.Rel(root, path)
		kind, _, _ := strings.Cut(rel, string(filepath.Separator))
		if kinds[kind] == nil {
			kinds[kind] = &tally{}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		doc, err := PDF(context.Background(), data)
		if took := time.Since(start); took > pdfTimeLimit+2*time.Second {
			t.Errorf("%s took %v", rel, took)
		} else if took > 2*time.Second {
			t.Logf("slow: %s %v", rel, took)
		}
		if err != nil {
			kinds[kind].failed++
			t.Logf("%s: %v", rel, err)
			if !isNamed(err) {
				t.Errorf("%s: %v is not a named error", rel, err)
			}
			continue
		}
		kinds[kind].read++
		readers[kind+" "+doc.Reader]++
		checkBlocks(t, rel, doc)
	}
	for kind, n := range kinds {
		t.Logf("%-20s read %3d (%s %d, %s %d), failed %d", kind, n.read, readerLedongthuc, readers[kind+" "+readerLedongthuc],
			readerPdfium, readers[kind+" "+readerPdfium], n.failed)
	}
}

func isNamed(err error) bool {
	for _, named := range namedErrors {
		if errors.Is(err, named) {
			return true
		}
	}
	return false
}

// checkBlocks checks what every document promises.
func checkBlocks(tb testing.TB, name string, doc *Document) {
	tb.Helper()
	for i, b := range doc.Blocks {
		if b.Text == "" || strings.Join(strings.Fields(b.Text), " ") != b.Text {
			tb.Errorf("%s: block %d is not folded: %q", name, i, b.Text)
		}
		for _, l := range b.Lines {
			if l.Start < 0 || l.End > len(b.Text) || l.Start > l.End || l.Page < 1 || l.Page > doc.Pages ||
				!(l.X0 >= 0 && l.X0 <= l.X1 && l.X1 <= 1 && l.Y0 >= 0 && l.Y0 <= l.Y1 && l.Y1 <= 1) {
				tb.Errorf("%s: block %d %q has the line %+v", name, i, b.Text, l)
			}
		}
	}
}

type lawTruth struct {
	Provisions []struct{ Ref, Section, Text string }
}

// TestPDFLaws measures how many sections of printed acts are read with the
// number and text of the ground truth.
func TestPDFLaws(t *testing.T) {
	sharedtest.Figure(t)
	dir := sharedtest.Dir(t, "data", "documents", "law-pdfs")
	pairs, err := os.ReadFile(filepath.Join(dir, "PAIRS.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(pairs)), "\n")[1:] {
		name, truthName, _ := strings.Cut(line, "\t")
		for _, reader := range []string{readerLedongthuc, readerPdfium} {
			t.Run(name+" "+reader, func(t *testing.T) { lawAgreement(t, dir, name, truthName, reader) })
		}
	}
}

func lawAgreement(t *testing.T, dir, name, truthName, reader string) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, truthName))
	if err != nil {
		t.Fatal(err)
	}
	var truth lawTruth
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	var blocks []Block
	if reader == readerLedongthuc {
		doc, err := PDF(context.Background(), data)
		if err != nil || doc.Reader != reader {
			t.Fatalf("read by %v, error %v", doc, err)
		}
		blocks = doc.Blocks
	} else {
		r, err := secondReading(context.Background(), data)
		if err != nil {
			t.Fatal(err)
		}
		blocks = r.blocks
	}
	took := time.Since(start)
	sections := splitSections(blocks)
	right := 0
	for _, p := range truth.Provisions {
		want := strings.Join(strings.Fields(p.Text), " ")
		best, got := 0.0, ""
		for _, s := range sections[sectionKey(p.Section)] {
			if sim := similarity(want, s); sim > best {
				best, got = sim, s
			}
		}
		if best > 0.98 {
			right++
		} else {
			t.Logf("§ %s: similarity %.3f\n want %s\n  got %s", p.Section, best, want, got)
		}
	}
	share := float64(right) / float64(len(truth.Provisions))
	t.Logf("%d of %d sections agree (%.3f), %v", right, len(truth.Provisions), share, took)
	if share < 0.97 {
		t.Errorf("agreement %.3f, want at least 0.97", share)
	}
}

var sectionStart = regexp.MustCompile(`^§§?\s*(\d+(?:\s?[a-zA-ZæøåÆØÅ]{1,2}\b)?(?:\s*(?:-|–|og)\s*\d+)?)\s*\.`)

func sectionKey(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// splitSections joins the blocks of each section: from "§ N." up to the next
// one or a heading.
func splitSections(blocks []Block) map[string][]string {
	out := map[string][]string{}
	key := ""
	for _, b := range blocks {
		if m := sectionStart.FindStringSubmatch(b.Text); m != nil {
			key = sectionKey(m[1])
			out[key] = append(out[key], b.Text)
			continue
		}
		if b.Kind == Heading || b.Bold && b.Kind == Paragraph || strings.HasPrefix(b.Text, "Lov nr. ") {
			key = ""
		}
		if list := out[key]; key != "" && b.Kind != Footnote {
			list[len(list)-1] += " " + b.Text
		}
	}
	return out
}

// similarity is 1 − edit distance / length, with the distance bounded.
func similarity(a, b string) float64 {
	ra, rb := []rune(a), []rune(b)
	longest := max(len(ra), len(rb))
	if longest == 0 {
		return 1
	}
	if math.Abs(float64(len(ra)-len(rb))) > 0.1*float64(longest) {
		return 0
	}
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i := range ra {
		diagonal := row[0]
		row[0] = i + 1
		for j := range rb {
			cost := diagonal + count(ra[i] != rb[j])
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return 1 - float64(row[len(rb)])/float64(longest)
}

// TestPDFAgainstPdftotext compares the words with those of poppler.
func TestPDFAgainstPdftotext(t *testing.T) {
	sharedtest.Figure(t)
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not on PATH")
	}
	var all []float64
	for _, path := range pdfFiles(t, sharedtest.Dir(t, "data", "robustness")) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		plain, err := exec.CommandContext(ctx, tool, "-enc", "UTF-8", path, "-").Output()
		cancel()
		want := wordCounts(strings.ReplaceAll(string(plain), "\u00ad\n", ""))
		if err != nil || len(want) < 30 {
			continue
		}
		doc, err := PDF(context.Background(), data)
		if err != nil {
			t.Logf("%s: %v", filepath.Base(path), err)
			all = append(all, 0)
			continue
		}
		f1 := wordF1(want, wordCounts(blockText(doc)))
		if f1 < 0.85 {
			t.Logf("%s: F1 %.3f by %s", filepath.Base(path), f1, doc.Reader)
		}
		all = append(all, f1)
	}
	sort.Float64s(all)
	sum := 0.0
	for _, f := range all {
		sum += f
	}
	mean := sum / float64(len(all))
	t.Logf("token F1 against pdftotext over %d files: mean %.3f, median %.3f", len(all), mean, all[len(all)/2])
	if mean < 0.85 {
		t.Errorf("mean F1 %.3f, want at least 0.85", mean)
	}
}

func blockText(doc *Document) string {
	var b strings.Builder
	for _, x := range doc.Blocks {
		b.WriteString(x.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

func wordCounts(text string) map[string]int {
	out := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out[w]++
	}
	return out
}

func wordF1(a, b map[string]int) float64 {
	na, nb, both := 0, 0, 0
	for w, n := range a {
		na += n
		both += min(n, b[w])
	}
	for _, n := range b {
		nb += n
	}
	if na+nb == 0 {
		return 1
	}
	return 2 * float64(both) / float64(na+nb)
}
