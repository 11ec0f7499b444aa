package parse

import "regexp"

// retsinformation's classes that make a paragraph a heading, with its level.
var classHeadings = map[string]int{
	"Titel": 1, "Titel2": 1, "Bemaerkninger": 1, "Bilag": 2, "Afsnit": 2, "AfsnitOverskrift": 2, "Kapitel": 3, "KapitelOverskrift": 3,
	"KapitelOverskrift2": 3, "ParagrafGruppeOverskrift": 4, "Overskriftsnummer1": 2, "Overskriftstekst1": 2,
	"Overskriftsnummer2": 3, "Overskriftstekst2": 3, "Overskriftsnummer3": 4, "Overskriftstekst3": 4,
}

var listClass = regexp.MustCompile(`^Liste(\d)$`)

// byClass gives a paragraph the kind that retsinformation's class name says.
func byClass(b Block) Block {
	if level, ok := classHeadings[b.Style]; ok {
		b.Kind, b.Level, b.Bold = Heading, level, false
	} else if m := listClass.FindStringSubmatch(b.Style); m != nil {
		b.Kind, b.Level = ListItem, int(m[1][0]-'0')
	} else if b.Style == "Fodnote" {
		b.Kind = Footnote
	}
	return b
}
