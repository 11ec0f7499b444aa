package assistant

import (
	"errors"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

const dogAct = `---
title: Lov om hundehold i Lindevig
number: LOV nr 12 af 2025-01-02
issued: 2025-01-02
---

# Lov om hundehold i Lindevig

## Kapitel 1

§ 1. Formålet med denne lov er at fremme et trygt hundehold i kommunen.

## Kapitel 2

§ 2. Enhver, der holder hund, skal lade hunden registrere hos kommunalbestyrelsen senest 8 uger efter, at hunden er anskaffet.

Stk. 2. Kommunalbestyrelsen kan i særlige tilfælde tillade, at registreringen sker senere.

§ 3. Hunde må ikke færdes løse på legepladser, jf. § 2.

Stk. 2. Forbuddet gælder ikke for førerhunde, medmindre hunden er til fare for børn.

§ 4. For registrering efter § 2 betales et gebyr på 450 kr.

## Kapitel 3

§ 5. Ministeren for fødevarer kan fastsætte nærmere regler om mærkning af hunde.

§ 6. (Ophævet)

§ 7. Loven træder i kraft den 1. juli 2025.
`

func summaryOf(t *testing.T, req SummaryRequest) (Answer, *bed) {
	t.Helper()
	b := newBed()
	b.addText(t, corpus.Document{ID: "lov-2025-12", Language: "da"}, dogAct)
	answer, err := New(b, b, policy.Check).Summarize(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	return answer, b
}

func texts(a Answer, role Role) (out []string) {
	for _, s := range a.Answer {
		if s.Role == role {
			out = append(out, s.Text)
		}
	}
	return out
}

func TestSummaryTellsKeyPointsThenWhatToWatch(t *testing.T) {
	a, b := summaryOf(t, SummaryRequest{Document: "lov-2025-12"})
	if !a.Answered || a.Task != TaskSummary {
		t.Fatalf("%+v", a)
	}
	points := texts(a, RolePoint)
	if len(points) == 0 || !strings.HasPrefix(points[0], "Formålet med denne lov") {
		t.Errorf("points %q: the purpose comes first", points)
	}
	for role, want := range map[Role]string{
		RoleDeadline: "senest 8 uger", RoleProhibition: "må ikke færdes løse", RoleAmount: "450 kr.",
		RoleDelegation: "fastsætte nærmere regler", RoleException: "medmindre", RoleDiscretion: "i særlige tilfælde",
	} {
		if got := texts(a, role); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q lacks %q", role, got, want)
		}
	}
	for _, s := range a.Answer {
		if strings.Contains(s.Text, "Ophævet") || strings.Contains(s.Text, "træder i kraft") {
			t.Errorf("%s: %q is nothing to sum up", s.Role, s.Text)
		}
		if (s.Part != "") != (s.Role == RolePoint) {
			t.Errorf("%s has the part %q", s.Role, s.Part)
		}
		src := a.Sources[s.Citations[0]-1]
		sec, err := b.Section(t.Context(), src.Section)
		if err != nil || sec.Text[src.Start:src.End] != s.Text {
			t.Errorf("%q is not verbatim in %s", s.Text, src.Section)
		}
	}
}

func TestSummaryLengths(t *testing.T) {
	b := lawBed(t)
	sizes := map[Length]int{}
	for length := range lengths {
		a, err := New(b, b, policy.Check).Summarize(t.Context(), SummaryRequest{Document: "barnets-lov", Length: length}, nil)
		if err != nil {
			t.Fatal(err)
		}
		sizes[length] = len(a.Answer)
		if n := len(texts(a, RolePoint)); n > lengths[length].points || n < lengths[length].points/2 {
			t.Errorf("%s: %d points", length, n)
		}
	}
	if sizes[LengthShort] >= sizes[LengthMedium] || sizes[LengthMedium] >= sizes[LengthLong] {
		t.Errorf("sizes %v", sizes)
	}
}

func TestSummaryOfChapterAndSection(t *testing.T) {
	a, _ := summaryOf(t, SummaryRequest{Document: "lov-2025-12", Chapter: "kapitel 2"})
	for _, src := range a.Sources {
		if len(src.Path) == 0 || src.Path[0] != "Kapitel 2" {
			t.Errorf("%s is not of the chapter", src.Reference)
		}
	}
	a, _ = summaryOf(t, SummaryRequest{Section: "lov-2025-12#3"})
	if len(a.Sources) != 2 {
		t.Errorf("sources %+v", a.Sources)
	}
}

func TestSummaryOfDraftNeedsNoCollection(t *testing.T) {
	draft := &corpus.Contents{
		Document: corpus.Document{ID: "kladde", Title: "Policy", Language: "en"},
		Sections: []corpus.Section{{ID: "kladde#1", Document: "kladde", Label: "1", Heading: "Keys", Path: []string{"1 Keys"},
			Text: "Staff must return the keys within 3 days after the last working day. The manager may not lend keys to others. A fee of 100 euro is charged unless the loss is reported."}},
	}
	a, err := New(nil, nil, policy.Check).Summarize(t.Context(), SummaryRequest{Draft: draft}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[Role]string{RoleDeadline: "within 3 days", RoleProhibition: "may not lend", RoleAmount: "100 euro"} {
		if got := texts(a, role); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q lacks %q", role, got, want)
		}
	}
}

func TestWrongSummaryRequests(t *testing.T) {
	b := newBed()
	b.addText(t, corpus.Document{ID: "lov-2025-12", Language: "da"}, dogAct)
	for name, req := range map[string]SummaryRequest{
		"nothing": {}, "too much": {Document: "lov-2025-12", Section: "lov-2025-12#1"}, "length": {Document: "lov-2025-12", Length: "huge"},
		"chapter": {Document: "lov-2025-12", Chapter: "Kapitel 9"}, "chapter of a section": {Section: "lov-2025-12#1", Chapter: "Kapitel 1"},
		"day": {Document: "lov-2025-12", AsOf: "i går"},
	} {
		if _, err := New(b, b, policy.Check).Summarize(t.Context(), req, nil); !errors.As(err, new(*InputError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(b, b, policy.Check).Summarize(t.Context(), SummaryRequest{Document: "x"}, nil); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("unknown document: %v", err)
	}
}

func BenchmarkSummaryOfTheLongestAct(b *testing.B) {
	bed := lawBed(b)
	longest := ""
	for id := range bed.docs {
		if len(bed.ofDoc[id]) > len(bed.ofDoc[longest]) {
			longest = id
		}
	}
	for b.Loop() {
		if _, err := New(bed, bed, policy.Check).Summarize(b.Context(), SummaryRequest{Document: longest, Length: LengthLong}, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(bed.ofDoc[longest])), "sections")
}
