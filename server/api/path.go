package api

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of an uploaded file's path, in bytes. File systems commonly end at 255
// a name; the path is only kept as the document's source.
const (
	maxName = 255
	maxPath = 1000
)

// cleanPath turns the path that a client gives a file into a relative one with
// forward slashes that cannot leave its folder: no drive, no "..", no control
// or invisible characters, no empty segments. It returns false where nothing
// usable is left.
func cleanPath(raw string) (string, bool) {
	if !utf8.ValidString(raw) {
		return "", false
	}
	raw = strings.Map(visible, strings.ReplaceAll(raw, `\`, "/"))
	var kept []string
	for i, segment := range strings.Split(raw, "/") {
		segment = strings.TrimSpace(segment)
		if i == 0 && len(segment) == 2 && segment[1] == ':' {
			continue // C:
		}
		if strings.Trim(segment, ". ") == "" { // "", ".", ".."
			continue
		}
		if len(segment) > maxName {
			return "", false
		}
		kept = append(kept, segment)
	}
	clean := path.Join(kept...)
	return clean, clean != "" && len(clean) <= maxPath
}

// visible drops control characters and the invisible ones that make a name look
// like another ("fdp.exe" written from right to left).
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}
