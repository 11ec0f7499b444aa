package main

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestUploadedArchiveIsTakenApart(t *testing.T) {
	rules, err := policy.Load("")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := ingest.OpenWriter(t.Context(), t.TempDir(), corpus.Owner{Command: "test"}, rules.RefuseDocument)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{{"frister.md", "# Frister\n\nFristen er 3 dage."}, {"sag 010190-1234.md", "# Notat\n\nTekst."}, {"brev.md", "Borgerens CPR-nummer er 010190-1234."}} {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	results, err := library{lib, rules, &accessSettings{}}.Upload(t.Context(), "pakke.zip", b.Bytes(), server.Target{Collection: "vejledninger"})
	if err != nil || len(results) != 3 {
		t.Fatalf("%+v, %v", results, err)
	}
	for i, want := range []struct{ name, status string }{
		{"pakke.zip/frister.md", "read"}, {"pakke.zip/brev.md", "refused"}, {"pakke.zip/sag ••••••-••••.md", "refused"},
	} {
		r := results[i]
		if r.Name != want.name || r.Status != want.status || (r.Verdict != nil) != (want.status == "refused") {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
}
