package parse

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
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
			return nil, f.unsupported
		}
	}
	if looksBinary(data) {
		return nil, fmt.Errorf("filen er ikke tekst: %w", ErrUnsupported)
	}
	if bytes.HasPrefix(data, []byte("{\\rtf")) {
		return RTF, nil
	}
	return textual(name, decodeText(head))
}

// What to do with formats that Hjemmel does not read.
const (
	recogniseImage = "gem det som PDF med tekstgenkendelse (OCR)"
	unpack         = "pak det ud, eller gem det som ZIP"
	onlyTexts      = "Hjemmel læser kun dokumenter"
)

// foreign are formats that are recognised only to say what they are.
var foreign = []struct {
	magic string
	unsupported
}{
	{"\x89PNG", unsupported{"det er et billede (PNG)", recogniseImage}},
	{"\xff\xd8\xff", unsupported{"det er et billede (JPEG)", recogniseImage}},
	{"GIF8", unsupported{"det er et billede (GIF)", recogniseImage}},
	{"II*\x00", unsupported{"det er et billede (TIFF)", recogniseImage}},
	{"MM\x00*", unsupported{"det er et billede (TIFF)", recogniseImage}},
	{"BM", unsupported{"det er et billede (BMP)", recogniseImage}},
	{"RIFF", unsupported{"det er en lyd- eller billedfil", onlyTexts}},
	{"ID3", unsupported{"det er en lydfil", onlyTexts}},
	{"OggS", unsupported{"det er en lydfil", onlyTexts}},
	{"\x1f\x8b", unsupported{"det er et arkiv (gzip)", unpack}},
	{"7z\xbc\xaf\x27\x1c", unsupported{"det er et arkiv (7z)", unpack}},
	{"Rar!", unsupported{"det er et arkiv (RAR)", unpack}},
	{"\x7fELF", unsupported{"det er et program", onlyTexts}},
	{"MZ", unsupported{"det er et program", onlyTexts}},
	{"SQLite format 3\x00", unsupported{"det er en database", onlyTexts}},
}

// archive looks into a ZIP: the office formats are archives. A ZIP of documents
// is unpacked by package source before it gets here.
func archive(data []byte) (readFunc, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for _, f := range z.File {
		switch name := strings.ReplaceAll(f.Name, `\`, "/"); {
		case strings.HasPrefix(name, "word/"):
			return DOCX, nil
		case strings.HasPrefix(name, "xl/"):
			return XLSX, nil
		case strings.HasPrefix(name, "ppt/"):
			return PPTX, nil
		case name == "META-INF/container.xml":
			return EPUB, nil
		case name == "mimetype":
			return openDocument(f)
		case name == "META-INF/manifest.xml":
			return ODT, nil
		}
	}
	return nil, unsupported{"det er et ZIP-arkiv inde i et andet", "pak det ud"}
}

// openDocument tells OpenDocument files apart by the type that they begin with.
func openDocument(f *zip.File) (readFunc, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer rc.Close()
	kind, err := io.ReadAll(io.LimitReader(rc, 200))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	switch kind := string(kind); {
	case strings.Contains(kind, "opendocument.text"):
		return ODT, nil
	case strings.Contains(kind, "opendocument.spreadsheet"):
		return ODS, nil
	case strings.Contains(kind, "opendocument.presentation"):
		return ODP, nil
	case strings.Contains(kind, "epub"):
		return EPUB, nil
	}
	return nil, fmt.Errorf("det er et OpenDocument-dokument: %w", ErrUnsupported)
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
		return unsupported{"det er et Word 97-2003-dokument (.doc)", "åbn det i Word, og gem det som DOCX"}
	case has("Workbook"), has("Book"):
		return unsupported{"det er et Excel 97-2003-regneark (.xls)", "åbn det i Excel, og gem det som XLSX"}
	case has("PowerPoint Document"):
		return unsupported{"det er en PowerPoint 97-2003-præsentation (.ppt)", "åbn den i PowerPoint, og gem den som PPTX"}
	case has("__properties_version1.0"), has("__nameid_version1.0"):
		return unsupported{"det er en Outlook-besked (.msg)", "gem den som EML eller PDF"}
	}
	return unsupported{"det er et ældre Office-format", "åbn det i Office, og gem det som DOCX, XLSX, PPTX eller PDF"}
}

var (
	htmlSign     = regexp.MustCompile(`(?i)^\s*(?:<\?xml[^>]*>\s*|<!--[^>]*-->\s*)*<(?:!doctype html|html|head|body|div|p|h[1-6]|table|article|main)\b`)
	xmlSign      = regexp.MustCompile(`^\s*<(?:\?xml|!DOCTYPE|[A-Za-z_][\w.:-]*(?:\s+[\w:-]+="[^"]*")*\s*/?>)`)
	mailSign     = regexp.MustCompile(`(?i)^(?:[\w-]+: [^\n]*\n(?:[ \t][^\n]*\n)*){2,}`)
	mailHeader   = regexp.MustCompile(`(?im)^(?:mime-version|received|message-id):`)
	markdownSign = regexp.MustCompile("(?m)^#{1,6} \\S|^```|\\]\\([^)\\s]+\\)|\\*\\*\\S[^*\\n]*\\*\\*|^\\|? ?:?-{3,}:? ?\\|")
)

// textual tells HTML, Markdown and plain text apart by the head of the text.
func textual(name, head string) (readFunc, error) {
	switch ext := strings.ToLower(path.Ext(name)); {
	case htmlSign.MatchString(head):
		return HTML, nil
	case xmlSign.MatchString(head):
		return nil, fmt.Errorf("det er en XML-fil: %w", ErrUnsupported)
	case isMail(name, head):
		return EML, nil
	case ext == ".csv", ext == ".tsv":
		return Separated, nil
	case ext == ".md", ext == ".markdown", strings.HasPrefix(head, "---\n"), strings.HasPrefix(head, "---\r\n"), markdownSign.MatchString(head):
		return Markdown, nil
	}
	return Text, nil
}

// isMail tells whether the head of a text is that of a mail: header fields, one
// of which only mails have, or a file name that says so.
func isMail(name, head string) bool {
	head = strings.ReplaceAll(head, "\r\n", "\n")
	return mailSign.MatchString(head) && (strings.EqualFold(path.Ext(name), ".eml") || mailHeader.MatchString(head))
}
