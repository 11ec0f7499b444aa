package statute

import (
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// reprinted heads the path of the closing provisions of amending acts that a
// consolidated act prints after its own.
const reprinted = "Ikrafttrædelsesbestemmelser fra ændringslove"

var (
	divisionHead = regexp.MustCompile(`^[»"”]?(Afsnit|AFSNIT|Bog) ([IVXLC]+(?: ?[a-zA-Z])?|\d+(?: ?[a-z])?)\.?(?:$|[ :.–-]+)`)
	chapterHead  = regexp.MustCompile(`^[»"”]?(?:Kapitel|KAPITEL|Kap\.) ?(\d+(?: ?[a-zA-ZæøåÆØÅ])?|[IVXLC]+(?: ?[a-z])?)\.?(?:$|[ :.–-]+)`)
	annexHead    = regexp.MustCompile(`^[»"”]?(?:Bilag|BILAG)(?: (\d+(?: ?[a-zA-Z])?|[A-Z]|[IVX]+))?\.?(?:$|[ :.–-]+)`)
	signature    = regexp.MustCompile(`^(?:Givet på |[\pL, -]*(?:[Mm]inisteriet|[Ss]tyrelsen|[Dd]irektoratet), den \d{1,2}\. )`)
	repealed     = regexp.MustCompile(`^\(?(?:Ophævet|Ophæves|Bortfaldet)\b`)
	amends       = regexp.MustCompile(`foretages? følgende ændring`)
	transitional = regexp.MustCompile(`^Lov nr\. (\d+) af \d{1,2}\. \pL+ (\d{4})\b.*(?:følgende|ikrafttræde|overgang)`)
)

// actCutter walks a statute's blocks and opens a section at each §.
type actCutter struct {
	*builder
	title    string
	division string  // "Afsnit II Titel"
	chapter  string  // "Kapitel 16 Titel"
	group    string  // heading above a group of §§
	foreign  string  // name of the amending act whose closing §§ are reprinted
	prefix   string  // of ids there: "lov-1728-2018-"
	title2   *string // where the title goes that follows its number; nil where none may
	last     int     // number of the § before
	restart  bool    // numbers have begun anew: reprinted closing §§ without a lead
	amending bool    // the open § lists changes to another act
	fresh    bool    // the chapter has no § yet
	centred  bool    // the open § has its number on a line of its own
	inAnnex  bool

	annexBlocks []parse.Block // of the annex that is gathered, its heading first
	notes       []parse.Block
}

// cutStatute turns a statute into an introduction, its §§, annexes, a closing
// section and its notes.
func cutStatute(blocks []parse.Block, title string) []corpus.Section {
	c := actCutter{builder: newBuilder(), title: title}
	c.begin(corpus.Section{ID: "indledning", Path: []string{"Indledning"}})
	for i, b := range blocks {
		if remarks(b) {
			c.close()
			return append(c.sections, following(cutGuideline(blocks[i:], title), c.builder)...)
		}
		c.block(b, blocks[i+1:])
	}
	c.close()
	return c.sections
}

// following renumbers the sections of a bill's remarks, which follow those of
// b. Their ids are set apart: remark 4 is not § 4.
func following(sections []corpus.Section, b *builder) []corpus.Section {
	for i := range sections {
		sections[i].ID = b.unique("bemaerkninger-" + sections[i].ID)
		sections[i].Ordinal = len(b.sections) + i
	}
	return sections
}

func (c *actCutter) close() {
	c.closeChapter()
	c.closeAnnex()
	if len(c.notes) > 0 {
		c.begin(corpus.Section{ID: "noter", Path: []string{"Noter"}})
		for _, n := range c.notes {
			c.add(n)
		}
		c.finish()
	}
}

func (c *actCutter) block(b parse.Block, rest []parse.Block) {
	if b.Kind == parse.Footnote {
		c.notes = append(c.notes, b)
		return
	}
	if p, ok := readProvision(b.Text); ok && c.opens(b, p) {
		c.section(p, b)
		return
	}
	if c.structure(b, rest) {
		return
	}
	c.title2 = nil
	if signature.MatchString(b.Text) && !c.inAnnex {
		c.division, c.chapter, c.group = "", "", ""
		c.begin(corpus.Section{ID: "slut", Path: []string{"Underskrift"}})
	}
	c.ensure()
	c.add(b)
	if amends.MatchString(b.Text) && strings.HasPrefix(c.open.Label, "§") {
		c.amending = true
	}
}

// ensure opens a section for text that stands between headings and the next §.
func (c *actCutter) ensure() {
	if c.open != nil {
		return
	}
	path := c.path(c.group)
	if len(path) == 0 {
		c.begin(corpus.Section{ID: "tekst"})
		return
	}
	c.begin(corpus.Section{ID: slug(path[len(path)-1]), Path: path, Heading: path[len(path)-1]})
}

// opens tells whether the § begins a section here. Within a § that changes
// another act the dotted §§ are the new text of that act; an annex keeps its
// own §§ to itself.
func (c *actCutter) opens(b parse.Block, p provision) bool {
	if p.quoted || c.inAnnex || c.amending && !p.bare && (c.centred || !c.next(p)) {
		return false
	}
	// "§ 73 Ved opgørelse …": the full stop was forgotten, but the number is
	// the next one and a sentence begins.
	return startsProvision(b, p) || b.Kind == parse.Paragraph && p.capital && c.next(p)
}

func (c *actCutter) next(p provision) bool {
	return p.num == c.last+1 || p.num == c.last && p.letter != ""
}

// section opens the § that b begins. Where numbers begin anew, the closing
// provisions of amending acts are reprinted: their ids are set apart, so that
// "§ 29" stays the act's own.
func (c *actCutter) section(p provision, b parse.Block) {
	id := c.prefix + p.id()
	if p.num < c.last && c.used[id] {
		c.restart = true
	}
	if c.restart && c.prefix == "" {
		id += "~2"
		c.division, c.chapter, c.group, c.foreign = "", "", "", reprinted
	}
	c.last = p.last
	c.begin(corpus.Section{ID: id, Label: p.label(), Heading: c.group, Path: c.path(p.label()),
		Repealed: repealed.MatchString(strings.TrimSpace(b.Text[p.end:]))})
	c.add(b)
	c.centred, c.amending, c.title2 = p.bare, amends.MatchString(b.Text), nil
}

// path is where the cutter stands, ending in label.
func (c *actCutter) path(label string) []string {
	var path []string
	for _, s := range []string{c.foreign, c.division, c.chapter, label} {
		if s != "" {
			path = append(path, s)
		}
	}
	return path
}

// closeChapter keeps a chapter without §§ ("Kapitel 5 (Ophævet)") as a section,
// so that it can be found.
func (c *actCutter) closeChapter() {
	c.finish()
	if c.fresh {
		c.begin(corpus.Section{ID: slug(chapterHead.FindString(c.chapter)), Path: c.path(""), Heading: c.chapter,
			Repealed: strings.Contains(c.chapter, "(Ophævet)")})
		c.add(parse.Block{Text: c.chapter})
		c.finish()
	}
}

// begin opens a section; the one before gets its parts first.
func (c *actCutter) begin(s corpus.Section) {
	c.fresh = false
	c.finish()
	c.builder.begin(s)
}

func (c *actCutter) finish() {
	if c.open != nil && strings.HasPrefix(c.open.Label, "§") {
		if c.amending {
			c.open.Parts = labelAmending(c.lines)
		} else {
			c.open.Parts = label(c.lines)
		}
	}
	c.builder.finish()
}

// structure handles divisions, chapters, their titles, annexes and headings
// above groups of §§. It reports whether b was one of them.
func (c *actCutter) structure(b parse.Block, rest []parse.Block) bool {
	if c.amending && !headline(b, annexHead, "Bilag") {
		return false // a new chapter of the amended act
	}
	switch {
	case b.Text == c.title && len(c.sections) == 0 && len(c.lines) == 0:
	case headline(b, annexHead, "Bilag"):
		c.annex(b)
	case c.inAnnex:
		c.annexBlocks = append(c.annexBlocks, b)
	case headline(b, divisionHead, "Afsnit"):
		c.closeChapter()
		c.division, c.chapter, c.group = b.Text, "", ""
		c.title2 = titleTarget(&c.division, divisionHead)
	case headline(b, chapterHead, "Kapitel"):
		c.closeChapter()
		c.chapter, c.group, c.fresh = b.Text, "", true
		c.title2 = titleTarget(&c.chapter, chapterHead)
	case transitional.MatchString(b.Text):
		c.reprint(b)
	case c.title2 != nil && titleLike(b):
		*c.title2 += " " + b.Text
		c.title2 = nil
	case groupHeading(b, rest):
		c.finish()
		c.group = b.Text
	default:
		return false
	}
	return true
}

// reprint opens the closing provisions of an amending act, which consolidated
// acts print at their end under a line that names it.
func (c *actCutter) reprint(b parse.Block) {
	m := transitional.FindStringSubmatch(b.Text)
	c.division, c.chapter, c.group, c.last = "", "", "", 0
	c.foreign, c.prefix = "Lov nr. "+m[1]+" ("+m[2]+")", "lov-"+m[1]+"-"+m[2]+"-"
	c.begin(corpus.Section{ID: strings.TrimSuffix(c.prefix, "-"), Path: []string{c.foreign}})
	c.add(b)
}
