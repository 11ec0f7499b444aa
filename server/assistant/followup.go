package assistant

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Turn is an earlier question of the same conversation.
type Turn struct {
	Question string   `json:"question"`
	Sections []string `json:"sections,omitempty"` // ids of the sections that its answer cited, the first cited first
}

// maxHistory is how many earlier questions are looked at: what was asked before
// them is hardly what "det" means.
const maxHistory = 8

// barePart is a stk., nr. or litra as a question names it.
var barePart = regexp.MustCompile(`(?i)\b(?:stk\.?|stykke|nr\.?|litra)\s*(?:\d+|[a-zæøå]\b)(?:,?\s*(?:nr\.?|litra|\d+\.\s*pkt)\.?\s*(?:\d+|[a-zæøå]\b)?)*`)

// leaningQuestions are the openings of a question that goes on from the one
// before it.
var leaningQuestions = []string{
	" hvad med ", " hvad så ", " hvad nu hvis ", " hvad hvis ", " og ", " men ", " gælder det ", " gælder den ", " gælder de ", " gælder dette ", " også ",
	" hvorfor ", " hvor længe", " hvad er fristen ", " hvem afgør det ", " kan det ", " skal det ", " må det ", " er det ", " er der ", " skal den ", " kan den ", " hvornår ", " hvem ", " hvor meget ", " hvor ofte ",
	" what about ", " and ", " does it ", " does that ",
}

// pointers are the words by which a question points at what was spoken of.
var pointers = []string{" det ", " den ", " de ", " dem ", " dette ", " denne ", " disse ", " dens ", " deres ", " her ", " heri ", " reglen ", " hjælpen ", " ydelsen ", " støtten ", " it ", " that ", " this ", " they "}

// understand rewrites a follow-up question so that it can be understood by
// itself: "hvad med stk. 2?" after an answer from § 87 asks for § 87, stk. 2, of
// that act; "gælder det også for voksne?" gets the subject of the question
// before. Any other question is returned as it is.
func (a *Assistant) understand(ctx context.Context, req Request) (string, error) {
	history := req.History[max(0, len(req.History)-maxHistory):]
	history = slices.DeleteFunc(slices.Clone(history), func(t Turn) bool { return !a.check(t.Question).Allowed })
	if len(history) == 0 {
		return req.Question, nil
	}
	refs := citation.Parse(req.Question)
	if named := namesAct(refs); named {
		return req.Question, nil
	}
	if len(refs) > 0 {
		return a.withAct(ctx, req.Question, refs, history)
	}
	if at := barePart.FindStringIndex(req.Question); at != nil {
		return a.withSection(ctx, req.Question, at, history)
	}
	if leansOnHistory(req.Question) {
		return withSubject(req.Question, history), nil
	}
	return req.Question, nil
}

func namesAct(refs []citation.Ref) bool {
	return slices.ContainsFunc(refs, func(r citation.Ref) bool { return r.Act != "" || r.Number != (citation.Number{}) })
}

// withAct tells of which act a bare "§ 88" is: the one cited last.
func (a *Assistant) withAct(ctx context.Context, question string, refs []citation.Ref, history []Turn) (string, error) {
	doc, _, err := a.lastCited(ctx, history)
	if err != nil || doc == nil {
		return question, err
	}
	end := refs[len(refs)-1].End
	return question[:end] + " i " + shortName(doc) + question[end:], nil
}

// withSection tells of which § a bare "stk. 2" is: the one cited last.
func (a *Assistant) withSection(ctx context.Context, question string, at []int, history []Turn) (string, error) {
	doc, sec, err := a.lastCited(ctx, history)
	if err != nil || sec == nil || sectionNumber(sec) == "" {
		return question, err
	}
	return question[:at[0]] + shortName(doc) + " " + sec.Label + ", " + question[at[0]:], nil
}

// lastCited returns the document and section that the last answer with a source
// cited first; nil where there is none or it has been deleted since.
func (a *Assistant) lastCited(ctx context.Context, history []Turn) (*corpus.Document, *corpus.Section, error) {
	for _, turn := range slices.Backward(history) {
		if len(turn.Sections) == 0 {
			continue
		}
		sec, err := a.sections.Section(ctx, turn.Sections[0])
		if err == nil {
			var doc corpus.Document
			if doc, err = a.sections.Document(ctx, sec.Document); err == nil {
				return &doc, &sec, nil
			}
		}
		if errors.Is(err, corpus.ErrNotFound) {
			return nil, nil, nil
		}
		return nil, nil, readFailure(ctx, err, "what was cited before")
	}
	return nil, nil, nil
}

func shortName(doc *corpus.Document) string {
	if len(doc.ShortTitles) > 0 {
		return doc.ShortTitles[0]
	}
	return doc.Title
}

// leansOnHistory tells whether a question says too little by itself: it opens
// as one that goes on, or points at something, and brings at most two words of
// its own.
func leansOnHistory(question string) bool {
	text := plain(question)
	own := 0
	q := analyse(question)
	for _, t := range q.terms {
		if !t.generic {
			own++
		}
	}
	opens := slices.ContainsFunc(leaningQuestions, func(l string) bool { return strings.HasPrefix(text, l) })
	points := containsAny(text, pointers)
	switch {
	case strings.HasPrefix(text, " hvad med ") || strings.HasPrefix(text, " what about "):
		return own <= 3
	case opens && points:
		return own <= 2
	case !q.hasSubject() || onlyGeneric(&q):
		return true
	}
	return (opens || points) && own <= 1 && len(strings.Fields(text)) <= 6
}

// onlyGeneric tells whether all words of the question are such as stand in every
// second one; analyse promotes them to the subject then.
func onlyGeneric(q *question) bool {
	for _, t := range q.terms {
		if !genericStems()[t.stem] {
			return false
		}
	}
	return true
}

// withSubject adds what the conversation is about: the subject of the last
// question that stood by itself, and of the follow-ups since.
func withSubject(question string, history []Turn) string {
	var words []string
	for _, turn := range slices.Backward(history) {
		words = append(subjectOf(turn.Question), words...)
		if !leansOnHistory(turn.Question) && len(words) > 0 {
			break
		}
	}
	text := plain(question)
	words = slices.DeleteFunc(words, func(w string) bool { return strings.Contains(text, " "+strings.ToLower(w)+" ") })
	if len(words) == 0 {
		return question
	}
	body := strings.TrimRight(question, " ?.!")
	return body + " (" + strings.Join(words, " ") + ")?"
}

// subjectOf returns the words and references that a question is about.
func subjectOf(question string) []string {
	refs := citation.Parse(question)
	q := analyse(withoutReferences(question, refs))
	var words []string
	for _, r := range refs {
		words = append(words, r.Raw)
	}
	for _, t := range q.terms {
		if !genericStems()[t.stem] {
			words = append(words, t.text)
		}
	}
	return words
}
