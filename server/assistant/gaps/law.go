package gaps

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/versions"
)

// Library is what a comparison reads of the collection.
type Library interface {
	Document(ctx context.Context, id string) (corpus.Document, error)
	SectionsOf(ctx context.Context, document string) ([]corpus.Section, error)
	Documents(ctx context.Context, f corpus.DocumentFilter) ([]corpus.Document, error)
	LastRevision(ctx context.Context) (int64, error)
	View(ctx context.Context) (string, error)
}

// law is the collection's acts and orders on one day, ready to be compared with.
type law struct {
	lib      Library
	day      corpus.Date
	families map[string][]*corpus.Document // all versions, the newest first
	byID     map[string]*corpus.Document
	current  map[string]*corpus.Document // family → the version in force
	index    *versions.Index             // of the sections in force

	mu       sync.Mutex
	sections map[string]*outline      // document → its sections
	fates    map[string]versions.Fate // section of an older version → what became of it
	followed map[string]bool          // older versions whose fates are known
	read     map[string][]lawClause   // section → its clauses
	cited    map[string]bool          // acts that the law itself cites; nil until asked for
}

// outline is a document's sections, found by their number.
type outline struct {
	list []corpus.Section
	at   map[string]int // "85a" → index
	max  int            // the highest number
}

func loadLaw(ctx context.Context, lib Library, day corpus.Date) (*law, error) {
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		return nil, err
	}
	l := &law{
		lib: lib, day: day, families: map[string][]*corpus.Document{}, byID: map[string]*corpus.Document{}, current: map[string]*corpus.Document{},
		index: versions.NewIndex(), sections: map[string]*outline{}, fates: map[string]versions.Fate{}, followed: map[string]bool{},
		read: map[string][]lawClause{},
	}
	for i := range docs {
		d := &docs[i]
		l.byID[d.ID] = d
		if d.Family != "" && (d.Kind == corpus.KindAct || d.Kind == corpus.KindOrder) {
			l.families[d.Family] = append(l.families[d.Family], d)
		}
	}
	names := make([]string, 0, len(l.families))
	for family, list := range l.families {
		sort.Slice(list, func(i, j int) bool {
			return list[i].Issued > list[j].Issued || list[i].Issued == list[j].Issued && list[i].ID < list[j].ID
		})
		l.current[family] = inForce(list, day)
		names = append(names, family)
	}
	sort.Strings(names)
	for _, family := range names {
		d := l.current[family]
		if !d.InForce(day) {
			continue
		}
		o, err := l.outline(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		l.index.Add(d.ID, o.list)
	}
	l.index.Seal()
	return l, nil
}

// inForce takes the version in force on day, else the newest that had begun,
// else the oldest: as corpus.Store.Resolve does.
func inForce(list []*corpus.Document, day corpus.Date) *corpus.Document {
	for _, d := range list {
		if d.InForce(day) {
			return d
		}
	}
	for _, d := range list {
		if d.InForceFrom <= day {
			return d
		}
	}
	return list[len(list)-1]
}

func (l *law) outline(ctx context.Context, document string) (*outline, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := l.sections[document]; o != nil {
		return o, nil
	}
	list, err := l.lib.SectionsOf(ctx, document)
	if err != nil {
		return nil, fmt.Errorf("reading the sections of %s: %w", document, err)
	}
	o := &outline{list: list, at: map[string]int{}}
	for i := range list {
		_, number, _ := strings.Cut(list[i].ID, "#")
		o.at[number] = i
		n, _ := split(number)
		if !strings.Contains(number, "~") && strings.HasPrefix(list[i].Label, "§") {
			o.max = max(o.max, n)
		}
	}
	l.sections[document] = o
	return o, nil
}

// find returns the section with a number, also inside one that stands for a
// range ("§§ 13-15. (Ophævet)").
func (o *outline) find(number string) *corpus.Section {
	if i, ok := o.at[number]; ok {
		return &o.list[i]
	}
	n, letter := split(number)
	for i := range o.list {
		_, id, _ := strings.Cut(o.list[i].ID, "#")
		from, to, isRange := strings.Cut(id, "-")
		if !isRange || n == 0 || strings.HasPrefix(id, "bilag") {
			continue
		}
		first, a := split(from)
		last, b := split(to)
		if (n > first || n == first && letter >= a) && (n < last || n == last && letter <= b) {
			return &o.list[i]
		}
	}
	return nil
}

