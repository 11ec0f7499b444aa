package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hjemmel/hjemmel/frontend/uitest"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestBrowser does the caseworker's main job in Chromium against the real
// server: ask, read, open a citation, be refused, upload, ask of the upload,
// and remove it again.
func TestBrowser(t *testing.T) {
	sharedtest.Process(t)
	t.Chdir(t.TempDir())
	browser := uitest.Start(t)
	base := serving(t)
	tab := browser.Tab(t, uitest.View{})

	reply, err := uitest.Ask(tab, base, "Hvem kan få dækket tabt arbejdsfortjeneste?")
	if err != nil {
		t.Fatal(err)
	}
	if len(reply.Statements) == 0 || len(reply.Sources) == 0 || !strings.Contains(reply.Statements[0], "[1]") {
		t.Fatalf("reply %+v", reply)
	}
	shot(t, tab, "svar")
	opened, err := uitest.OpenCitation(tab, 1)
	if err != nil {
		t.Fatal(err)
	}
	shot(t, tab, "kilde")
	if opened.Marked == "" || !strings.Contains(opened.Text, opened.Marked) || opened.Place == "" {
		t.Errorf("opened %+v", opened)
	}
	if !strings.Contains(reply.Statements[0], opened.Marked) {
		t.Errorf("the source marks %q, the answer says %q", opened.Marked, reply.Statements[0])
	}
	if back, err := uitest.CloseSource(tab); err != nil || !back {
		t.Errorf("after Esc the focus is on the citation: %v %v", back, err)
	}

	comeBack(t, tab, base)
	refusal, err := uitest.Refuse(tab, base, "Kan 010190-1234 få hjælp?")
	if err != nil || !strings.Contains(refusal.Text, "cpr") {
		t.Errorf("refusal %+v, %v", refusal, err)
	}
	if text, err := uitest.Unanswerable(tab, base, "Hvordan bager man surdejsbrød?"); err != nil || text == "" {
		t.Errorf("unanswerable %q, %v", text, err)
	}
	shot(t, tab, "ingen-kilde")
	uploadAndRemove(t, tab, base)
}

// comeBack opens the conversation by its address, says what was wrong with the
// answer, and finds it again in the administration.
func comeBack(t *testing.T, tab context.Context, base string) {
	t.Helper()
	path, err := uitest.Where(tab)
	id, stored := strings.CutPrefix(path, "/samtale/")
	if err != nil || !stored {
		t.Fatalf("address %q, %v", path, err)
	}
	if err := uitest.OpenConversation(tab, base, id); err != nil {
		t.Fatal(err)
	}
	if err := uitest.AskOn(tab, "Hvad er fristen for at klage?"); err != nil {
		t.Fatal(err)
	}
	if err := uitest.GiveFeedback(tab, "serviceloven § 85", "Det gælder voksne."); err != nil {
		t.Fatal(err)
	}
	shot(t, tab, "samtale")
	if err := uitest.OpenAdmin(tab, base); err != nil {
		t.Fatal(err)
	}
	shot(t, tab, "administration")
	page, err := uitest.PageText(tab)
	if err != nil || !strings.Contains(page, "Det gælder voksne.") || !strings.Contains(page, "Loggen er hel") || !strings.Contains(page, "Websiderne") {
		t.Errorf("administration: %s, %v", page, err)
	}
}

// shot leaves a picture of the tab in HJEMMEL_SHOTS, where that is set.
func shot(t *testing.T, tab context.Context, name string) {
	t.Helper()
	dir := os.Getenv("HJEMMEL_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "real-"+name+".png"), picture, 0o644)
	}
	if err != nil {
		t.Errorf("picture: %v", err)
	}
}

func uploadAndRemove(t *testing.T, tab context.Context, base string) {
	t.Helper()
	dir := t.TempDir()
	guide, secret := filepath.Join(dir, "cykler.md"), filepath.Join(dir, "sag.md")
	write(t, guide, "# Vejledning om tjenestecykler\n\nEn tjenestecykel kan lånes i højst 14 dage ad gangen.\n")
	write(t, secret, "# Sag\n\nBorgeren 010190-1234 har søgt.\n")
	results, err := uitest.Upload(tab, base, guide, secret)
	shot(t, tab, "samling")
	if err != nil || len(results) != 2 {
		t.Fatalf("upload %+v, %v", results, err)
	}
	reply, err := uitest.Ask(tab, base, "Hvor længe kan en tjenestecykel lånes?")
	if err != nil || len(reply.Statements) == 0 || !strings.Contains(reply.Statements[0], "højst 14 dage") {
		t.Errorf("reply %+v, %v", reply, err)
	}
	if err := uitest.Delete(tab, base, "Vejledning om tjenestecykler"); err != nil {
		t.Error(err)
	}
	if err := uitest.RemoveSamples(tab, base); err != nil {
		t.Error(err)
	}
	if titles, err := uitest.Titles(tab); err != nil || len(titles) != 0 {
		t.Errorf("left in the collection: %q, %v", titles, err)
	}
}
