package lexical

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Whatever is hidden from a reader, a search gives, to the last digit, what it
// gives in an index that never held it: scores, totals, evidence, corrections.
func TestReadersSearchAnIndexWithoutWhatIsHidden(t *testing.T) {
	words := strings.Fields("merudgifter merudgift udgifter befordring befordringsgodtgørelse godtgørelse arbejdsfortjeneste arbejdsfortjenste hjælpemiddel hjælpemidler kommune frist partshøring høring klage")
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		text := func() string {
			var b strings.Builder
			for range 3 + random.IntN(12) {
				b.WriteString(words[random.IntN(len(words))] + " ")
			}
			return b.String()
		}
		reader := corpus.Reader{Groups: []string{"hr"}}
		all, some := open1(t, t.TempDir()), open1(t, t.TempDir())
		for i := range 12 {
			d := entriesOf(fmt.Sprintf("dok-%d", i), 1, text(), text(), text())
			d.Document.Groups = [][]string{nil, {"ledelse"}, {"hr"}, {"hr", "ledelse"}}[random.IntN(4)]
			putAll(t, all, d)
			if random.IntN(3) == 0 { // a second state of the document, in another segment
				d = entriesOf(d.Document.ID, 2, text(), text())
				d.Document.Groups = [][]string{nil, {"ledelse"}}[random.IntN(2)]
				putAll(t, all, d)
			}
			if reader.MayRead(d.Document.Groups) {
				putAll(t, some, d)
			}
		}
		for range 3 { // again from the caches, and between searches of another view
			for _, query := range append(words, "arbejdsfortjenest", "befordringsgodtgørelsen ved klage", "udgift til hjælpemidel") {
				q := Query{Text: query, K: 50, Lang: "da", Reader: reader}
				got, err := all.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				want, err := some.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, %q:\n%+v\nwithout what is hidden\n%+v", seed, query, got, want)
				}
				if _, err := all.Search(t.Context(), Query{Text: query, K: 50, Lang: "da", Reader: corpus.Reader{Everything: seed%2 == 0}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		closed(t, all)
		closed(t, some)
	}
}

// The index knows who may read a document before it holds its passages, also
// after it was opened again.
func TestGroupsAreKept(t *testing.T) {
	dir := t.TempDir()
	x := open1(t, dir)
	d := entriesOf("personale", 1, "Fratrædelse aftales.")
	d.Document.Groups = []string{"hr"}
	x.announce([]DocumentEntries{d})
	if name := x.viewName(corpus.Reader{}); name == "" {
		t.Error("what is being written is hidden from nobody")
	}
	x.announce(nil)
	putAll(t, x, d)
	closed(t, x)
	x = open1(t, dir)
	defer closed(t, x)
	q := Query{Text: "fratrædelse", K: 10, Lang: "da"}
	if got := found(t, x, q); len(got) != 0 {
		t.Errorf("found by everyone: %v", got)
	}
	q.Reader.Groups = []string{"hr"}
	if got := found(t, x, q); len(got) != 1 {
		t.Errorf("found by a member: %v", got)
	}
}
