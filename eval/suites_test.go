package eval

import (
	"context"
	"strings"
	"testing"

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
			for _, split := range suite.splits {
				s, err := ReadAnswerSuite(suite.dir, split)
				if err != nil {
					t.Fatal(err)
				}
				lib, done, err := o.collection(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := done(); err != nil {
						t.Error(err)
					}
				}()
				for i := range s.Items {
					it := &s.Items[i]
					if ids[it.ID] {
						t.Errorf("%s stands in two splits", it.ID)
					}
					ids[it.ID] = true
					w, err := it.want(t.Context(), lib.Store)
					if err != nil {
						t.Errorf("%s: %v", it.ID, err)
						continue
					}
					if missing := lacks(expectedText(t.Context(), t, lib.Store, w), it.Facts); len(missing) > 0 {
						t.Errorf("%s: %v stand in no section of %v", it.ID, missing, it.Expect)
					}
				}
			}
		})
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
