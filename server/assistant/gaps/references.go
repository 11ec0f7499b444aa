package gaps

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/versions"
)

// reference is one reference of the text with what it points to.
type reference struct {
	ref      citation.Ref
	from     *corpus.Section // of the text
	family   string
	inferred bool             // the act is not named beside the §
	doc      *corpus.Document // the version in force; nil where the collection lacks the act
	to       *corpus.Section  // the section that it means today; nil for whole acts and where there is none
	part     string           // of to
}

// references parses and looks up every reference of the text.
func (r *run) references(ctx context.Context) error {
	own := r.ownNumbers()
	context := newActContext(&r.text)
	for i := range r.text.Sections {
		s := &r.text.Sections[i]
		if strings.Contains(local(s.ID), "~") {
			continue // the closing provisions of amending acts speak of their own time
		}
		for _, ref := range citation.Parse(s.Text) {
			if ref.Start == 0 && ref.Act == "" && strings.HasPrefix(s.Label, "§") {
				continue // the section's own label
			}
			if err := r.reference(ctx, reference{ref: ref, from: s, family: ref.Act}, own, context); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownNumbers are the §§ of the text itself: bylaws have some.
func (r *run) ownNumbers() map[string]bool {
	own := map[string]bool{}
	for i := range r.text.Sections {
		if strings.HasPrefix(r.text.Sections[i].Label, "§") {
			_, number, _ := strings.Cut(r.text.Sections[i].ID, "#")
			own[number] = true
		}
	}
	return own
}

func (r *run) reference(ctx context.Context, f reference, own map[string]bool, acts *actContext) error {
	bare := f.family == "" && f.ref.Number.No == 0
	switch {
	case bare && (f.ref.Section == "" || len(own) > 0 && own[f.ref.Section]):
		return nil // a chapter, annex or § of the text itself
	case bare && r.text.Family != "":
		f.family = r.text.Family
	case bare:
		if f.family = r.infer(ctx, &f, acts); f.family == "" {
			r.unchecked(&f, "det fremgår ikke, hvilken lov der menes")
			return nil
		}
		f.inferred = true
	}
	if f.ref.Number.No != 0 {
		done, err := r.number(ctx, &f)
		if done || err != nil {
			return err
		}
	}
	return r.act(ctx, &f)
}

// infer guesses the act of a § that stands alone: of the acts named before it,
// the nearest that has it; else the one the text is about.
func (r *run) infer(ctx context.Context, f *reference, acts *actContext) string {
	first := ""
	for _, family := range acts.before(f.from, f.ref.Start) {
		d := r.current[family]
		if d == nil {
			if first == "" {
				return "" // the nearest act is not in the collection: anything may be meant
			}
			continue
		}
		if first == "" {
			first = family
		}
		if o, err := r.outline(ctx, d.ID); err == nil && o.find(f.ref.Section) != nil {
			return family
		}
	}
	return first
}

// act looks up the § of a reference whose act is known by name.
func (r *run) act(ctx context.Context, f *reference) error {
	f.doc = r.current[f.family]
	if f.doc == nil {
		return r.noAct(ctx, f)
	}
	if f.ref.Section == "" && f.ref.Chapter == "" && f.ref.Annex == "" {
		r.inOrder(f, r.law.act(f.doc))
		return nil
	}
	o, err := r.outline(ctx, f.doc.ID)
	if err != nil {
		return err
	}
	if f.ref.Section == "" {
		return r.chapter(f, o)
	}
	for _, number := range []string{f.ref.Section, f.ref.SectionTo} {
		if number == "" {
			continue
		}
		ok, err := r.provision(ctx, f, o, number)
		if err != nil || !ok {
			return err
		}
	}
	return nil
}

// noAct records a reference to an act that the collection lacks.
func (r *run) noAct(ctx context.Context, f *reference) error {
	if _, known := citation.Act(f.family); known || !strings.HasSuffix(f.family, "loven") && !strings.HasPrefix(f.family, "lov om ") {
		r.unchecked(f, "loven er ikke i samlingen")
		return nil
	}
	cited, err := r.citedActs(ctx)
	if err != nil {
		return err
	}
	if cited[f.family] {
		r.unchecked(f, "loven er ikke i samlingen, men nævnes i den")
		return nil
	}
	confidence := 0.6
	if f.ref.Section == "" {
		confidence = 0.4
	}
	r.found(OfReference, Finding{
		Kind: UnknownRef, At: f.at(), Confidence: confidence,
		Explanation: fmt.Sprintf("»%s« findes hverken i samlingen eller blandt de love, Hjemmel kender. Kontrollér lovens navn.", f.family),
	})
	return nil
}

// provision looks up one § of the act in force. It tells whether it is in order.
func (r *run) provision(ctx context.Context, f *reference, o *outline, number string) (bool, error) {
	s := o.find(number)
	switch {
	case s == nil:
		return false, r.noSection(ctx, f, o, number)
	case s.Repealed:
		return false, r.gone(ctx, f, s, number, 0.95)
	}
	if moved, err := r.reused(ctx, f, s, number); moved || err != nil {
		return false, err
	}
	if f.to == nil {
		f.to = s
	}
	if wrong := wrongPart(s, &f.ref); wrong != "" && number == f.ref.Section && local(s.ID) == number {
		return false, r.noPart(ctx, f, s, wrong)
	}
	if number == f.ref.Section {
		f.part = f.ref.Part
		r.refs = append(r.refs, *f)
		r.inOrder(f, r.whole(s))
	}
	return true, nil
}

// noSection records a § that the act in force does not have.
func (r *run) noSection(ctx context.Context, f *reference, o *outline, number string) error {
	older, was, err := r.olderWith(ctx, f.doc, number)
	if err != nil {
		return err
	}
	if was != nil {
		return r.left(ctx, f, older, was)
	}
	n, _ := split(number)
	base := o.find(fmt.Sprint(n)) != nil
	if n > 0 && n <= o.max && !base {
		return r.gone(ctx, f, nil, number, 0.8)
	}
	confidence := 0.95
	explanation := fmt.Sprintf("%s har ingen %s.", upper(name(f.doc)), citation.Label(number, ""))
	if n > o.max {
		explanation = fmt.Sprintf("%s har ingen %s: den sidste paragraf er § %d.", upper(name(f.doc)), citation.Label(number, ""), o.max)
	}
	if f.inferred {
		confidence = 0.65
		explanation += " Loven er ikke nævnt ved paragraffen; den er udledt af teksten omkring den."
	}
	r.found(OfReference, Finding{Kind: UnknownRef, At: f.at(), Law: r.law.act(f.doc), Confidence: confidence, Explanation: explanation})
	return nil
}

// left records a § that an older version had and the one in force does not.
func (r *run) left(ctx context.Context, f *reference, older *corpus.Document, was *corpus.Section) error {
	fate, err := r.fate(ctx, was, f.doc)
	if err != nil {
		return err
	}
	confidence := 0.97
	if f.inferred {
		confidence = 0.8
	}
	finding := Finding{Kind: Outdated, At: f.at(), Law: r.whole(was), Confidence: confidence}
	label := citation.Label(local(was.ID), "")
	switch fate.Status {
	case versions.Moved, versions.Renumbered:
		to, err := r.section(ctx, fate.New.Section)
		if err != nil {
			return err
		}
		finding.Now = r.whole(to)
		sure := ""
		if fate.Similarity < 0.6 {
			sure = " (teksten er ændret: kontrollér, at det er den rigtige bestemmelse)"
		}
		finding.Explanation = fmt.Sprintf("%s %s findes ikke længere. Reglen står nu i %s%s.", genitive(f.doc), label, finding.Now.Reference, sure)
		r.refs = append(r.refs, reference{ref: f.ref, from: f.from, family: f.family, inferred: f.inferred, doc: r.byID[to.Document], to: to})
	default:
		finding.Explanation = fmt.Sprintf("%s %s er ophævet: den stod i %s, men er ikke i den gældende lov.", genitive(f.doc), label, older.Number)
	}
	r.found(OfReference, finding)
	return nil
}

// likelyPlace is the likeness from which a section of the law is offered as the
// new place of a § whose old text the collection lacks.
const likelyPlace = 0.42

// gone records a § that is repealed, with a place that the sentence around the
// reference points to. s is the mark of the repeal, or nil.
func (r *run) gone(ctx context.Context, f *reference, s *corpus.Section, number string, confidence float64) error {
	older, was, err := r.olderWith(ctx, f.doc, number)
	if err != nil {
		return err
	}
	if was != nil {
		return r.left(ctx, f, older, was)
	}
	if f.inferred {
		confidence -= 0.15
	}
	finding := Finding{Kind: Outdated, At: f.at(), Law: r.law.act(f.doc), Confidence: confidence}
	finding.Explanation = fmt.Sprintf("%s %s er ikke i den gældende lov (%s): paragraffen er ophævet eller flyttet.", genitive(f.doc), citation.Label(number, ""), f.doc.Number)
	if s != nil {
		finding.Law = r.place(s, 0, len(s.Text))
		finding.Explanation = fmt.Sprintf("%s %s er ophævet.", genitive(f.doc), citation.Label(number, ""))
	}
	around := sentenceAround(f.from.Text, f.ref.Start, f.ref.End)
	other := func(document string) bool { return document != r.text.ID }
	if m := r.index.Similar(around, 1, other); len(m) > 0 && m[0].Similarity >= likelyPlace {
		to, err := r.section(ctx, m[0].Section)
		if err != nil {
			return err
		}
		finding.Now = r.whole(to)
		finding.Explanation += fmt.Sprintf(" Efter indholdet kan reglen stå i %s; kontrollér det.", finding.Now.Reference)
	}
	r.found(OfReference, finding)
	return nil
}

// reused tells whether a § that exists today holds another rule than the one
// the text means, whose old number it was given.
func (r *run) reused(ctx context.Context, f *reference, s *corpus.Section, number string) (bool, error) {
	const clearly = 0.12
	_, was, err := r.olderWith(ctx, f.doc, number)
	if was == nil || err != nil {
		return false, err
	}
	fate, err := r.fate(ctx, was, f.doc)
	if err != nil || fate.Status != versions.Moved && fate.Status != versions.Renumbered || fate.New.Section == s.ID {
		return false, err
	}
	around := sentenceAround(f.from.Text, f.ref.Start, f.ref.End)
	if r.index.Between(around, fate.New.Section) < r.index.Between(around, s.ID)+clearly {
		return false, nil
	}
	return true, r.left(ctx, f, r.byID[was.Document], was)
}

// chapter looks up "kapitel 16 i serviceloven".
func (r *run) chapter(f *reference, o *outline) error {
	if f.ref.Chapter == "" {
		r.unchecked(f, "bilag kontrolleres ikke")
		return nil
	}
	want := regexp.MustCompile(`(?i)^kapitel ` + f.ref.Chapter[:len(f.ref.Chapter)-len(letterOf(f.ref.Chapter))] + ` ?` + letterOf(f.ref.Chapter) + `(?:$|[^\pL\pN])`)
	chapters := 0
	for i := range o.list {
		for _, p := range o.list[i].Path {
			if strings.HasPrefix(strings.ToLower(p), "kapitel ") {
				chapters++
			}
			if want.MatchString(p) {
				r.inOrder(f, r.law.act(f.doc))
				return nil
			}
		}
	}
	if chapters == 0 {
		r.unchecked(f, "lovens kapitler er ikke kendt")
		return nil
	}
	r.found(OfReference, Finding{Kind: UnknownRef, At: f.at(), Law: r.law.act(f.doc), Confidence: 0.85, Explanation: fmt.Sprintf("%s har intet kapitel %s.", upper(name(f.doc)), f.ref.Chapter)})
	return nil
}

func letterOf(number string) string {
	_, letter := split(number)
	return letter
}

func (f *reference) at() At { return at(f.from, f.ref.Start, f.ref.End) }

func (r *run) inOrder(f *reference, l *Law) {
	place := f.at()
	r.checked(Check{Subject: OfReference, Outcome: InOrder, At: &place, Law: l})
}

func (r *run) unchecked(f *reference, why string) {
	place := f.at()
	r.checked(Check{Subject: OfReference, Outcome: NotChecked, At: &place, Note: why})
}

// local returns a section's number: "85a".
func local(id string) string {
	_, number, _ := strings.Cut(id, "#")
	return number
}

// name is how a caseworker names an act.
func name(d *corpus.Document) string {
	if len(d.ShortTitles) > 0 {
		return d.ShortTitles[0]
	}
	return d.Title
}

// genitive begins a sentence: "Servicelovens", "Barnets lovs".
func genitive(d *corpus.Document) string {
	n := upper(name(d))
	if strings.HasSuffix(n, "s") {
		return n
	}
	return n + "s"
}

func upper(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}
