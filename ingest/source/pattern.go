package source

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// patterns matches paths below a folder, as .gitignore does: "*" and "?" stop
// at a slash, "**" does not; a pattern without a slash matches a name at any
// depth; one that matches a folder takes all below it. Case is of no matter, for
// the same share is seen from Windows.
type patterns []*regexp.Regexp

func compilePatterns(globs []string) (patterns, error) {
	var out patterns
	for _, glob := range globs {
		clean := strings.Trim(strings.ReplaceAll(norm.NFC.String(glob), `\`, "/"), "/")
		if clean == "" {
			return nil, fmt.Errorf("mønsteret %q er tomt: skriv fx *.pdf eller kladder/**", glob)
		}
		prefix := "^"
		if !strings.Contains(clean, "/") {
			prefix = "^(?:.*/)?"
		}
		re, err := regexp.Compile("(?is)" + prefix + globPattern(clean) + "(?:/.*)?$")
		if err != nil {
			return nil, fmt.Errorf("mønsteret %q kan ikke læses: %w", glob, err)
		}
		out = append(out, re)
	}
	return out, nil
}

func globPattern(glob string) string {
	var b strings.Builder
	for glob != "" {
		switch {
		case strings.HasPrefix(glob, "**/"):
			b.WriteString("(?:.*/)?")
			glob = glob[3:]
		case strings.HasPrefix(glob, "**"):
			b.WriteString(".*")
			glob = glob[2:]
		case glob[0] == '*':
			b.WriteString("[^/]*")
			glob = glob[1:]
		case glob[0] == '?':
			b.WriteString("[^/]")
			glob = glob[1:]
		default:
			end := strings.IndexAny(glob, "*?")
			if end < 0 {
				end = len(glob)
			}
			b.WriteString(regexp.QuoteMeta(glob[:end]))
			glob = glob[end:]
		}
	}
	return b.String()
}

func (p patterns) match(name string) bool {
	name = norm.NFC.String(name)
	for _, re := range p {
		if re.MatchString(name) {
			return true
		}
	}
	return false
}
