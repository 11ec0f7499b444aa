package uitest

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

const localTitle = "Kvalitetsstandard for hverdagsstøtte i Fjordby Kommune"

// gapReport has a finding of each kind, and one check in order.
func gapReport() gaps.Report {
	doc := "kvalitetsstandard-hverdagsstoette"
	at := func(local, quote string) gaps.At {
		s := sectionOf(doc, local)
		start := strings.Index(s.Text, quote)
		return gaps.At{Section: s.ID, Label: s.Label + " " + s.Heading, Start: start, End: start + len(quote), Quote: quote, Page: s.Page(start)}
	}
	law := func(local, quote, reference string) *gaps.Law {
		s := sectionOf("lbk-2025-9001", local)
		start := strings.Index(s.Text, quote)
		return &gaps.Law{Document: "lbk-2025-9001", Section: s.ID, Reference: reference, Title: actTitle, Quote: quote, Start: start, End: start + len(quote)}
	}
	need, apply := at("1", "når behovet er beskrevet af en fagperson"), at("2", "Familien søger digitalt eller på borgerservice.")
	deadline := law("12", "senest 4 uger efter, at ansøgningen er modtaget", "hverdagsstøtteloven § 12")
	return gaps.Report{
		Document: doc, Title: localTitle, AsOf: "2026-11-24", Against: []string{"lbk-2025-9001"}, MS: 120,
		Findings: []gaps.Finding{
			{Kind: gaps.Contradiction, Subject: gaps.OfFigure, Severity: gaps.High, At: apply, Law: deadline, Explanation: "Teksten siger 6 uger, loven 4 uger.", Confidence: 0.92},
			{Kind: gaps.Outdated, Subject: gaps.OfReference, Severity: gaps.Medium, At: need, Law: law("7a", "§ 7 a. (Ophævet)", "hverdagsstøtteloven § 7 a"), Now: law("7", "Stk. 2. Støtten ydes ikke", "hverdagsstøtteloven § 7, stk. 2"), Explanation: "Paragraffen er ophævet.", Confidence: 0.78},
			{Kind: gaps.Missing, Subject: gaps.OfRequirement, Severity: gaps.Medium, At: apply, Law: law("14", "inden 4 uger", "hverdagsstøtteloven § 14"), Explanation: "Klagefristen er ikke nævnt.", Confidence: 0.62},
			{Kind: gaps.UnknownRef, Subject: gaps.OfReference, Severity: gaps.Low, At: need, Explanation: "Loven findes ikke i samlingen.", Confidence: 0.58},
		},
		Checked: []gaps.Check{{Subject: gaps.OfReference, Outcome: gaps.InOrder, At: &need, Law: deadline}, {Subject: gaps.OfReference, Outcome: gaps.NotChecked, At: &apply, Note: "Loven er ikke i samlingen."}},
	}
}

func (f *fake) compare(w http.ResponseWriter, r *http.Request) {
	report := gapReport()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		verdict := cprVerdict(3)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(map[string]any{"title": "Afvist", "status": 422, "detail": verdict.Reason, "verdict": verdict})
		return
	}
	var request struct{ Document string }
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		problem(w, http.StatusBadRequest, "Forespørgslen kan ikke læses.")
		return
	}
	if request.Document != report.Document {
		report = gaps.Report{Document: request.Document, Title: "Vejledning om partshøring", AsOf: "2026-11-24"}
	}
	if format := r.URL.Query().Get("format"); format != "" {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.exports = append(f.exports, format)
		_, _ = w.Write([]byte("rapport"))
		return
	}
	reply(w, report)
}

func explainPolicy(w http.ResponseWriter, _ *http.Request) {
	reply(w, policy.Explanation{
		Catalogue: []policy.Task{
			{Task: "Journalisering", Side: "internal", Sensitivity: "low", Risk: "low", May: "Finde reglerne.", MayNot: "Journalisere.", Ground: "offentlighedsloven"},
			{Task: "Visitation", Side: "citizen", Sensitivity: "high", Risk: "high", May: "Citere betingelserne.", MayNot: "Vurdere borgeren.", Ground: "AI-forordningen"},
		},
		Rules: []policy.Rule{{Class: policy.ClassCPR, Title: "Cpr-numre", Reason: "Teksten har et cpr-nummer.", Ground: "Databeskyttelsesloven", Instead: "Fjern nummeret.", DocumentInstead: "Fjern det fra dokumentet."}},
	})
}

func TestGapsOfADocument(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	found, err := FindGaps(tab, server.URL, localTitle)
	if err != nil {
		t.Fatal(err)
	}
	first := Gap{"Modstrid", "Alvorlig · Sikker (92 %)", "Familien søger digitalt eller på borgerservice.", "senest 4 uger efter, at ansøgningen er modtaget"}
	if len(found) != 4 || found[0] != first {
		t.Errorf("found %+v, want 4, the first %+v", found, first)
	}
	if opened, err := OpenGapLaw(tab, 1); err != nil || opened.Marked != first.Law {
		t.Errorf("opened %+v, %v", opened, err)
	}
	if back, err := CloseSource(tab); err != nil || !back {
		t.Fatalf("after Esc the focus is on the place that was opened: %v, %v", back, err)
	}
	if err := DismissGap(tab, 1, "Rettet i udkastet"); err != nil {
		t.Fatal(err)
	}
	if line, _ := read[string](tab, `document.querySelector(".gap-reason").textContent`); line != "Afvist: Rettet i udkastet" {
		t.Errorf("dismissed: %q", line)
	}
	_, err = read[bool](tab, `(() => { const s = document.querySelectorAll(".gap-filter select"); s[1].value = "0.7"; s[1].dispatchEvent(new Event("change")); return true })()`)
	if shown, _ := Gaps(tab); err != nil || len(shown) != 2 {
		t.Errorf("likely and sure findings %+v, %v", shown, err)
	}
	word := chromedp.CSS(".answer-foot .buttons .button:nth-child(2)")
	if err := within(tab, chromedp.Click(word), until(`document.getElementById("toast").textContent === "Rapporten er hentet."`)); err != nil {
		t.Fatal(err)
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	if !slices.Equal(server.exports, []string{"docx"}) {
		t.Errorf("exports %q", server.exports)
	}
}

func TestGapsRefuseAFile(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{NetworkErrors: true})
	if err := openGaps(tab, server.URL); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sag.md")
	if err := os.WriteFile(file, []byte("# Sag"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := within(tab, chromedp.SetUploadFiles(chromedp.CSS(`hj-gaps input[type="file"]`), []string{file}, chromedp.NodeReady),
		chromedp.Click(chromedp.CSS(`hj-gaps .question-send button[type="submit"]`)), until(`document.querySelector(".refusal") !== null`))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := read[string](tab, `document.querySelector("hj-gaps .field-error").textContent`); !strings.Contains(text, "010190-····") {
		t.Errorf("refusal %q", text)
	}
}

func TestModelsWordsAreMarked(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	reply, err := Ask(tab, server.URL, askLong)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(reply.Status, "Sprogmodel: prøvemodel · 0,0125 kr.") {
		t.Errorf("status %q", reply.Status)
	}
	if n, _ := read[int](tab, `document.querySelectorAll(".reworded").length`); n != 1 {
		t.Errorf("%d sentences are marked, want the model's one", n)
	}
	text, _ := read[string](tab, `document.querySelector("hj-answer").textContent`)
	for _, want := range []string{"kunne ikke bekræftes af kilderne", "Forslag fundet i kilderne – ikke en afgørelse."} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer lacks %q", want)
		}
	}
}
