package uitest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAnswerAndSource(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	reply, err := Ask(tab, server.URL, askLong)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Svar", "Betingelser", "Undtagelser", "Frister", "Hvem afgør det", "Klage"}; !slices.Equal(reply.Groups, want) {
		t.Errorf("groups = %q, want %q", reply.Groups, want)
	}
	if len(reply.Statements) != 8 || !strings.HasSuffix(reply.Statements[0], "i hjemmet. [1][3]") {
		t.Errorf("statements = %q", reply.Statements)
	}
	if len(reply.Sources) != 5 || !strings.Contains(reply.Status, "24. november 2026 · 5 kilder · 0,4 sek.") {
		t.Errorf("sources = %q, status = %q", reply.Sources, reply.Status)
	}
	if where, _ := read[string](tab, "location.href"); where != server.URL+"/samtale/samtale1" {
		t.Errorf("address = %s: a question must not enter it", where)
	}

	opened, err := OpenCitation(tab, 1)
	if err != nil {
		t.Fatal(err)
	}
	if opened.Marked != markedQuote {
		t.Errorf("marked = %q, want %q", opened.Marked, markedQuote)
	}
	if text := sectionOf("lbk-2025-9001", "7").Text; opened.Text != text {
		t.Errorf("text = %q, want the section's %q", opened.Text, text)
	}
	if !strings.Contains(opened.Place, "Kapitel 4 Støtte i hjemmet › § 7") || !opened.Focused {
		t.Errorf("place = %q, focused = %v", opened.Place, opened.Focused)
	}
	if back, err := CloseSource(tab); err != nil || !back {
		t.Errorf("after Esc the focus is on a citation: %v, %v", back, err)
	}
}

