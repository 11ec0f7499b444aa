package eval

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestAnswerSuitesHold checks what the suites say against the documents: every
// expected reference exists, every key fact stands in an expected section, and no
// two splits ask for the same section.
func TestAnswerSuitesHold(t *testing.T) {
	sharedtest.Figure(t)
	for _, suite := range []struct {
		dir       string
		splits    []string
		documents func(t *testing.T) []string
	}{
		{"suites/smoke", []string{"test"}, func(*testing.T) []string { return nil }},
		{"suites/answers", []string{"dev", "test"}, func(t *testing.T) []string {
			return []string{sharedtest.Dir(t, "corpus", "law"), sharedtest.Dir(t, "corpus", "law-older")}
		}},
	} {
		t.Run(suite.dir, func(t *testing.T) {
			o := AnswerOptions{Documents: suite.documents(t), Progress: func(string, int, int) {}}
			ids := map[string]bool{}
			askedBy := map[string]string{} // split that asks for a section on a day
			lib := (*ingest.Library)(nil)
			for _, split := range suite.splits {
				s, err := ReadAnswerSuite(suite.dir, split)
				if err != nil {
					t.Fatal(err)
				}
				if lib == nil { // the splits are about one collection
					lib = suiteCollection(t, &o, s)
				}
				for i := range s.Items {
					for _, place := range checkItem(t, lib.Store, &s.Items[i]) {
						if other := askedBy[place]; other != "" && other != split {
							t.Errorf("%s: %s asks for %s too: what is tuned on one would help the other", s.Items[i].ID, other, place)
						}
						askedBy[place] = split
					}
					if ids[s.Items[i].ID] {
						t.Errorf("%s stands in two splits", s.Items[i].ID)
					}
					ids[s.Items[i].ID] = true
				}
			}
		})
	}
}

func suiteCollection(t *testing.T, o *AnswerOptions, s *AnswerSuite) *ingest.Library {
	t.Helper()
	lib, done, err := o.collection(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := done(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

// checkItem checks an item and returns the sections that it asks for.
func checkItem(t *testing.T, store *corpus.Store, it *AnswerItem) []string {
	t.Helper()
	w, err := it.want(t.Context(), store)
	if err != nil {
		t.Errorf("%s: %v", it.ID, err)
		return nil
	}
	if missing := lacks(expectedText(t.Context(), t, store, w), it.Facts); len(missing) > 0 {
		t.Errorf("%s: %v stand in no section of %v", it.ID, missing, it.Expect)
	}
	return slices.Concat(w.groups...)
}

func expectedText(ctx context.Context, t *testing.T, sections sectionReader, w *want) string {
	t.Helper()
	var text strings.Builder
	for _, group := range w.groups {
		for _, id := range group {
			sec, err := sections.Section(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			text.WriteString(sec.Text + "\n")
		}
	}
	return text.String()
}
