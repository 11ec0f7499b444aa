package uitest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/chromedp/chromedp"
)

// Gap is one finding as it stands on the page.
type Gap struct {
	Kind  string `json:"kind"`  // "Modstrid"
	Facts string `json:"facts"` // "Alvorlig · Sikker (92 %)"
	Text  string `json:"text"`  // the guideline's words
	Law   string `json:"law"`   // the law's words
}

func openGaps(ctx context.Context, base string) error {
	if err := Open(ctx, base, "/mangler"); err != nil {
		return err
	}
	return within(ctx, until(`document.querySelector("hj-text-choice .picker .choice, hj-text-choice .picker .hint") !== null`))
}

// FindGaps picks a document of the collection by its title, holds it up against
// the law and waits for the report.
func FindGaps(ctx context.Context, base, title string) ([]Gap, error) {
	if err := openGaps(ctx, base); err != nil {
		return nil, err
	}
	if err := pick(ctx, "hj-gaps", title); err != nil {
		return nil, err
	}
	err := within(ctx, chromedp.Click(chromedp.CSS(`hj-gaps .question-send button[type="submit"]`)), until(`document.querySelector("hj-gap-report .answer-foot") !== null`))
	if err != nil {
		return nil, fmt.Errorf("waiting for the report: %w", err)
	}
	return Gaps(ctx)
}

// Gaps reads the findings that are shown.
func Gaps(ctx context.Context) ([]Gap, error) {
	return read[[]Gap](ctx, `[...document.querySelectorAll(".gap")].map((gap) => {
		const text = (selector) => gap.querySelector(selector)?.textContent ?? "";
		return {kind: text(".badge"), facts: text(".facts"), text: text(".gap-place:nth-child(1) .gap-quote"), law: text(".gap-place:nth-child(2) .gap-quote")};
	})`)
}

func gapPart(n int, selector string) chromedp.CSS {
	return chromedp.CSS(`.gap:nth-child(` + strconv.Itoa(n) + `) ` + selector)
}

// DismissGap dismisses the nth finding, from 1, for a reason.
func DismissGap(ctx context.Context, n int, reason string) error {
	err := within(ctx,
		until(`document.querySelector("hj-source dialog[open]") === null`), // closing it moves the findings
		chromedp.Click(gapPart(n, ".gap-tools .link-button")),
		chromedp.SendKeys(gapPart(n, `.gap-dismiss input`), reason),
		chromedp.Click(gapPart(n, `.gap-dismiss button[type="submit"]`)),
		until(`document.querySelector(".gap-dismissed") !== null`))
	if err != nil {
		return fmt.Errorf("dismissing finding %d: %w", n, err)
	}
	return nil
}

// OpenGapLaw opens the law's place of the nth finding, from 1.
func OpenGapLaw(ctx context.Context, n int) (Opened, error) {
	err := within(ctx, chromedp.Click(gapPart(n, ".gap-place:nth-child(2) .source-open")), until(`document.querySelector("hj-source dialog[open] .law") !== null`))
	if err != nil {
		return Opened{}, fmt.Errorf("opening the law of finding %d: %w", n, err)
	}
	return Panel(ctx)
}
