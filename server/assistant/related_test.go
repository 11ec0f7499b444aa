package assistant

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

// senses is an embedder of one dimension a word: texts that share words are near.
type senses struct{ words []string }

func (s senses) Model() string { return "senses" }
func (s senses) Dim() int      { return len(s.words) + 1 }

func (s senses) embed(texts []string) [][]float32 {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = make([]float32, s.Dim())
		sum := 0.01
		out[i][len(s.words)] = 0.1
		for j, w := range s.words {
			if strings.Contains(strings.ToLower(text), w) {
				out[i][j] = 1
				sum++
			}
		}
		for j := range out[i] {
			out[i][j] /= float32(math.Sqrt(sum))
		}
	}
	return out
}

func (s senses) Queries(_ context.Context, texts []string) ([][]float32, error) {
	return s.embed(texts), nil
}
func (s senses) Passages(_ context.Context, texts []string) ([][]float32, error) {
	return s.embed(texts), nil
}

const husAct = `---
title: Lov om husly
number: LOV nr 3 af 2025-01-02
issued: 2025-01-02
---

# Lov om husly

§ 1. Kommunalbestyrelsen skal anvise husly mod betaling, hvis en familie er husvild.

§ 2. Kommunalbestyrelsen skal tilbyde ophold i boformer til personer, der ikke har eller ikke kan opholde sig i egen bolig.

§ 3. Kommunalbestyrelsens afgørelser efter denne lov kan indbringes for Ankestyrelsen.
`

// By words § 1 speaks of "husly"; by meaning a person on the street needs § 2.
func TestMeaningChoosesAmongWhatTheWordsFound(t *testing.T) {
	b := newBed()
	b.sure = 0.95
	b.addText(t, corpus.Document{ID: "lov-2025-3", Language: "da"}, husAct)
	words := New(b, b, policy.Check)
	meant := words.WithMeaning(senses{[]string{"boform", "gaden"}})
	meant.meaning.known.Add("Lov om husly. Kommunalbestyrelsen skal tilbyde ophold i boformer til personer, der ikke har eller ikke kan opholde sig i egen bolig.",
		meant.meaning.model.(senses).embed([]string{"gaden"})[0])
	question := Request{Question: "Hvornår skal vi anvise husly eller ophold til en familie på gaden?"}
	for helper, want := range map[*Assistant]string{words: "lov-2025-3#1", meant: "lov-2025-3#2"} {
		a, err := helper.Ask(t.Context(), question, nil)
		if err != nil || !a.Answered || a.Sources[0].Section != want {
			t.Errorf("%+v, %v; want %s first", a.Sources, err, want)
		}
	}
}

// In a crowd every question is answered by words, until it has passed.
func TestMeaningYieldsToACrowd(t *testing.T) {
	b := newBed()
	b.sure = 0.95
	b.addText(t, corpus.Document{ID: "lov-2025-3", Language: "da"}, husAct)
	meant := New(b, b, policy.Check).WithMeaning(senses{[]string{"boform", "gaden"}})
	meant.meaning.known.Add("Lov om husly. Kommunalbestyrelsen skal tilbyde ophold i boformer til personer, der ikke har eller ikke kan opholde sig i egen bolig.",
		meant.meaning.model.(senses).embed([]string{"gaden"})[0])
	first := func() string {
		a, err := meant.Ask(t.Context(), Request{Question: "Hvornår skal vi anvise husly eller ophold til en familie på gaden?"}, nil)
		if err != nil || !a.Answered {
			t.Fatal(a, err)
		}
		return a.Sources[0].Section
	}
	var leave []func()
	for range crowd * cap(meant.meaning.turns) {
		leave = append(leave, meant.meaning.enter())
	}
	if got := first(); got != "lov-2025-3#1" {
		t.Errorf("in a crowd: %s", got)
	}
	for _, f := range leave {
		f()
	}
	if got := first(); got != "lov-2025-3#2" {
		t.Errorf("after it: %s", got)
	}
	if n := meant.meaning.now.Load(); n != 0 {
		t.Errorf("%d questions are still counted", n)
	}
}

// What may have been meant comes last, after how to appeal.
func TestRelatedComesLast(t *testing.T) {
	b := newBed()
	b.sure = 0.95
	b.addText(t, corpus.Document{ID: "lov-2025-3", Language: "da", Kind: corpus.KindAct}, husAct)
	a, err := New(b, b, policy.Check).Ask(t.Context(), Request{Question: "Hvornår kan en familie få anvist husly eller ophold i boformer?"}, nil)
	if err != nil || !a.Answered {
		t.Fatal(a, err)
	}
	var roles []Role
	for _, s := range a.Answer {
		roles = append(roles, s.Role)
	}
	related, appeal := slices.Index(roles, RoleRelated), slices.Index(roles, RoleAppeal)
	if related >= 0 && related != len(roles)-1 || appeal >= 0 && related >= 0 && appeal > related {
		t.Errorf("roles %v", roles)
	}
	if cited := len(a.Sources); cited < 2 {
		t.Errorf("only %d sources", cited)
	}
}
