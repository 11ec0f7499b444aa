package embed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// counting embeds a text as its length, and remembers what it was asked.
type counting struct {
	asked []string
	err   error
}

func (*counting) Model() string { return "m" }
func (*counting) Dim() int      { return 1 }
func (c *counting) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	return c.Queries(ctx, texts)
}

func (c *counting) Queries(_ context.Context, texts []string) ([][]float32, error) {
	if c.err != nil {
		return nil, c.err
	}
	out := make([][]float32, len(texts))
	for i, text := range texts {
		c.asked = append(c.asked, text)
		out[i] = []float32{float32(len(text))}
	}
	return out, nil
}

func TestRemember(t *testing.T) {
	c := &counting{}
	e := Remember(c)
	for _, texts := range [][]string{{"Hvem?"}, {"Hvem?"}, {"Hvad gælder?", "Hvem?", "Hvornår?"}, {"Hvornår?"}} {
		got, err := e.Queries(t.Context(), texts)
		if err != nil || len(got) != len(texts) {
			t.Fatal(got, err)
		}
		for i, text := range texts {
			if got[i][0] != float32(len(text)) {
				t.Errorf("%q has the vector of another text: %v", text, got[i])
			}
		}
	}
	if want := []string{"Hvem?", "Hvad gælder?", "Hvornår?"}; !slices.Equal(c.asked, want) {
		t.Errorf("embedded %q, want %q", c.asked, want)
	}
	c.asked = nil
	for i := range 2 * rememberedQueries {
		if _, err := e.Queries(t.Context(), []string{fmt.Sprint("spørgsmål ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := e.(*remembering).known.Len(); n != rememberedQueries {
		t.Errorf("%d questions are remembered", n)
	}
	c.err = errors.New("nede")
	if _, err := e.Queries(t.Context(), []string{"Nyt?"}); !errors.Is(err, c.err) {
		t.Errorf("a failure: %v", err)
	}
	c.err = nil
	if got, err := e.Queries(t.Context(), []string{"Nyt?"}); err != nil || got[0][0] != 4 {
		t.Errorf("a failure is not remembered: %v %v", got, err)
	}
	if got, err := e.Passages(t.Context(), []string{"Hvem?"}); err != nil || len(got) != 1 || c.asked[len(c.asked)-1] != "Hvem?" {
		t.Errorf("passages are not questions: %v %v", got, err)
	}
}
