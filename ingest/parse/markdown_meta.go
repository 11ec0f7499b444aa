package parse

import "strings"

// frontMatter splits off the YAML head between two "---" lines. It reads what
// such heads hold in practice: top-level "key: value" lines, quoted or not
// (titles often contain ": ", which strict YAML refuses), folded blocks, and
// lists, which are joined by ", ". Keys come back in lower case.
func frontMatter(lines []string) (meta map[string]string, body []string) {
	if len(lines) == 0 || strings.TrimRight(lines[0], " \t") != "---" {
		return nil, lines
	}
	end := -1
	for i := 1; i < len(lines); i++ {
		if l := strings.TrimRight(lines[i], " \t"); l == "---" || l == "..." {
			end = i
			break
		}
	}
	if end < 0 {
		return nil, lines
	}
	meta = map[string]string{}
	key := ""
	for _, line := range lines[1:end] {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		indented := line[0] == ' ' || line[0] == '\t' || strings.HasPrefix(trimmed, "- ")
		if indented && key != "" {
			meta[key] = joinValue(meta[key], trimmed)
			continue
		}
		name, value, ok := strings.Cut(trimmed, ":")
		if !ok || strings.ContainsAny(name, " \"'") {
			return nil, lines // prose between two rules, not front matter
		}
		key = strings.ToLower(name)
		meta[key] = scalar(value)
	}
	return meta, lines[end+1:]
}

func joinValue(before, line string) string {
	item, isItem := strings.CutPrefix(line, "- ")
	switch {
	case before == "":
		return scalar(item)
	case isItem:
		return before + ", " + scalar(item)
	}
	return before + " " + scalar(line)
}

// scalar strips the quotes of a YAML value and the sign of a folded block.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if s == ">" || s == "|" || s == ">-" || s == "|-" {
		return ""
	}
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	return fold(s)
}
