package uitest

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Listed is the list of conversations as it stands on the page.
type Listed struct {
	Days    []string `json:"days"`
	Titles  []string `json:"titles"`
	Current string   `json:"current"` // the one on the page
}

// Conversations reads the list of conversations.
func Conversations(ctx context.Context) (Listed, error) {
	return read[Listed](ctx, `(() => {
		const texts = (selector) => [...document.querySelectorAll("hj-conversations " + selector)].map((e) => e.textContent.trim());
		return {days: texts("h3"), titles: texts("a[data-id]"), current: texts("a[aria-current]").join()};
	})()`)
}

// AskOn asks in the conversation on the page, and waits for the end.
func AskOn(ctx context.Context, question string) error {
	box := chromedp.CSS("hj-ask textarea")
	err := within(ctx, empty("hj-ask textarea"), chromedp.SendKeys(box, question), chromedp.SendKeys(box, kb.Enter),
		until(fmt.Sprintf(`document.querySelector(".answer-slot .answer-question")?.textContent === %q && document.querySelector(".answer-slot .answer-foot .button, .answer-slot .unanswered") !== null`, question)))
	if err != nil {
		return fmt.Errorf("asking on: %w", err)
	}
	return nil
}

// OpenConversation opens a conversation by its address and waits for its newest
// answer.
func OpenConversation(ctx context.Context, base, id string) error {
	if err := Open(ctx, base, "/samtale/"+id); err != nil {
		return err
	}
	return within(ctx, until(`document.querySelector(".answer-slot hj-answer .answer-foot, .answer-slot .notice-error") !== null`))
}

// RenameConversation gives the conversation with a title another one by the
// keyboard.
func RenameConversation(ctx context.Context, title, to string) error {
	name := chromedp.CSS(".rename input")
	return within(ctx, chromedp.Click(chromedp.CSS(`button[aria-label="Omdøb samtalen: `+title+`"]`)),
		empty(".rename input"), chromedp.SendKeys(name, to), chromedp.SendKeys(name, kb.Enter))
}

// DeleteConversation deletes the conversation with a title, saying yes.
func DeleteConversation(ctx context.Context, title string) error {
	button := chromedp.CSS(`button[aria-label="Slet samtalen: ` + title + `"]`)
	return within(ctx, chromedp.Click(button), chromedp.Click(chromedp.CSS("dialog.confirm .danger")), chromedp.WaitNotPresent(button))
}

// GiveFeedback opens the form of feedback, says which source is wrong, what is
// missing, and a comment, sends it, and waits for the reply.
func GiveFeedback(ctx context.Context, missing, comment string) error {
	err := within(ctx,
		chromedp.Click(chromedp.CSS("hj-feedback .buttons button:nth-child(2)")),
		chromedp.Click(chromedp.CSS(`.feedback-form input[name="wrong"]`)),
		chromedp.SendKeys(chromedp.CSS(`.feedback-form input[name="missing"]`), missing),
		chromedp.SendKeys(chromedp.CSS(`.feedback-form textarea`), comment),
		chromedp.Click(chromedp.CSS(`.feedback-form button[type="submit"]`)),
		until(`document.querySelector(".feedback-form") === null || document.querySelector(".feedback-form [role=alert]") !== null`))
	if err != nil {
		return fmt.Errorf("giving feedback: %w", err)
	}
	return nil
}

// OpenAdmin opens the page of administration and waits until its parts are there.
func OpenAdmin(ctx context.Context, base string) error {
	if err := Open(ctx, base, "/administration"); err != nil {
		return err
	}
	return within(ctx, until(`document.querySelector("hj-admin .skeleton") === null && document.querySelector("hj-admin .admin-part, hj-admin .empty") !== null`))
}

// empty takes the text out of a field.
func empty(selector string) chromedp.Action[chromedp.Void] { return fill(selector, "") }

// fill sets the text of a field.
func fill(selector, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).value = %q; undefined`, selector, text))
}

// Where is the path of the page's address.
func Where(ctx context.Context) (string, error) { return read[string](ctx, `location.pathname`) }

// PageText is what stands on the page.
func PageText(ctx context.Context) (string, error) {
	return read[string](ctx, `document.querySelector("main").textContent`)
}
