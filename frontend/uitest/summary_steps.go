package uitest

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
)

// Digest is a summary as it stands on the page.
type Digest struct {
	Groups []string `json:"groups"` // headings: Hovedpunkter, Frister …
	Parts  []string `json:"parts"`  // the chapters that key points stand under
	Points []string `json:"points"` // statements with their citation marks
}

func openSummary(ctx context.Context, base string) error {
	if err := Open(ctx, base, "/sammenfat"); err != nil {
		return err
	}
	return within(ctx, until(`document.querySelector(".picker .choice, .picker .hint") !== null`))
}

// Summarize picks a document of the collection by its title, asks for its
// summary and waits for the end.
func Summarize(ctx context.Context, base, title string) (Digest, error) {
	if err := openSummary(ctx, base); err != nil {
		return Digest{}, err
	}
	if err := pick(ctx, "hj-summary", title); err != nil {
		return Digest{}, err
	}
	return digest(ctx, chromedp.Click(chromedp.CSS(`hj-summary button[type="submit"]`)))
}

// pick searches for a document by its title on a page, and chooses it.
func pick(ctx context.Context, page, title string) error {
	find := chromedp.CSS(page + ` hj-text-choice input[type="search"]`)
	listed := `[...document.querySelectorAll("hj-text-choice .picker .choice")].find((e) => e.textContent.includes(` + fmt.Sprintf("%q", title) + `))`
	err := within(ctx, chromedp.SendKeys(find, title), until(listed+` !== undefined && document.querySelectorAll("hj-text-choice .picker .choice").length < 4`))
	if err != nil {
		return fmt.Errorf("finding %q: %w", title, err)
	}
	_, err = read[bool](ctx, `(`+listed+`).querySelector("input").click(), true`)
	return err
}

// SummarizeFile sends a file and waits for its summary.
func SummarizeFile(ctx context.Context, base, path string) (Digest, error) {
	if err := openSummary(ctx, base); err != nil {
		return Digest{}, err
	}
	err := within(ctx, chromedp.SetUploadFiles(chromedp.CSS(`hj-summary input[type="file"]`), []string{path}, chromedp.NodeReady))
	if err != nil {
		return Digest{}, fmt.Errorf("choosing a file: %w", err)
	}
	return digest(ctx, chromedp.Click(chromedp.CSS(`hj-summary button[type="submit"]`)))
}

func digest(ctx context.Context, start chromedp.Action[chromedp.Void]) (Digest, error) {
	err := within(ctx, start, until(`document.querySelector("hj-answer .answer-foot .button, hj-answer .notice") !== null`))
	if err != nil {
		return Digest{}, fmt.Errorf("waiting for the summary: %w", err)
	}
	return read[Digest](ctx, `(() => {
		const texts = (selector) => [...document.querySelectorAll("hj-answer " + selector)].map((e) => e.textContent.trim());
		return {groups: texts(".role h3"), parts: texts(".part"), points: texts(".role-point .statement")};
	})()`)
}
