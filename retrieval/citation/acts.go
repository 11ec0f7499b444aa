package citation

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed acts.tsv
var actFile string

// ActInfo is how an act is named.
type ActInfo struct {
	Name          string   // canonical: "lov om social service"
	Short         string   // "serviceloven"
	Abbreviations []string // "SEL"
	Aliases       []string
}

// table is the act table with its indexes.
type table struct {
	acts          []ActInfo
	names         map[string]int // normal form of every name → act
	abbreviations map[string]int // in capitals
	longest       int            // words of the longest name
}

var acts = sync.OnceValue(func() *table {
	t, err := readActs(actFile)
	if err != nil {
		panic(err) // the embedded file; a test reads it
	}
	return t
})

func readActs(file string) (*table, error) {
	t := &table{names: map[string]int{}, abbreviations: map[string]int{}}
	n := 0
	for line := range strings.Lines(file) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 4 {
			return nil, fmt.Errorf("acts.tsv, line %d: %d columns, not 4", n, len(columns))
		}
		act := ActInfo{Name: normalName(columns[0]), Short: columns[1], Abbreviations: list(columns[2]), Aliases: list(columns[3])}
		if err := t.add(act); err != nil {
			return nil, fmt.Errorf("acts.tsv, line %d: %w", n, err)
		}
	}
	return t, nil
}

func list(column string) []string {
	if column == "" {
		return nil
	}
	return strings.Split(column, ",")
}

func (t *table) add(act ActInfo) error {
	n := len(t.acts)
	t.acts = append(t.acts, act)
	for _, name := range append([]string{act.Name, act.Short}, act.Aliases...) {
		key := normalName(name)
		if other, ok := t.names[key]; ok && other != n {
			return fmt.Errorf("%q names two acts", name)
		}
		t.names[key] = n
		t.longest = max(t.longest, strings.Count(key, " ")+1)
	}
	for _, a := range act.Abbreviations {
		if _, ok := t.abbreviations[a]; ok {
			return fmt.Errorf("%q abbreviates two acts", a)
		}
		t.abbreviations[a] = n
	}
	return nil
}

// normalName is the form in which names are compared: lower case, single
// spaces, without "m.v.", commas and a short name in brackets.
func normalName(name string) string {
	name = strings.ToLower(name)
	if i := strings.IndexByte(name, '('); i > 0 && strings.HasSuffix(strings.TrimSpace(name), "loven)") {
		name = name[:i]
	}
	words := strings.Fields(strings.ReplaceAll(name, ",", " "))
	kept := words[:0]
	for _, w := range words {
		switch w {
		case "m.v.", "mv.", "m.m.", "m.v", "m.m", "mv":
		default:
			kept = append(kept, w)
		}
	}
	return strings.Trim(strings.Join(kept, " "), " .;:?!")
}

// Acts returns the table of acts, in the file's order.
func Acts() []ActInfo { return acts().acts }

// Act finds an act by any of its names, in any case, with or without the
// genitive s: "serviceloven", "servicelovens", "SEL", "lov om social service".
func Act(name string) (ActInfo, bool) {
	t := acts()
	if n, ok := t.abbreviations[strings.ToUpper(strings.TrimSpace(name))]; ok {
		return t.acts[n], true
	}
	n, ok := t.lookup(normalName(name))
	if !ok {
		return ActInfo{}, false
	}
	return t.acts[n], true
}

// lookup finds a name in normal form, also in the genitive.
func (t *table) lookup(key string) (int, bool) {
	if n, ok := t.names[key]; ok {
		return n, true
	}
	if base, genitive := strings.CutSuffix(key, "s"); genitive {
		n, ok := t.names[base]
		return n, ok
	}
	return 0, false
}

// titlePrefixes stand before an act's name in its title.
var titlePrefixes = []string{"bekendtgørelse af ", "lovbekendtgørelse af ", "bekendtgørelse for danmark af "}

// Family returns the key that all versions of an act share, or "" for a title
// that names no lasting act: amending acts and bills.
func Family(title string) string {
	key := normalName(title)
	for _, p := range titlePrefixes {
		key = strings.TrimPrefix(key, p)
	}
	switch {
	case strings.HasPrefix(key, "lov om ændring af"), strings.HasPrefix(key, "forslag til"), strings.HasPrefix(key, "bekendtgørelse om ændring af"), key == "":
		return ""
	}
	if n, ok := acts().names[key]; ok {
		return acts().acts[n].Name
	}
	return key
}

// ShortTitle returns the name by which a caseworker cites an act:
// "serviceloven". Without an entry in the table it is the short name in brackets
// of the title, or the title without "Bekendtgørelse af".
func ShortTitle(title string) string {
	if n, ok := acts().names[Family(title)]; ok {
		return acts().acts[n].Short
	}
	if i := strings.LastIndexByte(title, '('); i > 0 && strings.HasSuffix(title, "loven)") {
		return title[i+1 : len(title)-1]
	}
	for _, p := range titlePrefixes {
		if len(title) > len(p) && strings.EqualFold(title[:len(p)], p) {
			return title[len(p):]
		}
	}
	return title
}
