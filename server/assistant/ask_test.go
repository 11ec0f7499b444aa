package assistant

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parking is a made-up act with what answers live on: conditions, a list, an
// exception, a deadline, an appeal.
const parking = `# Lov om parkering i kommunen

## Kapitel 1

§ 1. Loven gælder for parkering på kommunens veje og pladser.

§ 2. Kommunalbestyrelsen skal efter ansøgning udstede en beboerlicens til personer, der bor i kommunen. Det er en betingelse for beboerlicensen, at ansøgeren ejer køretøjet. Det samme gælder, når køretøjet er leaset.

Stk. 2. En beboerlicens kan ikke udstedes til
1) lastbiler over 3.500 kg,
2) campingvogne og påhængsvogne eller
3) køretøjer, der ikke er indregistreret her i landet.

Stk. 3. Afgørelse om beboerlicens skal træffes senest 3 uger efter modtagelsen af ansøgningen.

§ 3. Prisen for en beboerlicens udgør 400 kr. om året. Kommunalbestyrelsen kan dog nedsætte prisen for elbiler.

Stk. 2. Beboerlicensen bortfalder ved fraflytning, medmindre licensen overføres.

§ 4. (Ophævet)

§ 9. Kommunalbestyrelsens afgørelser efter denne lov kan indbringes for Parkeringsnævnet inden 4 uger.
`

func parkingBed(tb testing.TB) *bed {
	b := newBed()
	b.addText(tb, corpus.Document{ID: "lov-2024-1", Title: "Lov om parkering i kommunen", Kind: corpus.KindAct, InForceFrom: "2024-01-01"}, parking)
	return b
}

type log struct{ events []Event }

func (l *log) emit(e Event) error { l.events = append(l.events, e); return nil }

func (l *log) types() []EventType {
	var out []EventType
	for _, e := range l.events {
		out = append(out, e.Type)
	}
	return out
}

func TestEventsComeInOrder(t *testing.T) {
	b := parkingBed(t)
	var l log
	ans, err := New(b, b, allowed).Ask(context.Background(), Request{Question: "Hvornår kan en borger få en beboerlicens?"}, l.emit)
	if err != nil {
		t.Fatal(err)
	}
	types := l.types()
	if types[0] != EventVerdict || types[1] != EventStatus || types[len(types)-1] != EventDone {
		t.Errorf("events %v", types)
	}
	var sources []Source
	var sentences []Sentence
	for _, e := range l.events {
		switch e.Type {
		case EventSource:
			sources = append(sources, *e.Source)
		case EventSentence:
			sentences = append(sentences, *e.Sentence)
			for _, n := range e.Sentence.Citations {
				if n < 1 || n > len(sources) {
					t.Errorf("sentence cites source %d before it was told of", n)
				}
			}
		}
	}
	if len(sources) != len(ans.Sources) || len(sentences) != len(ans.Answer) {
		t.Errorf("%d sources and %d sentences told, %d and %d in the answer", len(sources), len(sentences), len(ans.Sources), len(ans.Answer))
	}
	done := l.events[len(l.events)-1].Answer
	if !done.Answered || len(done.Sources) != len(sources) {
		t.Errorf("done holds %+v", done)
	}
}

func TestAnswerOfAConditionQuestion(t *testing.T) {
	b := parkingBed(t)
	ans := ask(t, New(b, b, allowed), "Hvornår kan en borger få en beboerlicens?")
	said := render("", ans, true, true)
	for _, want := range []string{
		"Kommunalbestyrelsen skal efter ansøgning udstede en beboerlicens",
		"Det er en betingelse for beboerlicensen, at ansøgeren ejer køretøjet.",
		"kan indbringes for Parkeringsnævnet inden 4 uger.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("answer lacks »%s«:%s", want, said)
		}
	}
	if ans.Answer[0].Role != RoleAnswer || strings.HasPrefix(ans.Answer[0].Text, "§") {
		t.Errorf("first sentence is %+v", ans.Answer[0])
	}
	stated := slices.DeleteFunc(slices.Clone(ans.Answer), func(s Sentence) bool { return s.Role == RoleRelated })
	if last := stated[len(stated)-1]; last.Role != RoleAppeal {
		t.Errorf("the rule on appeal is not last: %+v", last)
	}
}

