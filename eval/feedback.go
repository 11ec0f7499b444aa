package eval

import (
	"slices"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
)

// ItemsOfFeedback makes questions with expected answers of what people said of
// answers; left counts the feedback that does not tell what a right answer is.
//
// Of a good answer the source cited first is expected and the others may be
// cited; a good "no source" makes the question unanswerable. Where a § was
// missing, that § is expected, and what was shown and not called wrong may be
// cited too. The rest only says that something is wrong.
func ItemsOfFeedback(all []activity.Feedback) (items []AnswerItem, left int) {
	for _, f := range all {
		item := AnswerItem{ID: "feedback-" + f.ID, Question: f.Question, AsOf: corpus.Date(f.AsOf)}
		right := slices.DeleteFunc(slices.Clone(f.Shown), func(id string) bool { return slices.Contains(f.Wrong, id) })
		switch missing := sectionNamed(f.Missing); {
		case missing != "":
			item.Expect, item.Also = []string{missing}, right
		case f.Rating == activity.Good && !f.Answered:
			item.Unanswerable = true
		case f.Rating == activity.Good && len(right) > 0:
			item.Expect, item.Also = right[:1], right[1:]
		default:
			left++
			continue
		}
		items = append(items, item)
	}
	return items, left
}

// sectionNamed returns the reference to one § of an act that a text holds, as a
// suite writes it; "" where it holds none or several.
func sectionNamed(text string) string {
	refs := citation.Parse(text)
	if len(refs) != 1 || refs[0].Act == "" || refs[0].Section == "" {
		return ""
	}
	return refs[0].Raw
}
