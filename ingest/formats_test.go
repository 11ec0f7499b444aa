package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/source"
)

func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchiveGivesADocumentForEachFile(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	mail := "From: a@example.dk\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Fristen er 3 dage.</p><p style=\"display:none\">HEMMELIG</p>"
	data := zipOf(t, "frister.md", "# Frister\n\nFristen er 3 dage.", "takster.csv", "Ydelse;Sats\nKost;12,50\nLogi;20,00\n", "../ude.md", "x", "skjult.eml", mail)
	report := ingestAll(t, lib, Options{}, source.Unpack("pakke.zip", data)...)
	want := []Status{Read, Read, Failed, Refused}
	for i, f := range report.Files {
		if f.Status != want[i] {
			t.Errorf("%s: %s (%s), want %s", f.Path, f.Status, f.Reason, want[i])
		}
	}
	if len(report.Files) != 4 || report.Files[1].Sections != 2 {
		t.Errorf("report %+v", report.Files)
	}
	report = ingestAll(t, lib, Options{Prune: true}, source.Unpack("pakke.zip", zipOf(t, "frister.md", "# Frister\n\nFristen er 3 dage."))...)
	if report.Counts[Unchanged] != 1 || report.Counts[Removed] == 0 {
		t.Errorf("after a file left the archive: %v", report.Counts)
	}
}

func TestSourceThatTellsWhetherItChanged(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	text, sent := "# A\n\nFørste udgave.", 0
	read := func(context.Context) ([]byte, error) { sent++; return []byte(text), nil }
	item := source.Item{Path: "example.dk/a", Read: read, ReadChanged: func(ctx context.Context, known string) ([]byte, error) {
		if strings.Contains(text, "Første") {
			if len(known) != 64 {
				return nil, errors.New("asked without a digest")
			}
			return nil, source.ErrUnchanged
		}
		return read(ctx)
	}}
	for i, want := range []Status{Read, Unchanged, Replaced} {
		if i == 2 {
			text = "# A\n\nAnden udgave."
		}
		if f := ingestAll(t, lib, Options{}, item).Files[0]; f.Status != want {
			t.Errorf("run %d: %s (%s), want %s", i, f.Status, f.Reason, want)
		}
	}
	if sent != 2 {
		t.Errorf("the document was sent %d times", sent)
	}
}

func TestHistoricalActIsReported(t *testing.T) {
	page := `<meta name="hjemmel.number" content="LBK nr 573 af 06/05/2019"><meta name="hjemmel.historical" content="true"><p class="Titel2">Bekendtgørelse af lov om opkrævning</p><p class="Paragraf">§ 1. Loven gælder.</p>`
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	f := ingestAll(t, lib, Options{}, source.Bytes("a.html", []byte("<!doctype html>"+page))).Files[0]
	if f.Document != "lbk-2019-573" || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "historisk") {
		t.Errorf("%+v", f)
	}
}
