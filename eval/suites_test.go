package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestAnswerSuitesHold checks what the suites say against the documents: every
// expected reference exists, and every key fact stands in an expected section.
func TestAnswerSuitesHold(t *testing.T) {
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
					checkItem(t, lib.Store, &s.Items[i])
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

func checkItem(t *testing.T, store *corpus.Store, it *AnswerItem) {
	t.Helper()
	w, err := it.want(t.Context(), store)
	if err != nil {
		t.Errorf("%s: %v", it.ID, err)
		return
	}
	if missing := lacks(expectedText(t.Context(), t, store, w), it.Facts); len(missing) > 0 {
		t.Errorf("%s: %v stand in no section of %v", it.ID, missing, it.Expect)
	}
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
