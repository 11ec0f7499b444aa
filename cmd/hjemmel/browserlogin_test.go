package main

import (
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/frontend/uitest"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/server/access/accesstest"
)

// TestBrowserLogin logs in at a real issuer and out again, in Chromium against
// the real server: as a reader, who is not offered to change anything, and as an
// editor, who is.
func TestBrowserLogin(t *testing.T) {
	sharedtest.Process(t)
	t.Chdir(t.TempDir())
	browser := uitest.Start(t)
	issuer := accesstest.New(t)
	write(t, "hjemmel.yaml", "access:\n  oidc:\n    issuer: "+issuer.URL+"\n    client_id: "+accesstest.ClientID+
		"\n    client_secret: "+accesstest.ClientSecret+"\n  roles: {editor: [redaktion]}\n")
	base := serving(t)

	for _, view := range []uitest.View{{}, {Width: 400, Height: 800, Dark: true}} {
		tab := browser.Tab(t, view)
		name := map[bool]string{true: "-mobil", false: ""}[view.Dark]
		page, err := uitest.OpenLogin(tab, base, "/samling")
		if err != nil || page.Title != "Log ind på Hjemmel" || page.Button != "Log ind" {
			t.Fatalf("%+v, %v", page, err)
		}
		shot(t, tab, "login"+name)
		who, err := uitest.Login(tab)
		if err != nil || who != "Logget ind som Anna Ærø" {
			t.Fatalf("%q, %v", who, err)
		}
		shot(t, tab, "logget-ind"+name)
		if may, err := uitest.MayUpload(tab); err != nil || may {
			t.Errorf("a reader is offered to change the collection: %v, %v", may, err)
		}
		if page, err := uitest.Logout(tab); err != nil || page.Title != "Du er logget ud" {
			t.Errorf("%+v, %v", page, err)
		}
		shot(t, tab, "logget-ud"+name)
	}

	issuer.SetClaims(map[string]any{"sub": "bo", "name": "Bo Editor", "groups": []string{"redaktion"}})
	tab := browser.Tab(t, uitest.View{BypassCSP: true})
	if _, err := uitest.OpenLogin(tab, base, "/samling"); err != nil {
		t.Fatal(err)
	}
	if who, err := uitest.Login(tab); err != nil || !strings.HasSuffix(who, "Bo Editor") {
		t.Fatalf("%q, %v", who, err)
	}
	if may, err := uitest.MayUpload(tab); err != nil || !may {
		t.Errorf("an editor is not offered to change the collection: %v, %v", may, err)
	}
	shot(t, tab, "samling-redaktion")
	axe := uitest.NewAxe(t)
	check := func(where string) {
		t.Helper()
		findings, err := axe.Check(tab)
		for _, f := range findings {
			t.Errorf("%s: %s", where, f)
		}
		if err != nil {
			t.Error(err)
		}
	}
	check("collection, logged in")
	if _, err := uitest.Logout(tab); err != nil {
		t.Fatal(err)
	}
	check("logged out")
}
