package uitest

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// state is a page brought into one of the states that a caseworker meets.
type state struct {
	name string
	make func(tab context.Context, base string) error
}

var states = []state{
	{"ask", func(tab context.Context, base string) error { return Open(tab, base, "/") }},
	{"answer", func(tab context.Context, base string) error { _, err := Ask(tab, base, askLong); return err }},
	{"source", func(tab context.Context, base string) error {
		if _, err := Ask(tab, base, askLong); err != nil {
			return err
		}
		_, err := OpenCitation(tab, 1)
		return err
	}},
	{"refused", func(tab context.Context, base string) error { _, err := Refuse(tab, base, askCPR); return err }},
	{"unanswered", func(tab context.Context, base string) error {
		_, err := Unanswerable(tab, base, askNothing)
		return err
	}},
	{"summary form", func(tab context.Context, base string) error { return openSummary(tab, base) }},
	{"summary", func(tab context.Context, base string) error { _, err := Summarize(tab, base, actTitle); return err }},
	{"gaps form", func(tab context.Context, base string) error { return openGaps(tab, base) }},
	{"gaps", func(tab context.Context, base string) error {
		_, err := FindGaps(tab, base, localTitle)
		return err
	}},
	{"gap dismissed", func(tab context.Context, base string) error {
		if _, err := FindGaps(tab, base, localTitle); err != nil {
			return err
		}
		return DismissGap(tab, 1, "Det er ændret i udkastet.")
	}},
	{"gap source", func(tab context.Context, base string) error {
		if _, err := FindGaps(tab, base, localTitle); err != nil {
			return err
		}
		_, err := OpenGapLaw(tab, 1)
		return err
	}},
	{"no gaps", func(tab context.Context, base string) error {
		_, err := FindGaps(tab, base, "Vejledning om partshøring")
		return err
	}},
	{"rules", func(tab context.Context, base string) error {
		if err := Open(tab, base, "/regler"); err != nil {
			return err
		}
		return within(tab, until(`document.querySelector(".rule") !== null`))
	}},
	{"collection", func(tab context.Context, base string) error {
		if err := Open(tab, base, "/samling"); err != nil {
			return err
		}
		_, err := Titles(tab)
		return err
	}},
	{"reader", func(tab context.Context, base string) error {
		if err := Open(tab, base, "/kilde/lbk-2025-9001/7"); err != nil {
			return err
		}
		return within(tab, until(`document.querySelectorAll(".reader-section").length > 0`))
	}},
	{"conversation", func(tab context.Context, base string) error {
		if _, err := Ask(tab, base, askLong); err != nil {
			return err
		}
		if err := AskOn(tab, askNothing); err != nil {
			return err
		}
		return within(tab, chromedp.Click(chromedp.CSS(".earlier-turn summary")), chromedp.Click(chromedp.CSS(`button[aria-label^="Omdøb"]`)), chromedp.WaitVisible(chromedp.CSS(".rename input")))
	}},
	{"own data", func(tab context.Context, base string) error {
		if err := Open(tab, base, "/"); err != nil {
			return err
		}
		return within(tab, chromedp.Click(chromedp.CSS(".own-data summary")), chromedp.Click(chromedp.CSS(`button[aria-label^="Slet samtalen"]`)), chromedp.WaitVisible(chromedp.CSS("dialog.confirm")))
	}},
	{"feedback", func(tab context.Context, base string) error {
		if _, err := Ask(tab, base, askLong); err != nil {
			return err
		}
		return within(tab, chromedp.Click(chromedp.CSS("hj-feedback .buttons button:nth-child(2)")), chromedp.WaitVisible(chromedp.CSS(".feedback-form")))
	}},
	{"administration", func(tab context.Context, base string) error {
		if _, err := Ask(tab, base, askLong); err != nil {
			return err
		}
		if err := GiveFeedback(tab, "hverdagsstøtteloven § 14", "Klagen mangler."); err != nil {
			return err
		}
		return OpenAdmin(tab, base)
	}},
	{"missing page", func(tab context.Context, base string) error { return Open(tab, base, "/findes-ikke") }},
}

// TestAccessibility runs axe-core over every state, light and dark, wide and
// narrow: no rule of WCAG 2.2 A and AA may be broken.
func TestAccessibility(t *testing.T) {
	axe := NewAxe(t)
	browser := Start(t)
	server := newFake(t)
	for _, view := range []View{
		{BypassCSP: true}, {BypassCSP: true, Dark: true},
		{BypassCSP: true, Width: 400, Height: 800}, {BypassCSP: true, Width: 400, Height: 800, Dark: true},
	} {
		tab := browser.Tab(t, view)
		for _, s := range states {
			if err := s.make(tab, server.URL); err != nil {
				t.Errorf("%s: %v", s.name, err)
				continue
			}
			findings, err := axe.Check(tab)
			if err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			for _, f := range findings {
				t.Errorf("%s, %+v: %s", s.name, view, f)
			}
			if wide, _ := read[bool](tab, `document.documentElement.scrollWidth > document.documentElement.clientWidth + 1`); wide {
				t.Errorf("%s, %+v: the page scrolls sideways", s.name, view)
			}
		}
	}
}

// A check that finds nothing in a broken page would make the test above
// worthless.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	axe := NewAxe(t)
	tab := Start(t).Tab(t, View{BypassCSP: true})
	if err := Open(tab, newFake(t).URL, "/"); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[bool](`document.querySelector("main").append(document.createElement("button")), true`)); err != nil {
		t.Fatal(err)
	}
	findings, err := axe.Check(tab)
	if err != nil || len(findings) == 0 {
		t.Errorf("a button without a name passes: %v %v", findings, err)
	}
}
