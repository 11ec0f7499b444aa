package uitest

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Embedded is what <hjemmel-chat> shows on another site's page.
type Embedded struct {
	Heading    string   `json:"heading"`
	Statements []string `json:"statements"` // of the last answer, with the numbers of their sources
	Links      []string `json:"links"`      // addresses of its sources
	Quotes     []string `json:"quotes"`
	Problem    string   `json:"problem"` // why there is no answer
	Status     string   `json:"status"`
	Question   string   `json:"question"` // what is still in the box
	Live       string   `json:"live"`     // the roles of the live regions
	Focus      string   `json:"focus"`    // the element inside that has the focus
	Answers    int      `json:"answers"`
}

// embeddedRoot is the inside of the element.
const embeddedRoot = `document.querySelector("hjemmel-chat").shadowRoot`

// OpenEmbedding opens a page that embeds the chat, and waits for it.
func OpenEmbedding(ctx context.Context, page string) error {
	if err := within(ctx, chromedp.Navigate(page), until(`!!document.querySelector("hjemmel-chat")?.shadowRoot`)); err != nil {
		return fmt.Errorf("opening %s: %w", page, err)
	}
	return nil
}

// AskEmbedded asks by the keyboard alone: Tab leads to the box, Enter sends.
func AskEmbedded(ctx context.Context, question string) (Embedded, error) {
	focused := embeddedRoot + `.activeElement?.id === "question"`
	for range 6 {
		there, err := read[bool](ctx, focused)
		if err != nil {
			return Embedded{}, err
		}
		if there {
			break
		}
		if err := within(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			return Embedded{}, err
		}
	}
	before, err := ReadEmbedded(ctx)
	if err != nil {
		return before, err
	}
	done := fmt.Sprintf(`%s.querySelectorAll("article").length === %d && %[1]s.querySelector("[role=log]").getAttribute("aria-busy") === "false"`, embeddedRoot, before.Answers+1)
	if err := within(ctx, until(focused), chromedp.KeyEvent(question), chromedp.KeyEvent(kb.Enter), until(done)); err != nil {
		return before, fmt.Errorf("asking: %w", err)
	}
	return ReadEmbedded(ctx)
}

// ReadEmbedded reads the chat as it stands.
func ReadEmbedded(ctx context.Context) (Embedded, error) {
	return read[Embedded](ctx, `(() => {
		const root = `+embeddedRoot+`;
		const answers = root.querySelectorAll("article");
		const last = answers[answers.length - 1];
		const texts = (selector) => [...(last?.querySelectorAll(selector) ?? [])].map((e) => e.textContent);
		return {
			heading: root.querySelector("h2").textContent, statements: texts("article > div p"), quotes: texts("blockquote"),
			links: [...(last?.querySelectorAll("ol a") ?? [])].map((a) => a.href), problem: texts(".problem").join(" "),
			status: root.querySelector("[role=status]").textContent, question: root.querySelector("textarea").value,
			live: [...root.querySelectorAll("[role=log],[role=status]")].map((e) => e.getAttribute("role")).join(" "),
			focus: root.activeElement?.id ?? "", answers: answers.length,
		};
	})()`)
}
