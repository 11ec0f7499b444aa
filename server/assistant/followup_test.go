package assistant

import (
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestFollowUpQuestionsAreCompleted(t *testing.T) {
	b := newBed()
	b.addText(t, corpus.Document{ID: "lov-2025-12", Language: "da", ShortTitles: []string{"hundeloven i Lindevig"}}, dogAct)
	helper := New(b, b, policy.Check)
	loose := Turn{Question: "Må hunde færdes løse på legepladser?", Sections: []string{"lov-2025-12#3"}}
	for question, want := range map[string]string{
		"Hvad med stk. 2?":                   "Hvad med hundeloven i Lindevig § 3, stk. 2?",
		"Og hvad siger § 4?":                 "Og hvad siger § 4 i hundeloven i Lindevig?",
		"Gælder det også for førerhunde?":    "Gælder det også for førerhunde (hunde færdes løse legepladser)?",
		"hvad er fristen?":                   "hvad er fristen (hunde færdes løse legepladser)?",
		"Hvem skal registrere sin kat hvor?": "Hvem skal registrere sin kat hvor?",
		"Hvad siger servicelovens § 85?":     "Hvad siger servicelovens § 85?",
		"Hvad koster registrering af hund?":  "Hvad koster registrering af hund?",
	} {
		got, err := helper.understand(t.Context(), Request{Question: question, History: []Turn{loose}})
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", question, got, err, want)
		}
	}
}

func TestFollowUpGoesBackToTheSubject(t *testing.T) {
	b := newBed()
	helper := New(b, b, policy.Check)
	history := []Turn{{Question: "Hvad er gebyret for hunderegistrering?"}, {Question: "Gælder det også for hvalpe?"}}
	got, err := helper.understand(t.Context(), Request{Question: "og hvem afgør det?", History: history})
	if err != nil || !strings.Contains(got, "hunderegistrering") || !strings.Contains(got, "hvalpe") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRefusedHistoryIsNotRepeated(t *testing.T) {
	b := newBed()
	got, err := New(b, b, policy.Check).understand(t.Context(), Request{
		Question: "hvad er fristen?", History: []Turn{{Question: "Kan borgeren 010190-1234 få hunderegistrering?"}},
	})
	if err != nil || got != "hvad er fristen?" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestFollowUpIsAnsweredFromWhereTheConversationIs(t *testing.T) {
	b := newBed()
	b.addText(t, corpus.Document{ID: "lov-2025-12", Language: "da"}, dogAct)
	a, err := New(b, b, policy.Check).Ask(t.Context(), Request{
		Question: "Gælder forbuddet også for førerhunde?", History: []Turn{{Question: "Må hunde færdes løse på legepladser?"}},
	}, nil)
	if err != nil || !a.Answered || !strings.Contains(a.Answer[0].Text, "førerhunde") {
		t.Errorf("%+v %v", a, err)
	}
}

func TestSummaryIsRecognisedFromTheWording(t *testing.T) {
	b := lawBed(t)
	helper := New(b, b, policy.Check)
	for question, want := range map[string]SummaryRequest{
		"Sammenfat barnets lov":                             {Document: "barnets-lov", Length: LengthMedium},
		"Giv mig et kort resumé af barnets lov kapitel 5":   {Document: "barnets-lov", Chapter: "kapitel 5", Length: LengthShort},
		"Opsummér kapitel 3 i forvaltningsloven":            {Document: "forvaltningsloven", Chapter: "kapitel 3", Length: LengthMedium},
		"Hvad siger barnets lov om anbringelse?":            {},
		"Sammenfat reglerne om rumrejser til planeten Mars": {},
	} {
		got, ok, err := helper.summaryAsked(t.Context(), Request{Question: question})
		if err != nil || ok != (want != SummaryRequest{}) || ok && got != want {
			t.Errorf("%q: %+v %v %v", question, got, ok, err)
		}
	}
}
