package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rendered returns every source's document by file name.
func rendered(t *testing.T) map[string][]byte {
	t.Helper()
	sources, err := filepath.Glob("sources/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	out := map[string][]byte{}
	for _, path := range sources {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, doc, err := render(filepath.Base(path), data)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out[name] = doc
	}
	return out
}

func TestCommittedDocumentsAreTheGeneratedOnes(t *testing.T) {
	for name, want := range rendered(t) {
		got, err := os.ReadFile(filepath.Join("..", "documents", name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("documents/%s is not what its source gives: run go generate ./ingest/samples", name)
		}
	}
}

func TestNoDocumentWithoutASource(t *testing.T) {
	generated := rendered(t)
	for _, ext := range []string{"docx", "html", "pdf"} {
		committed, _ := filepath.Glob("../documents/*." + ext)
		for _, path := range committed {
			if generated[filepath.Base(path)] == nil {
				t.Errorf("%s has no source", path)
			}
		}
	}
}

func TestPDFsHaveSeveralPagesAndAValidCrossReferenceTable(t *testing.T) {
	for name, doc := range rendered(t) {
		if filepath.Ext(name) != ".pdf" {
			continue
		}
		if pages := bytes.Count(doc, []byte("/Type /Page ")); pages < 2 {
			t.Errorf("%s has %d pages", name, pages)
		}
		_, table, _ := bytes.Cut(doc, []byte("65535 f \n"))
		for i, line := range bytes.Split(table, []byte("\n")) {
			if !bytes.HasSuffix(line, []byte(" 00000 n ")) {
				break
			}
			offset := 0
			for _, digit := range line[:10] {
				offset = 10*offset + int(digit-'0')
			}
			if want := []byte(string(rune('0'+(i+1)%10)) + " 0 obj"); !bytes.Contains(doc[offset:offset+12], want) {
				t.Errorf("%s: object %d does not stand at %d: %q", name, i+1, offset, doc[offset:offset+12])
			}
		}
	}
}

func TestDOCXPartsAreWellFormedXML(t *testing.T) {
	for name, doc := range rendered(t) {
		if filepath.Ext(name) != ".docx" {
			continue
		}
		archive, err := zip.NewReader(bytes.NewReader(doc), int64(len(doc)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			decoder := xml.NewDecoder(r)
			for err == nil {
				_, err = decoder.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: %v", name, part.Name, err)
			}
			r.Close()
		}
	}
}

func TestParseSourceNamesWhatIsWrong(t *testing.T) {
	for src, want := range map[string]string{
		"# Uden":                       "no front matter",
		"---\ntitle: A\n---\n\n# A":    "needs title and issued",
		"---\nissued: i går\n---\n\nA": "reading issued",
		"---\nskrifttype: X\n---\n\nA": "unknown front matter key",
	} {
		if _, err := parseSource(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseSource(%q) = %v, want %q", src, err, want)
		}
	}
}

func TestEncodeRefusesLettersWithoutAWidth(t *testing.T) {
	if _, err := encode("Ærø § 2½ – «så»"); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"жук", "5 €"} {
		if _, err := encode(text); err == nil {
			t.Errorf("encode(%q) accepted a letter that the fonts' tables lack", text)
		}
	}
}

func TestWrapKeepsEveryWordAndTheWidth(t *testing.T) {
	const width = 120.0
	encoded, err := encode("Kommunen skal yde støtte til hjælpemidler, når hjælpemidlet i væsentlig grad kan lette den daglige tilværelse")
	if err != nil {
		t.Fatal(err)
	}
	lines := wrap(encoded, regular, bodySize, width)
	for _, line := range lines {
		if w := regular.width(line, bodySize); w > width {
			t.Errorf("%q is %.1f points wide, want at most %.0f", line, w, width)
		}
	}
	if got := bytes.Join(lines, []byte(" ")); !bytes.Equal(got, encoded) {
		t.Errorf("wrap lost text: %q", got)
	}
}
