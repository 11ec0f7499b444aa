package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/frontend/uitest"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// embeddingPage serves an intranet's page with a strict policy of its own, once
// it is told where Hjemmel is.
type embeddingPage struct {
	*httptest.Server
	hjemmel string
}

func newEmbeddingPage(t *testing.T) *embeddingPage {
	t.Helper()
	p := &embeddingPage{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src %s; connect-src %[1]s; img-src data:; require-trusted-types-for 'script'", p.hjemmel))
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="da"><head><title>Intranet</title><link rel="icon" href="data:,">`+
			`<script src="%s/assets/embed.js" defer></script></head><body><main><h1>Intranet</h1>`+
			`<hjemmel-chat title="Spørg om hjemlen"></hjemmel-chat></main></body></html>`, p.hjemmel)
	}))
	t.Cleanup(p.Close)
	return p
}

// TestBrowserEmbedded asks Hjemmel from a page of another origin, in Chromium
// against the real server, by the keyboard alone.
func TestBrowserEmbedded(t *testing.T) {
	sharedtest.Process(t)
	t.Chdir(t.TempDir())
	browser := uitest.Start(t)
	page, stranger := newEmbeddingPage(t), newEmbeddingPage(t)
	base := serving(t, "--embed-origins", page.URL)
	page.hjemmel, stranger.hjemmel = base, base

	for _, view := range []uitest.View{{}, {Width: 400, Height: 900, Dark: true}} {
		name := map[bool]string{true: "-mobil", false: ""}[view.Dark]
		tab := browser.Tab(t, view)
		if err := uitest.OpenEmbedding(tab, page.URL); err != nil {
			t.Fatal(err)
		}
		shot(t, tab, "indlejret-tom"+name)
		got, err := uitest.AskEmbedded(tab, "Hvem kan få dækket tabt arbejdsfortjeneste?")
		if err != nil {
			t.Fatal(err)
		}
		shot(t, tab, "indlejret-svar"+name)
		if got.Heading != "Spørg om hjemlen" || len(got.Statements) == 0 || !strings.Contains(got.Statements[0], "[1]") || len(got.Quotes) == 0 {
			t.Fatalf("%+v", got)
		}
		if !strings.HasPrefix(got.Links[0], base+"/kilde/") || !strings.HasPrefix(got.Status, "Svaret er klar med") || got.Question != "" || got.Live != "log status" || got.Focus != "question" {
			t.Errorf("%+v", got)
		}
		got, err = uitest.AskEmbedded(tab, "Kan 010190-1234 få hjælp?")
		if err != nil || !strings.Contains(got.Problem, "cpr") || len(got.Links) != 0 || !strings.Contains(got.Question, "010190") {
			t.Errorf("%+v, %v", got, err)
		}
		shot(t, tab, "indlejret-afvist"+name)
	}

	tab := browser.Tab(t, uitest.View{NetworkErrors: true})
	if err := uitest.OpenEmbedding(tab, stranger.URL); err != nil {
		t.Fatal(err)
	}
	if got, err := uitest.AskEmbedded(tab, "Hvem kan få dækket tabt arbejdsfortjeneste?"); err != nil || got.Problem == "" || len(got.Statements) != 0 {
		t.Errorf("a page whose origin is not set reads %+v, %v", got, err)
	}

	t.Run("axe", func(t *testing.T) {
		axe, tab := uitest.NewAxe(t), browser.Tab(t, uitest.View{BypassCSP: true})
		if err := uitest.OpenEmbedding(tab, page.URL); err != nil {
			t.Fatal(err)
		}
		if _, err := uitest.AskEmbedded(tab, "Hvem kan få dækket tabt arbejdsfortjeneste?"); err != nil {
			t.Fatal(err)
		}
		findings, err := axe.Check(tab)
		if err != nil || len(findings) > 0 {
			t.Errorf("%v, %v", findings, err)
		}
	})
}