func TestFiguresAreFound(t *testing.T) {
	b := parkingBed(t)
	a := New(b, b, allowed)
	for question, want := range map[string]string{
		"Hvad koster en beboerlicens?":                         "400 kr. om året",
		"Hvad er fristen for afgørelse om en beboerlicens?":    "senest 3 uger",
		"Hvornår bortfalder beboerlicensen?":                   "ved fraflytning, medmindre",
		"Kan der udstedes en beboerlicens til en campingvogn?": "campingvogne og påhængsvogne",
	} {
		if ans := ask(t, a, question); !strings.Contains(ans.Answer[0].Text, want) {
			t.Errorf("%s", render(question, ans, false, false))
		}
	}
}

func TestRefusedByPolicyBeforeAnySearch(t *testing.T) {
	b := parkingBed(t)
	refuse := func(string) policy.Verdict {
		return policy.Verdict{Class: policy.ClassCPR, Reason: "Spørgsmålet indeholder et CPR-nummer.", Instead: "Spørg uden nummeret."}
	}
	var l log
	ans, err := New(b, b, refuse).Ask(context.Background(), Request{Question: "Kan 010190-1234 få en beboerlicens?"}, l.emit)
	if err != nil {
		t.Fatal(err)
	}
	if b.searches != 0 {
		t.Error("the search has seen a refused question")
	}
	if !slices.Equal(l.types(), []EventType{EventVerdict, EventDone}) {
		t.Errorf("events %v", l.types())
	}
	if ans.Answered || ans.Refused != "Spørgsmålet indeholder et CPR-nummer. Spørg uden nummeret." {
		t.Errorf("answer %+v", ans)
	}
	if data, _ := json.Marshal(ans); !strings.Contains(string(data), `"answer":[],"sources":[]`) {
		t.Errorf("JSON %s", data)
	}
}

func TestInvalidRequests(t *testing.T) {
	b := parkingBed(t)
	for _, c := range []struct {
		req   Request
		field string
	}{
		{Request{}, "question"},
		{Request{Question: " \n\t"}, "question"},
		{Request{Question: strings.Repeat("æ", MaxQuestion+1)}, "question"},
		{Request{Question: "Hvad?", Task: "digt"}, "task"},
		{Request{Question: "Hvad?", AsOf: "i går"}, "as_of"},
	} {
		var l log
		_, err := New(b, b, allowed).Ask(context.Background(), c.req, l.emit)
		var input *InputError
		if !errors.As(err, &input) || input.Field != c.field || input.Message == "" {
			t.Errorf("%+v: %v", c.req, err)
		}
		if len(l.events) != 0 {
			t.Errorf("%+v: events %v", c.req, l.types())
		}
	}
	if _, err := New(b, b, allowed).Ask(context.Background(), Request{Question: strings.Repeat("æ", MaxQuestion), AsOf: "1.3.2025"}, nil); err != nil {
		t.Errorf("2,000 characters: %v", err)
	}
}