// split cuts "85a" into 85 and "a".
func split(number string) (n int, letter string) {
	i := 0
	for ; i < len(number) && i < 6 && '0' <= number[i] && number[i] <= '9'; i++ {
		n = 10*n + int(number[i]-'0')
	}
	return n, number[i:]
}

// olderWith returns the newest version of a family before document that had the
// section, with it.
func (l *law) olderWith(ctx context.Context, document *corpus.Document, number string) (*corpus.Document, *corpus.Section, error) {
	for _, d := range l.families[document.Family] {
		if d.ID == document.ID || d.Issued > document.Issued {
			continue
		}
		o, err := l.outline(ctx, d.ID)
		if err != nil {
			return nil, nil, err
		}
		if s := o.find(number); s != nil && !s.Repealed {
			return d, s, nil
		}
	}
	return nil, nil, nil
}

// citedActs are the names of the acts that the acts in force cite: those exist,
// whether the collection holds them or not.
func (l *law) citedActs(ctx context.Context) (map[string]bool, error) {
	l.mu.Lock()
	known := l.cited
	l.mu.Unlock()
	if known != nil {
		return known, nil
	}
	known = map[string]bool{}
	for _, d := range l.current {
		o, err := l.outline(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		for i := range o.list {
			for _, ref := range citation.Parse(o.list[i].Text) {
				if ref.Act != "" {
					known[ref.Act] = true
				}
			}
		}
	}
	l.mu.Lock()
	l.cited = known
	l.mu.Unlock()
	return known, nil
}

// fate tells what became of a section of an older version.
func (l *law) fate(ctx context.Context, old *corpus.Section, current *corpus.Document) (versions.Fate, error) {
	o, err := l.outline(ctx, old.Document)
	if err != nil {
		return versions.Fate{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.followed[old.Document] {
		for _, f := range l.index.Follow(o.list, current.ID) {
			l.fates[f.Old.Section] = f
		}
		l.followed[old.Document] = true
	}
	return l.fates[old.ID], nil
}

// section returns a section of the law by its id.
func (l *law) section(ctx context.Context, id string) (*corpus.Section, error) {
	document, number, _ := strings.Cut(id, "#")
	o, err := l.outline(ctx, document)
	if err != nil {
		return nil, err
	}
	if i, ok := o.at[number]; ok {
		return &o.list[i], nil
	}
	return nil, fmt.Errorf("section %q: %w", id, corpus.ErrNotFound)
}

// place makes a Law of a byte range of a section.
func (l *law) place(s *corpus.Section, start, end int) *Law {
	d := l.byID[s.Document]
	part := s.PartAt(start, end)
	if part == "stk. 1" && !slices.ContainsFunc(s.Parts, func(p corpus.Part) bool { return p.Label == "stk. 2" }) {
		part = ""
	}
	return &Law{
		Document: d.ID, Section: s.ID, Reference: retrieval.Reference(d, s, part), Title: d.Title,
		Quote: s.Text[start:end], Start: start, End: end, URL: d.URL,
	}
}

// quoteLength bounds the quote of a section that is meant as a whole.
const quoteLength = 400

// whole quotes a section from its beginning: its first stk.
func (l *law) whole(s *corpus.Section) *Law {
	end := len(s.Text)
	for _, p := range s.Parts {
		if p.Label == "stk. 1" {
			end = p.End
		}
	}
	if end > quoteLength {
		if i := strings.LastIndexAny(s.Text[:quoteLength], ".;\n"); i > 80 {
			end = i + 1
		}
	}
	place := l.place(s, 0, end)
	place.Reference = retrieval.Reference(l.byID[s.Document], s, "")
	return place
}

// act is a Law that means a whole act.
func (l *law) act(d *corpus.Document) *Law {
	name := d.Title
	if d.Number != "" {
		name += " (" + d.Number + ")"
	}
	return &Law{Document: d.ID, Reference: name, Title: d.Title, URL: d.URL}
}
