package samples

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// source returns the text that a document is made of: itself where it is
// written by hand, else its source (generate's test ties the two together).
func source(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join("documents", name)
	if ext := path.Ext(name); ext != ".md" && ext != ".txt" {
		file = filepath.Join("generate", "sources", name+".md")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func names(t *testing.T) []string {
	t.Helper()
	entries, err := fs.ReadDir(Files(), ".")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestFilesCoverTheFormatsAndStaySmall(t *testing.T) {
	formats, size := map[string]int{}, 0
	for _, name := range names(t) {
		data, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		formats[path.Ext(name)]++
		size += len(data)
	}
	for ext, least := range map[string]int{".md": 4, ".docx": 3, ".html": 3, ".pdf": 3, ".txt": 1} {
		if formats[ext] < least {
			t.Errorf("%d %s documents, want at least %d", formats[ext], ext, least)
		}
	}
	if size > 1<<20 {
		t.Errorf("the documents take %d bytes, want less than 1 MiB", size)
	}
}

func TestEveryDocumentSaysAtOnceThatItIsAnExample(t *testing.T) {
	for _, name := range names(t) {
		if at := strings.Index(source(t, name), "Eksempel – fiktiv kommune"); at < 0 || at > 400 {
			t.Errorf("%s does not begin with the notice (offset %d)", name, at)
		}
	}
}

func TestNoPersonalData(t *testing.T) {
	personal := regexp.MustCompile(`\b\d{6}[- ]?\d{4}\b|\b\d{8}\b|\b\d\d \d\d \d\d \d\d\b|\S+@\S+`)
	for _, name := range names(t) {
		if found := personal.FindString(source(t, name)); found != "" {
			t.Errorf("%s holds %q, which looks like a CPR number, a phone number or a mail address", name, found)
		}
	}
}

// section returns the text below the heading, up to the next heading of a
// numbered or Markdown form.
func section(text, heading string) (string, bool) {
	start := regexp.MustCompile(`(?m)^(?:#+ )?` + regexp.QuoteMeta(heading) + `$`).FindStringIndex(text)
	if start == nil {
		return "", false
	}
	body := text[start[1]:]
	if next := regexp.MustCompile(`(?m)^(?:#+ .*|\d+\. \pL[^.|]*)$`).FindStringIndex(body); next != nil {
		body = body[:next[0]]
	}
	return body, true
}

func TestQuestionsAreAnsweredWhereTheTableSays(t *testing.T) {
	f, err := os.Open("testdata/questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 21 { // header and 20 questions
		t.Errorf("%d rows, want 21", len(rows))
	}
	for _, row := range rows[1:] {
		question, document, heading, phrase := row[0], row[1], row[2], row[3]
		body, found := section(source(t, document), heading)
		if !found {
			t.Errorf("%s: no section %q in %s", question, heading, document)
		} else if !strings.Contains(body, phrase) {
			t.Errorf("%s: %q is not in section %q of %s", question, phrase, heading, document)
		}
	}
}

// defects is the table of DEFECTS.md.
var defects = []struct {
	kind, document, section string
	planted                 string // stands in the section; "" where something is missing
	absent                  string // must not stand in the document at all
	act, paragraph          string // the law's place: a file of corpus/law and its §
	law                     string // what the law says there
}{
	{kind: "missing", document: "underretninger.md", absent: "6 hverdage",
		act: "barnets-lov", paragraph: "138", law: "senest 6 hverdage efter modtagelsen af en underretning"},
	{kind: "outdated", document: "kompensationsydelse-voksne.docx", section: "6. Overgang fra barn til voksen",
		planted: "efter servicelovens § 41", absent: "barnets lov",
		act: "barnets-lov", paragraph: "86", law: "skal yde dækning af nødvendige merudgifter ved forsørgelse i hjemmet"},
	{kind: "contradiction", document: "jobafklaring-og-ressourceforloeb.html", section: "2.2 Møde i rehabiliteringsteamet",
		planted: "senest 6 uger efter overgangen", absent: "senest 4 uger efter overgang",
		act: "en-aktiv-beskaeftigelsesindsats", paragraph: "109", law: "Senest 4 uger efter overgang til et jobafklaringsforløb"},
}

func TestPlantedDefectsStandInTheDocuments(t *testing.T) {
	table, err := os.ReadFile("DEFECTS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range defects {
		if !strings.Contains(string(table), "| "+d.kind+" | `"+d.document+"` |") {
			t.Errorf("DEFECTS.md has no row for %s in %s", d.kind, d.document)
		}
		text := source(t, d.document)
		if strings.Contains(text, d.absent) {
			t.Errorf("%s says %q, so its defect is mended", d.document, d.absent)
		}
		if d.planted == "" {
			continue
		}
		if body, _ := section(text, d.section); !strings.Contains(body, d.planted) {
			t.Errorf("%s: section %q lacks %q", d.document, d.section, d.planted)
		}
	}
}

func TestPlantedDefectsDisagreeWithTheLaw(t *testing.T) {
	laws := sharedtest.Dir(t, "corpus", "law")
	for _, d := range defects {
		if text := paragraph(readAct(t, laws, d.act), d.paragraph); !strings.Contains(text, d.law) {
			t.Errorf("%s § %s does not say %q", d.act, d.paragraph, d.law)
		}
	}
}