func TestReaderGoesAway(t *testing.T) {
	b := parkingBed(t)
	a := New(b, b, allowed)
	var whole log
	if _, err := a.Ask(context.Background(), Request{Question: "Hvad koster en beboerlicens?"}, whole.emit); err != nil {
		t.Fatal(err)
	}
	gone := errors.New("connection closed")
	for stop := range whole.events {
		n := 0
		_, err := a.Ask(context.Background(), Request{Question: "Hvad koster en beboerlicens?"}, func(Event) error {
			if n++; n > stop {
				return gone
			}
			return nil
		})
		if !errors.Is(err, gone) || n != stop+1 {
			t.Errorf("emit failed at event %d: %d events, error %v", stop+1, n, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		n = 0
		_, err = a.Ask(ctx, Request{Question: "Hvad koster en beboerlicens?"}, func(Event) error {
			if n++; n == stop+1 {
				cancel()
			}
			return nil
		})
		cancel()
		if last := stop == len(whole.events)-1; n != stop+1 || !last && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at event %d: %d events, error %v", stop+1, n, err)
		}
	}
}

type broken struct{ *bed }

func (broken) Search(context.Context, retrieval.Query) (retrieval.Result, error) {
	return retrieval.Result{}, errors.New("disk on fire at /var/lib")
}

func TestSearchFails(t *testing.T) {
	b := broken{parkingBed(t)}
	var l log
	_, err := New(b, b, allowed).Ask(context.Background(), Request{Question: "Hvad koster en beboerlicens?"}, l.emit)
	var failure *Failure
	if !errors.As(err, &failure) || strings.Contains(failure.Message, "disk") {
		t.Errorf("error %v", err)
	}
	if last := l.events[len(l.events)-1]; last.Type != EventError || last.Error != failure.Message {
		t.Errorf("last event %+v", last)
	}
}

func TestNothingFound(t *testing.T) {
	b := parkingBed(t)
	found := pointing{b, []retrieval.Hit{{Section: "lov-2024-1#3", Score: 1}, {Section: "gone#1"}}, nil}
	ans := ask(t, New(found, b, allowed), "Hvordan bager jeg brød?")
	if ans.Answered || !strings.HasPrefix(ans.Refused, "Ingen kilde fundet: ") || len(ans.Sources) != 0 {
		t.Errorf("%+v", ans)
	}
	if !strings.Contains(ans.Refused, "hverken »bager« eller »brød«") {
		t.Errorf("refusal does not name the words: %s", ans.Refused)
	}
	empty := newBed()
	if ans := ask(t, New(empty, empty, allowed), "Hvad koster en beboerlicens?"); ans.Answered {
		t.Errorf("an empty collection answered: %+v", ans)
	}
	ans, err := New(b, b, allowed).Ask(context.Background(), Request{Question: "Hvad er kvadratroden af pi?", Collections: []string{"Trafik"}}, nil)
	if err != nil || !strings.Contains(ans.Refused, "begrænset til de valgte dokumenter") {
		t.Errorf("%v %+v", err, ans)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	b := parkingBed(t)
	a := New(b, b, allowed)
	want := ask(t, a, "Hvad koster en beboerlicens?").Answer[0].Text
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			ans, err := a.Ask(context.Background(), Request{Question: "Hvad koster en beboerlicens?"}, nil)
			if err != nil || ans.Answer[0].Text != want {
				t.Errorf("%v, answer %+v", err, ans)
			}
		})
	}
	wait.Wait()
}

// halfBlind searches by words alone, and says so.
type halfBlind struct{ *bed }

func (h halfBlind) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	res, err := h.bed.Search(ctx, q)
	res.Vectors = retrieval.Coverage{Done: 1, Total: 3}
	return res, err
}

func TestAnswerSaysWhatTheSearchCouldNotDo(t *testing.T) {
	b := parkingBed(t)
	for _, question := range []string{"Hvad koster en beboerlicens?", "Hvad er kvadratroden af pi?"} {
		ans, err := New(halfBlind{b}, b, allowed).Ask(t.Context(), Request{Question: question}, nil)
		if err != nil || !strings.Contains(ans.Degraded, "33 % af samlingen") {
			t.Errorf("%s: degraded %q, %v", question, ans.Degraded, err)
		}
		ans, err = New(b, b, allowed).Ask(t.Context(), Request{Question: question}, nil)
		if err != nil || ans.Degraded != "" {
			t.Errorf("%s: degraded %q, %v", question, ans.Degraded, err)
		}
	}
}
