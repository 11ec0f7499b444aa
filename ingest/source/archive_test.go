package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type entry struct {
	name, text string
	change     func(*zip.FileHeader)
}

func zipped(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.change != nil {
			e.change(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// outcome reads the items and tells what each gave: its text or why not.
func outcome(tb testing.TB, items []Item) map[string]string {
	tb.Helper()
	out := map[string]string{}
	for _, i := range items {
		data, err := i.Read(tb.Context())
		if err != nil {
			data = []byte("! " + err.Error())
		}
		out[i.Path] = string(data)
	}
	return out
}

func TestUnpackGivesEachFile(t *testing.T) {
	inner := zipped(t, entry{name: "c.md", text: "C"})
	office := zipped(t, entry{name: "[Content_Types].xml", text: "x"}, entry{name: "word/document.xml", text: "y"})
	data := zipped(t, entry{name: "æøå/a.md", text: "A"}, entry{name: "b/"}, entry{name: `b\b.txt`, text: "B"}, entry{name: "indre.zip", text: string(inner)},
		entry{name: "brev.docx", text: string(office)}, entry{name: ".skjult.md", text: "x"}, entry{name: "__MACOSX/._a.md", text: "x"}, entry{name: "b/b.txt", text: "B2"},
		entry{name: "b\x9brn.md", text: "D", change: func(h *zip.FileHeader) { h.NonUTF8 = true }})
	got := outcome(t, Unpack("arkiv.zip", data))
	for name, want := range map[string]string{"arkiv.zip/æøå/a.md": "A", "arkiv.zip/b/b.txt": "B", "arkiv.zip/b/b.txt~2": "B2", "arkiv.zip/indre.zip/c.md": "C",
		"arkiv.zip/brev.docx": string(office), "arkiv.zip/børn.md": "D"} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if len(got) != 6 {
		t.Errorf("items %q", got)
	}
	for name, data := range map[string][]byte{"brev.docx": office, "tekst.md": []byte("# A"), "cut.zip": data[:len(data)/2], "tom.zip": []byte("PK\x05\x06")} {
		if items := Unpack(name, data); len(items) != 1 || items[0].Path != name {
			t.Errorf("%s became %q", name, names(items))
		}
	}
}

func TestHostileArchives(t *testing.T) {
	link := func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }
	nested := zipped(t, entry{name: "kerne.md", text: "kerne"})
	for range maxNesting + 1 {
		nested = zipped(t, entry{name: "lag.zip", text: string(nested)})
	}
	many := make([]entry, maxEntries+1)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	for _, c := range []struct {
		what string
		data []byte
		path string
		want error
	}{
		{"traversal", zipped(t, entry{name: "../../etc/passwd.md", text: "x"}), "a.zip/etc/passwd.md", errBadPath},
		{"traversal with backslashes", zipped(t, entry{name: `a\..\..\b.md`, text: "x"}), "a.zip/a/b.md", errBadPath},
		{"absolute", zipped(t, entry{name: "/etc/a.md", text: "x"}), "a.zip/etc/a.md", errBadPath},
		{"drive", zipped(t, entry{name: `C:\a.md`, text: "x"}), "a.zip/C:/a.md", errBadPath},
		{"symbolic link", zipped(t, entry{name: "a.md", text: "/etc/passwd", change: link}), "a.zip/a.md", errZipLink},
		{"password", flagged(zipped(t, entry{name: "a.md", text: "x"})), "a.zip/a.md", errLocked},
		{"ratio", zipped(t, entry{name: "a.md", text: strings.Repeat("a", ratioFrom+1)}), "a.zip", ErrBomb},
		{"entries", zipped(t, many...), "a.zip", errEntries},
		{"nesting", nested, "a.zip/lag.zip/lag.zip/lag.zip", errNesting},
		{"damaged", damaged(zipped(t, entry{name: "a.md", text: "rigtig tekst", change: func(h *zip.FileHeader) { h.Method = zip.Store }})), "a.zip/a.md", errZipEntry},
		{"declared too small", understated(t), "a.zip/a.md", errZipEntry},
	} {
		items := Unpack("a.zip", c.data)
		if len(items) != 1 || items[0].Path != c.path {
			t.Errorf("%s: %q, want %s", c.what, names(items), c.path)
			continue
		}
		if _, err := items[0].Read(t.Context()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

// flagged sets the bit for encryption in the directory of an archive of one entry.
func flagged(data []byte) []byte {
	at := bytes.Index(data, []byte("PK\x01\x02"))
	data[at+8] |= 1
	return data
}

func damaged(data []byte) []byte {
	return bytes.Replace(data, []byte("rigtig"), []byte("forker"), 1)
}

// understated is an entry that holds more than the directory says.
func understated(tb testing.TB) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	text := []byte(strings.Repeat("a", 1000))
	w, err := z.CreateRaw(&zip.FileHeader{Name: "a.md", Method: zip.Store, CRC32: crc32.ChecksumIEEE(text), CompressedSize64: 1000, UncompressedSize64: 10})
	if err == nil {
		_, err = w.Write(text)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestArchivesInFolders(t *testing.T) {
	root := filepath.Join(t.TempDir(), "vejledninger")
	data := zipped(t, entry{name: "kladder/x.md", text: "X"}, entry{name: "a.md", text: "A"}, entry{name: "a.pdf", text: "P"})
	if err := errors.Join(os.MkdirAll(root, 0o755), os.WriteFile(filepath.Join(root, "pakke.zip"), data, 0o644)); err != nil {
		t.Fatal(err)
	}
	items, err := Find(Options{Include: []string{"*.md"}, Exclude: []string{"kladder"}}, root)
	if err != nil || !slices.Equal(names(items), []string{"vejledninger/pakke.zip/a.md"}) {
		t.Fatalf("%q, %v", names(items), err)
	}
	if got := outcome(t, items); got["vejledninger/pakke.zip/a.md"] != "A" {
		t.Errorf("read %q", got)
	}
	one, err := Paths(filepath.Join(root, "pakke.zip"))
	if err != nil || len(one) != 3 || one[1].Path != "vejledninger/pakke.zip/a.md" {
		t.Errorf("named: %q, %v", names(one), err)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(zipped(f, entry{name: "a.md", text: "A"}))
	f.Add(zipped(f, entry{name: "a.zip", text: string(zipped(f, entry{name: "../b.md", text: "B"}))}))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, item := range Unpack("a.zip", data) {
			if item.Path != "a.zip" && !strings.HasPrefix(item.Path, "a.zip/") || slices.Contains(strings.Split(item.Path, "/"), "..") {
				t.Errorf("path %q", item.Path)
			}
			read, err := item.Read(t.Context())
			if err == nil && len(read) > MaxBytes {
				t.Errorf("%d bytes", len(read))
			}
		}
	})
}
