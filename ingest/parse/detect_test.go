package parse

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

func utf16LE(s string, mark bool) []byte {
	var out []byte
	if mark {
		out = []byte{0xff, 0xfe}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// ole builds the head of an OLE file that names one stream.
func ole(stream string) []byte {
	return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 500)), utf16LE(stream, false)...)
}

func TestParseRecognisesByContent(t *testing.T) {
	const text = "Retningslinje for støtte.\n\nBorgeren skal høres."
	cases := []struct {
		what, name string
		data       []byte
		reader     string
		failure    error
	}{
		{"html named txt", "a.txt", []byte("<!DOCTYPE html><p>æøå</p>"), "html", nil},
		{"html with a comment first", "a", []byte("\n<!-- x --><html><body>Tekst"), "html", nil},
		{"markdown named txt", "a.txt", []byte("# Titel\n\nTekst"), "markdown", nil},
		{"plain text named md", "a.MD", []byte(text), "markdown", nil},
		{"plain text", "a.txt", []byte(text), "text", nil},
		{"windows-1252", "a.txt", []byte("St\xf8tte ydes efter \xa7 85."), "text", nil},
		{"UTF-16 with mark", "a.txt", utf16LE(text, true), "text", nil},
		{"UTF-16 without mark", "a.txt", utf16LE(text, false), "text", nil},
		{"UTF-8 with mark", "a.md", []byte("\ufeff---\ntitle: A\n---\nTekst"), "markdown", nil},
		{"empty", "a.txt", nil, "", ErrNoText},
		{"white space", "a.txt", []byte(" \n\n"), "", ErrNoText},
		{"encrypted Word", "a.docx", ole("EncryptedPackage"), "", ErrEncrypted},
		{"old Word", "a.doc", ole("WordDocument"), "", ErrUnsupported},
		{"old Excel", "a.xls", ole("Workbook"), "", ErrUnsupported},
		{"other OLE", "a", ole("Noget"), "", ErrUnsupported},
		{"spreadsheet without sheets", "a.docx", packed(t, map[string]string{"xl/workbook.xml": "<workbook/>"}), "", ErrNoText},
		{"spreadsheet of OpenDocument", "a.txt", openSheet(t, openRows), "ods", nil},
		{"slides of OpenDocument", "a.txt", openSlides(t, openSlide), "odp", nil},
		{"drawing of OpenDocument", "a.odg", packed(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.graphics"}), "", ErrUnsupported},
		{"book", "a.txt", book(t, bookChapter), "epub", nil},
		{"Outlook message", "a.msg", ole("__properties_version1.0"), "", ErrUnsupported},
		{"table named txt", "a.txt", []byte("Ydelse;Sats;Frist\nKost;100;1. maj\nLogi;200;1. juni\n"), "csv", nil},
		{"two columns named csv", "a.csv", []byte("Ydelse;Sats\nKost;12,50\n"), "csv", nil},
		{"prose named csv", "a.csv", []byte("Retningslinje for støtte"), "text", nil},
		{"list of files", "INDEX.tsv", []byte("file\ttitle\na.md\tA\nb/c d.pdf\tB\n"), "", ErrUnsupported},
		{"archive", "a.zip", packed(t, map[string]string{"a.md": "x"}), "", ErrUnsupported},
		{"broken archive", "a.docx", []byte("PK\x03\x04 resten mangler"), "", ErrDamaged},
		{"image", "a.png", []byte("\x89PNG\r\n\x1a\n"), "", ErrUnsupported},
		{"RTF", "a.txt", []byte(`{\rtf1\ansi Tekst}`), "rtf", nil},
		{"empty RTF", "a.rtf", []byte(`{\rtf1\ansi}`), "", ErrNoText},
		{"XML", "a.xml", []byte(`<?xml version="1.0"?><Lov><Par/></Lov>`), "", ErrUnsupported},
		{"mail", "a.eml", []byte("From: a@b.dk\r\nTo: c@d.dk\r\nMIME-Version: 1.0\r\n\r\nHej"), "eml", nil},
		{"text that begins like a mail", "a.txt", []byte("Emne: Støtte\nFrist: 1. maj\n\nHej"), "text", nil},
		{"binary", "a.txt", []byte("ab\x00\x01\x02"), "", ErrUnsupported},
		{"too large", "a.md", make([]byte, maxFile+1), "", ErrTooLarge},
	}
	for _, c := range cases {
		doc, err := Parse(context.Background(), c.name, c.data)
		switch {
		case c.failure != nil:
			if !errors.Is(err, c.failure) {
				t.Errorf("%s: %v, want %v", c.what, err, c.failure)
			}
		case err != nil:
			t.Errorf("%s: %v", c.what, err)
		case doc.Reader != c.reader:
			t.Errorf("%s: read as %s, want %s", c.what, doc.Reader, c.reader)
		}
	}
}

func TestEncodings(t *testing.T) {
	const want = "Støtte til børn, § 85, »ja«, 5 €"
	for name, data := range map[string][]byte{
		"utf-8":        []byte(want),
		"utf-16":       utf16LE(want, true),
		"windows-1252": []byte("St\xf8tte til b\xf8rn, \xa7 85, \xbbja\xab, 5 \x80"),
		"html meta":    []byte("<html><head><meta charset=windows-1252></head><body><p>St\xf8tte til b\xf8rn, \xa7 85, \xbbja\xab, 5 \x80</p>"),
		"html utf-8":   []byte("<html><body><p>" + strings.Repeat(" ", 3000) + want),
	} {
		doc, err := Parse(context.Background(), "a.txt", data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := doc.Blocks[0].Text; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestParseEndsWithItsContext(t *testing.T) {
	long := []byte(strings.Repeat("Tekst.\n\n", 100_000))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Parse(ctx, "a.txt", long); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	for _, name := range []string{"a.txt", "a.md"} {
		if _, err := Parse(ctx, name, long); !errors.Is(err, ErrTimeout) {
			t.Errorf("%s out of time: %v", name, err)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		" a  b\n\tc ":                "a b c",
		"inter\u00adnati\u200donale": "internationale",
		"§\u00a085":                  "§ 85",
		"a\x00b\x1f":                 "ab",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTableRow(t *testing.T) {
	rows := [][]string{{"Ydelse", "Sats:", "Bemærkning"}, {"Kost", "100 kr.", ""}, {"", "", ""}, {"Logi", "50 kr.", "pr. nat", "ekstra"}}
	want := []string{"Ydelse: Kost; Sats: 100 kr.", "Ydelse: Logi; Sats: 50 kr.; Bemærkning: pr. nat; ekstra"}
	var got []string
	for _, b := range tableBlocks(rows, false, "") {
		got = append(got, b.Text)
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
	if b := tableBlocks([][]string{{"Navn", "Frist"}}, true, ""); len(b) != 1 || b[0].Text != "Navn; Frist" {
		t.Errorf("a table of only a header: %v", b)
	}
}
