package statute

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestReadProvision(t *testing.T) {
	for _, c := range []struct{ text, id, label, rest string }{
		{"§ 85. Kommunen", "85", "§ 85", " Kommunen"},
		{"§ 85 a. Kommunen", "85a", "§ 85 a", " Kommunen"},
		{"§ 85a. Kommunen", "85a", "§ 85 a", " Kommunen"},
		{"§ 2 A. Loven", "2a", "§ 2 A", " Loven"},
		{"§ 9 æ. Ministeren", "9æ", "§ 9 æ", " Ministeren"},
		{"§§ 13-15. (Ophævet)", "13-15", "§§ 13-15", " (Ophævet)"},
		{"§§ 8 c-9. (Ophævet)", "8c-9", "§§ 8 c-9", " (Ophævet)"},
		{"§§ 100 a -103 b. (Ophævet)", "100a-103b", "§§ 100 a-103 b", " (Ophævet)"},
		{"§§ 96 k-o. (Ophævet)", "96k-o", "§§ 96 k-o", " (Ophævet)"},
		{"§ 5 d - 5 r. (Ophævet)", "5d-5r", "§§ 5 d-5 r", " (Ophævet)"},
		{"§ § 28-31a. (Ophævet)", "28-31a", "§§ 28-31 a", " (Ophævet)"},
		{"§§ 15 c og 15 d. (Ophævet)", "15c-15d", "§§ 15 c og 15 d", " (Ophævet)"},
		{"§ 31 D, Ministeren kan", "31d", "§ 31 D", " Ministeren kan"},
		{"§ 73 Ved opgørelse", "73", "§ 73", " Ved opgørelse"},
		{"§ 5 i lov om", "5", "§ 5", " i lov om"},
		{"§ 15 a (Ophævet)", "15a", "§ 15 a", " (Ophævet)"},
		{"»§ 13 a. Der betales", "13a", "§ 13 a", " Der betales"},
		{"§ 1", "1", "§ 1", ""},
		{"§\u00a085.\u00a0Kommunen", "85", "§ 85", "\u00a0Kommunen"},
	} {
		p, ok := readProvision(c.text)
		if !ok {
			t.Errorf("%q is not read", c.text)
			continue
		}
		if p.id() != c.id || p.label() != c.label || c.text[p.end:] != c.rest {
			t.Errorf("%q: id %q label %q rest %q, want %q %q %q", c.text, p.id(), p.label(), c.text[p.end:], c.id, c.label, c.rest)
		}
	}
	for _, text := range []string{"", "§", "§ a", "Stk. 2.", "efter § 5", "§§"} {
		if p, ok := readProvision(text); ok {
			t.Errorf("%q is read as %+v", text, p)
		}
	}
}

// TestStatuteOrNot asserts that it takes the build of a statute, not the
// mention of one, to be cut by §§.
func TestStatuteOrNot(t *testing.T) {
	long := strings.Repeat("Kommunen vurderer behovet konkret og individuelt. ", 8)
	for _, c := range []struct {
		name   string
		title  string
		blocks []string
		want   bool
	}{
		{"small act", "Lov om noget", []string{"§ 1. Loven gælder.", "§ 2. Loven træder i kraft."}, true},
		{"without a title", "", []string{"§ 1. Loven gælder.", "§ 2. Den træder i kraft.", "§ 3. Den gælder ikke for Grønland."}, true},
		{"excerpt of an act", "Bekendtgørelse af lov om social service", []string{"§ 83. Kommunen tilbyder hjælp.", "§ 84. Kommunen afløser."}, true},
		{"guideline that quotes", "Retningslinje", []string{long, "§ 85. Kommunen skal tilbyde hjælp.", long}, false},
		{"guideline that mentions", "Retningslinje", []string{long, "Efter § 1. pkt. 2 gælder", long}, false},
		{"guideline ordered by §§", "Ydelser", []string{"§ 83 Personlig hjælp", long, "§ 86 Genoptræning", long}, false},
		{"nothing", "", nil, false},
	} {
		doc := &parse.Document{Title: c.title}
		for _, text := range c.blocks {
			doc.Blocks = append(doc.Blocks, parse.Block{Text: text})
		}
		if out := Structure(doc); out.Statute != c.want {
			t.Errorf("%s: statute %v, want %v", c.name, out.Statute, c.want)
		}
	}
}

func TestKind(t *testing.T) {
	for _, c := range []struct {
		out  Outline
		want corpus.Kind
	}{
		{Outline{Number: "LBK nr 1129 af 22/09/2025"}, corpus.KindAct},
		{Outline{Number: "BEK nr 128 af 17/02/2020"}, corpus.KindOrder},
		{Outline{Number: "VEJ nr 9341 af 08/05/2015"}, corpus.KindGuideline},
		{Outline{Title: "Bekendtgørelse af lov om social service", Statute: true}, corpus.KindAct},
		{Outline{Title: "Forvaltningsloven", Statute: true}, corpus.KindAct},
		{Outline{Title: "Bekendtgørelse om magtanvendelse", Statute: true}, corpus.KindOrder},
		{Outline{Title: "Vejledning om servicelovens § 85"}, corpus.KindGuideline},
		{Outline{Title: "Kvalitetsstandard for BPA"}, corpus.KindLocal},
		{Outline{Title: "Vejledning til sagsbehandlere i Eksempel Kommune"}, corpus.KindLocal},
		{Outline{Title: "Servicelovens paragraffer kort fortalt"}, corpus.KindOther},
	} {
		if got := kindOf(&c.out); got != c.want {
			t.Errorf("%+v: %s, want %s", c.out, got, c.want)
		}
	}
}