func TestWalkingFromSource(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCitation(tab, 1); err != nil {
		t.Fatal(err)
	}
	heading := func(want string) chromedp.Action[chromedp.Void] {
		return until(`document.querySelector("hj-source h2").textContent === "` + want + `" && document.querySelector("hj-source .law") !== null`)
	}
	err := within(tab,
		chromedp.Click(chromedp.CSS("hj-source .ref")), heading("hverdagsstøtteloven § 12, stk. 1"),
		chromedp.Click(chromedp.CSS("hj-source .source-about .link-button")), heading("hverdagsstøtteloven § 7"),
		chromedp.Click(chromedp.CSS("hj-source .neighbours .link-button:last-child")), heading("hverdagsstøtteloven § 7 a"),
		chromedp.Click(chromedp.CSS("hj-source .icon-button")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCitation(tab, 3); err != nil {
		t.Fatal(err)
	}
	err = within(tab, chromedp.Click(chromedp.CSS(`hj-source [role="tab"]:nth-child(2)`)), chromedp.WaitVisible(chromedp.CSS("hj-source .page-frame img")))
	if err != nil {
		t.Fatal(err)
	}
	if boxes, _ := read[int](tab, `document.querySelectorAll("hj-source .page-boxes rect").length`); boxes != 1 {
		t.Errorf("boxes on the page = %d, want 1", boxes)
	}
}

func TestOnlyKeyboard(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	for range 40 { // Tab from the question's box reaches the first citation, Enter opens it.
		if at, _ := read[bool](tab, `document.activeElement.matches(".cite")`); at {
			break
		}
		if err := within(tab, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
	}
	if err := within(tab, chromedp.KeyEvent(kb.Enter), until(`document.querySelector("hj-source .law mark") !== null`)); err != nil {
		t.Fatalf("opening a source by keyboard: %v", err)
	}
	if back, err := CloseSource(tab); err != nil || !back {
		t.Errorf("after Esc the focus is on a citation: %v, %v", back, err)
	}
}

func TestRefusedQuestionStaysInItsBox(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	refusal, err := Refuse(tab, server.URL, askCPR)
	if err != nil {
		t.Fatal(err)
	}
	if refusal.Question != askCPR || refusal.Selected != "010190-1234" || refusal.Answers != 0 {
		t.Errorf("refusal = %+v", refusal)
	}
	for _, want := range []string{"CPR-nummer", "databeskyttelseslovens § 11", "Fjern nummeret", "010190-····"} {
		if !strings.Contains(refusal.Text, want) {
			t.Errorf("the message lacks %q: %s", want, refusal.Text)
		}
	}
	if strings.Contains(refusal.Text, "1234") {
		t.Errorf("the message repeats the number: %s", refusal.Text)
	}
}

func TestUnanswerable(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	text, err := Unanswerable(tab, server.URL, askNothing)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "Ingen kilde fundet") || !strings.Contains(text, "Samlingen har ingen kilde") {
		t.Errorf("text = %q", text)
	}
}

func TestStoppedBrokenAndFailingAnswers(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{NetworkErrors: true})
	if err := send(tab, server.URL, askSlow); err != nil {
		t.Fatal(err)
	}
	stop := chromedp.CSS(`.question-send button[type="button"]`)
	if err := within(tab, until(`document.querySelectorAll(".statement").length === 3`), chromedp.Click(stop), until(`document.querySelector(".answer-status").textContent.startsWith("Stoppet")`)); err != nil {
		t.Fatalf("stopping: %v", err)
	}
	for question, want := range map[string]string{askBroken: "Ingen forbindelse", askFailing: "3f9c-77aa"} {
		if err := send(tab, server.URL, question); err != nil {
			t.Fatal(err)
		}
		if err := within(tab, until(`(document.querySelector(".notice-error")?.textContent ?? "").includes("`+want+`")`)); err != nil {
			t.Errorf("%s: waiting for %q: %v", question, want, err)
		}
	}
}

func TestUpload(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"retningslinje.md", "sag-med-cpr.txt", "scan.pdf"} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(paths[len(paths)-1], []byte("Støtte til børn."), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	results, err := Upload(tab, server.URL, paths...)
	if err != nil {
		t.Fatal(err)
	}
	want := []FileResult{{"sag-med-cpr.txt", "Fjern nummeret"}, {"scan.pdf", "scanning uden tekst"}, {"retningslinje.md", "Læst · 12 afsnit"}}
	if len(results) != len(want) {
		t.Fatalf("results = %+v", results)
	}
	for i, w := range want {
		if results[i].Name != w.Name || !strings.Contains(results[i].Text, w.Text) {
			t.Errorf("result %d = %+v, want %+v", i, results[i], w)
		}
	}
}

func TestDeleteAndRemoveSamples(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if err := Delete(tab, server.URL, "Kvalitetsstandard for hverdagsstøtte i Fjordby Kommune"); err != nil {
		t.Fatal(err)
	}
	if err := RemoveSamples(tab, server.URL); err != nil {
		t.Fatal(err)
	}
	titles, err := Titles(tab)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{actTitle, actTitle}; !slices.Equal(titles, want) {
		t.Errorf("titles = %q, want %q", titles, want)
	}
}

func TestReaderFromItsAddress(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if err := Open(tab, server.URL, "/kilde/lbk-2025-9001/7#del=stk.+2"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, until(`document.querySelectorAll(".reader-section").length === 4`)); err != nil {
		t.Fatalf("the following sections come by themselves: %v", err)
	}
	marked, _ := read[string](tab, `[...document.querySelectorAll("mark")].map((m) => m.textContent).join("")`)
	if want := "Stk. 2. Støtten ydes ikke for de timer, hvor barnet er i dagtilbud, jf. § 12, stk. 1."; marked != want {
		t.Errorf("marked = %q, want %q", marked, want)
	}
	current, _ := read[string](tab, `document.querySelector('hj-outline [aria-current]').textContent`)
	if current != "§ 7" {
		t.Errorf("current in the outline = %q", current)
	}
}

func TestMarkupInDocumentsIsText(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if err := Open(tab, server.URL, "/kilde/vejledning-partshoering"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, until(`document.querySelector(".law") !== null`)); err != nil {
		t.Fatal(err)
	}
	text, _ := read[string](tab, `document.querySelector("main").textContent`)
	for _, want := range []string{"<b>&amp; begrundelse</b>", "<script>alert(1)</script>", "<img src=x"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q as text", want)
		}
	}
	if n, _ := read[int](tab, `document.querySelectorAll("main script, main img, main b:not(.law b)").length`); n != 0 {
		t.Errorf("markup of a document became %d elements", n)
	}
}

func TestSummaryOfADocumentAndOfAFile(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	digest, err := Summarize(tab, server.URL, actTitle)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Hovedpunkter", "Frister", "Undtagelser"}; !slices.Equal(digest.Groups, want) {
		t.Errorf("groups %q, want %q", digest.Groups, want)
	}
	if len(digest.Parts) != 2 || len(digest.Points) != 2 || !strings.HasSuffix(digest.Points[0], "[1]") {
		t.Errorf("%+v", digest)
	}
	if opened, err := OpenCitation(tab, 2); err != nil || !strings.Contains(opened.Marked, "senest 4 uger") {
		t.Errorf("opened %+v, %v", opened, err)
	}
	file := filepath.Join(t.TempDir(), "retningslinje.md")
	if err := os.WriteFile(file, []byte("# Retningslinje"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := SummarizeFile(tab, server.URL, file); err != nil {
		t.Fatal(err)
	}
	if opened, err := OpenCitation(tab, 1); err != nil || !strings.Contains(opened.Text, "Støtten ydes ikke") {
		t.Errorf("a file that is not stored shows its quotation: %+v, %v", opened, err)
	}
}
