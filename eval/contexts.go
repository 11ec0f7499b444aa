package eval

import (
	"context"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// refContext is a question made of the words that stand before a reference to
// another act: "dækning af nødvendige merudgifter" before "efter § 41 i …". What
// answers it is the section referred to; the section it was taken from does not
// count. Such questions come with any collection of acts and are nobody's test.
type refContext struct {
	text     string
	from, to string // documents
	section  string // what answers it
}

const (
	contextWords   = 7 // at most, before the reference
	contextContent = 2 // content words at least
	contextsEach   = 3 // questions at most for one section, so that no act dominates
)

// contexts makes questions of the references between the documents of a library.
func contexts(ctx context.Context, lib *ingest.Library) ([]refContext, error) {
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		return nil, err
	}
	var out []refContext
	perSection, seen := map[string]int{}, map[string]bool{}
	for _, doc := range docs {
		sections, err := lib.SectionsOf(ctx, doc.ID)
		if err != nil {
			return nil, err
		}
		for i := range sections {
			text, end := sections[i].Text, 0
			for _, ref := range citation.Parse(text) {
				question := contextOf(text[end:ref.Start])
				end = ref.End
				if ref.Act == "" || ref.Section == "" || ref.SectionTo != "" || question == "" || seen[question] {
					continue
				}
				to, section, status, err := lib.Resolve(ctx, ref.Act, "", ref.Section, "")
				if err != nil {
					return nil, err
				}
				if status != corpus.Resolved || to == doc.ID || perSection[section] == contextsEach {
					continue
				}
				seen[question] = true
				perSection[section]++
				out = append(out, refContext{text: question, from: doc.ID, to: to, section: section})
			}
		}
	}
	return out, nil
}

// contextOf returns the end of the clause before a reference without the words
// that lead over to it, or "" where it says too little.
func contextOf(before string) string {
	if i := strings.LastIndexAny(before, ".:;\n"); i >= 0 {
		before = before[i+1:]
	}
	words := strings.Fields(before)
	for len(words) > 0 && leadsOver(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	words = words[max(0, len(words)-contextWords):]
	question := strings.Join(words, " ")
	content := 0
	for _, t := range danish.Tokens(question) {
		if t.Kind == danish.Word && len(t.Term) > 3 && !danish.Stop(t.Term) {
			content++
		}
	}
	if content < contextContent {
		return ""
	}
	return question
}

func leadsOver(word string) bool {
	return slices.Contains(leading, strings.ToLower(strings.Trim(word, ",()")))
}

var leading = strings.Fields("efter i henhold til jf jfr medfør af og eller om med samt omfattet omhandlet nævnt de den det ydet fastsat som er kan for " +
	"over under på ved bestemmelserne bestemmelsen reglerne regler reglen afgørelse afgørelser truffet herom")