// TestPositions asserts that a block's lines end up as byte ranges of the
// section's text that slice to the same words.
func TestPositions(t *testing.T) {
	const second = "Stk. 2. Støtten ydes efter ansøgning."
	cut := strings.Index(second, "efter")
	doc := &parse.Document{Title: "Lov om støtte", Blocks: []parse.Block{
		{Text: "§ 1. Loven gælder.", Lines: []parse.Line{{Start: 0, End: len("§ 1. Loven gælder."), Page: 1, X0: 0.1, X1: 0.9}}},
		{Text: second, Lines: []parse.Line{{Start: 0, End: cut, Page: 1}, {Start: cut, End: len(second), Page: 2}, {Start: 5, End: 900, Page: 2}, {Start: 3, End: 3, Page: 1}}},
	}}
	out := Structure(doc)
	checkOutline(t, out)
	var got []string
	for _, p := range out.Sections[0].Positions {
		got = append(got, fmt.Sprintf("%d:%s", p.Page, out.Sections[0].Text[p.Start:p.End]))
	}
	want := []string{"1:§ 1. Loven gælder.", "1:Stk. 2. Støtten ydes ", "2:efter ansøgning.", "2:" + second[5:]}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLongTextIsCut asserts that text without headings is cut at paragraphs,
// and that a list stays with the line that leads into it.
func TestLongTextIsCut(t *testing.T) {
	paragraph := strings.Repeat("Borgeren har ret til at blive hørt. ", 30)
	var blocks []parse.Block
	for range 12 {
		blocks = append(blocks, parse.Block{Text: paragraph}, parse.Block{Text: "Sagen skal indeholde:"},
			parse.Block{Kind: parse.ListItem, Text: "• " + paragraph}, parse.Block{Kind: parse.ListItem, Text: "• afgørelse"})
	}
	out := Structure(&parse.Document{Blocks: blocks})
	checkOutline(t, out)
	if len(out.Sections) < 3 {
		t.Fatalf("%d sections", len(out.Sections))
	}
	for _, s := range out.Sections {
		if len(s.Text) > 3*maxSection || strings.HasPrefix(s.Text, "•") || strings.HasSuffix(s.Text, ":") {
			t.Errorf("section %s, %d bytes: %.40q … ends in %q", s.ID, len(s.Text), s.Text, s.Text[len(s.Text)-20:])
		}
	}
}

// blocksOf reads fuzz input as blocks, a line each; the first byte is the kind.
func blocksOf(s string) []parse.Block {
	var blocks []parse.Block
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(strings.ToValidUTF8(line, ""))
		if len(line) < 2 || line[0] >= 0x80 {
			continue
		}
		b := parse.Block{Kind: parse.BlockKind(line[0] % 5), Level: 1 + int(line[0]/5%4), Bold: line[0]%7 == 0, Text: strings.TrimSpace(line[1:])}
		b.Lines = []parse.Line{{Start: 0, End: len(b.Text), Page: 1}}
		if b.Text != "" {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// FuzzStructure asserts on any blocks that ids are unique, that ranges lie
// within the text, and that no text is lost: each block stands in a section's
// text, or in a path or heading.
func FuzzStructure(f *testing.F) {
	f.Add("Lov om noget", "a§ 1. Loven\na1) x\na2) y\naStk. 2. z\n1Kapitel 2\n1Titel\na§ 2. (Ophævet)\n4note\n1Bilag 1\na§ 1. Sats")
	f.Add("", "11 Formål\nFTekst:\n2• punkt\n33.2 Frister\n!a; b\n1Bilag A\nF1.1 Hej\nF1 Hej")
	f.Add("Lov om ændring", "a§ 1\naI lov foretages følgende ændringer:\na1. § 2 affattes således:\na»§ 2. Nyt.«\na§ 2\naStk. 1. I kraft.")
	f.Fuzz(func(t *testing.T, title, text string) {
		doc := &parse.Document{Title: title, Blocks: blocksOf(text)}
		out := Structure(doc)
		checkOutline(t, out)
		var all strings.Builder
		for _, s := range out.Sections {
			all.WriteString(s.Text + "\n" + strings.Join(s.Path, "\n") + "\n" + s.Heading + "\n")
		}
		for _, b := range doc.Blocks {
			if b.Text != title && b.Kind != parse.Heading && !contentsLine.MatchString(b.Text) && !strings.Contains(all.String(), b.Text) && !structural(b) {
				t.Errorf("lost %q", b.Text)
			}
		}
	})
}

// structural tells blocks that name a part of the document and may stand in no
// section because nothing follows them.
func structural(b parse.Block) bool {
	return headline(b, chapterHead, "") || headline(b, divisionHead, "") || titleLike(b)
}
