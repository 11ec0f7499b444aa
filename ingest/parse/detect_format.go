package parse

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"
)

type readFunc func(context.Context, []byte) (*Document, error)

// reader chooses the format by content.
func reader(name string, data []byte) (readFunc, error) {
	head := data[:min(len(data), 4096)]
	switch {
	case len(bytes.TrimSpace(head)) == 0 && len(data) < 4096:
		return nil, fmt.Errorf("filen er tom: %w", ErrNoText)
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return archive(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, compound(data)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return nil, fmt.Errorf("%s: %w", f.what, ErrUnsupported)
		}
	}
	if looksBinary(data) {
		return nil, fmt.Errorf("filen er ikke tekst: %w", ErrUnsupported)
	}
	return textual(name, decodeText(head))
}

// foreign are formats that are recognised only to say what they are.
var foreign = []struct{ magic, what string }{
	{"{\\rtf", "det er en RTF-fil"},
	{"\x89PNG", "det er et billede (PNG)"},
	{"\xff\xd8\xff", "det er et billede (JPEG)"},
	{"GIF8", "det er et billede (GIF)"},
	{"II*\x00", "det er et billede (TIFF)"},
	{"MM\x00*", "det er et billede (TIFF)"},
	{"BM", "det er et billede (BMP)"},
	{"RIFF", "det er en lyd- eller billedfil"},
	{"ID3", "det er en lydfil"},
	{"\x1f\x8b", "det er et arkiv (gzip)"},
	{"7z\xbc\xaf\x27\x1c", "det er et arkiv (7z)"},
	{"Rar!", "det er et arkiv (RAR)"},
	{"\x7fELF", "det er et program"},
	{"MZ", "det er et program"},
}

// archive looks into a ZIP: the office formats are archives.
func archive(data []byte) (readFunc, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	what := "det er et ZIP-arkiv: pak det ud"
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "word/"):
			return DOCX, nil
		case strings.HasPrefix(f.Name, "xl/"):
			what = "det er et Excel-regneark"
		case strings.HasPrefix(f.Name, "ppt/"):
			what = "det er en PowerPoint-præsentation"
		case f.Name == "META-INF/container.xml":
			what = "det er en e-bog (EPUB)"
		case f.Name == "META-INF/manifest.xml":
			what = "det er et OpenDocument-dokument"
		}
	}
	return nil, fmt.Errorf("%s: %w", what, ErrUnsupported)
}

// compound names what an OLE file holds; its streams' names are UTF-16.
func compound(data []byte) error {
	has := func(name string) bool {
		return bytes.Contains(data, []byte(strings.Join(strings.Split(name, ""), "\x00")+"\x00"))
	}
	switch {
	case has("EncryptedPackage"), has("EncryptionInfo"):
		return ErrEncrypted
	case has("WordDocument"):
		return fmt.Errorf("det er et Word 97-2003-dokument (.doc): %w", ErrUnsupported)
	case has("Workbook"), has("Book"):
		return fmt.Errorf("det er et Excel 97-2003-regneark (.xls): %w", ErrUnsupported)
	case has("PowerPoint Document"):
		return fmt.Errorf("det er en PowerPoint 97-2003-præsentation (.ppt): %w", ErrUnsupported)
	case has("__properties_version1.0"), has("__nameid_version1.0"):
		return fmt.Errorf("det er en Outlook-besked (.msg): %w", ErrUnsupported)
	}
	return fmt.Errorf("det er et ældre Office-format: %w", ErrUnsupported)
}

var (
	htmlSign     = regexp.MustCompile(`(?i)^\s*(?:<\?xml[^>]*>\s*|<!--[^>]*-->\s*)*<(?:!doctype html|html|head|body|div|p|h[1-6]|table|article|main)\b`)
	xmlSign      = regexp.MustCompile(`^\s*<(?:\?xml|!DOCTYPE|[A-Za-z_][\w.:-]*(?:\s+[\w:-]+="[^"]*")*\s*/?>)`)
	mailSign     = regexp.MustCompile(`(?i)^(?:[\w-]+: [^\n]*\n(?:[ \t][^\n]*\n)*){2,}`)
	markdownSign = regexp.MustCompile("(?m)^#{1,6} \\S|^```|\\]\\([^)\\s]+\\)|\\*\\*\\S[^*\\n]*\\*\\*|^\\|? ?:?-{3,}:? ?\\|")
)

// textual tells HTML, Markdown and plain text apart by the head of the text.
func textual(name, head string) (readFunc, error) {
	switch ext := strings.ToLower(path.Ext(name)); {
	case htmlSign.MatchString(head):
		return HTML, nil
	case xmlSign.MatchString(head):
		return nil, fmt.Errorf("det er en XML-fil: %w", ErrUnsupported)
	case mailSign.MatchString(head) && strings.Contains(strings.ToLower(head), "\nmime-version:"):
		return nil, fmt.Errorf("det er en e-mail: %w", ErrUnsupported)
	case ext == ".md", ext == ".markdown", strings.HasPrefix(head, "---\n"), strings.HasPrefix(head, "---\r\n"), markdownSign.MatchString(head):
		return Markdown, nil
	}
	return Text, nil
}
