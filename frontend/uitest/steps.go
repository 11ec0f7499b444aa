package uitest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Reply is an answer as it stands on the page.
type Reply struct {
	Groups     []string `json:"groups"`     // headings: Svar, Betingelser …
	Statements []string `json:"statements"` // with their citation marks: "Hjælpen er gratis. [1]"
	Sources    []string `json:"sources"`    // references, in order of their numbers
	Status     string   `json:"status"`
}

// Open shows a page of the server at base and waits until it has drawn itself.
func Open(ctx context.Context, base, path string) error {
	err := within(ctx, chromedp.Navigate(base+path), until(`document.querySelector("main h1, main .notice-title") !== null`))
	if err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	return nil
}

// Ask opens the question page, types a question, sends it with Enter and waits
// for the end of the answer.
func Ask(ctx context.Context, base, question string) (Reply, error) {
	if err := send(ctx, base, question); err != nil {
		return Reply{}, err
	}
	if err := within(ctx, until(`document.querySelector("hj-answer .answer-foot .button, hj-answer .unanswered") !== null`)); err != nil {
		return Reply{}, fmt.Errorf("waiting for the answer: %w", err)
	}
	return read[Reply](ctx, `(() => {
		const texts = (selector) => [...document.querySelectorAll("hj-answer " + selector)].map((e) => e.textContent.trim());
		return {groups: texts(".role h3"), statements: texts(".statement"), sources: texts(".source-open"), status: texts(".answer-status").join("")};
	})()`)
}

func send(ctx context.Context, base, question string) error {
	if err := Open(ctx, base, "/"); err != nil {
		return err
	}
	box := chromedp.CSS("hj-ask textarea")
	if err := within(ctx, chromedp.SendKeys(box, question), chromedp.SendKeys(box, kb.Enter)); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	return nil
}

// Opened is what the source panel shows.
type Opened struct {
	Reference string `json:"reference"`
	Text      string `json:"text"`   // the whole section's text, lines joined by "\n"
	Marked    string `json:"marked"` // the highlighted part of it, lines joined by "\n"
	Place     string `json:"place"`  // "Kapitel 2 › § 7 › stk. 2"
	Focused   bool   `json:"focused"`
}

// OpenCitation clicks the first mark of source n in the answer on the page and
// waits for its section.
func OpenCitation(ctx context.Context, n int) (Opened, error) {
	mark := chromedp.CSS(`hj-answer .cite[data-n="` + strconv.Itoa(n) + `"]`)
	if err := within(ctx, chromedp.Click(mark), until(`document.querySelector("hj-source dialog[open] .law") !== null`)); err != nil {
		return Opened{}, fmt.Errorf("opening source %d: %w", n, err)
	}
	return Panel(ctx)
}

// Panel reads the open source panel.
func Panel(ctx context.Context) (Opened, error) {
	return read[Opened](ctx, `(() => {
		const panel = document.querySelector("hj-source dialog[open]");
		const texts = (selector) => [...panel.querySelectorAll(selector)];
		const plain = (line) => { const copy = line.cloneNode(true); copy.querySelectorAll(".visually-hidden").forEach((e) => e.remove()); return copy.textContent; };
		return {
			reference: panel.querySelector("h2").textContent,
			text: texts(".line").map(plain).join("\n"),
			marked: texts(".line").map((line) => [...line.querySelectorAll("mark")].map((m) => m.textContent).join("")).filter(Boolean).join("\n"),
			place: texts(".place li").map((e) => e.textContent).join(" › "),
			focused: panel.contains(document.activeElement),
		};
	})()`)
}

// CloseSource presses Esc and tells whether the focus came back to a citation.
func CloseSource(ctx context.Context) (bool, error) {
	err := within(ctx, chromedp.KeyEvent(kb.Escape), until(`document.querySelector("hj-source dialog[open]") === null`))
	if err != nil {
		return false, fmt.Errorf("closing the source: %w", err)
	}
	return read[bool](ctx, `document.activeElement.matches(".cite, .source-open")`)
}

// Refusal is what the page says of a question that the policy stops.
type Refusal struct {
	Text     string `json:"text"`     // the whole message
	Question string `json:"question"` // what is still in the box
	Selected string `json:"selected"` // the part of it that is pointed at
	Answers  int    `json:"answers"`  // answers on the page: must be none
}

// Refuse asks a question that the policy stops, and reads the message.
func Refuse(ctx context.Context, base, question string) (Refusal, error) {
	if err := send(ctx, base, question); err != nil {
		return Refusal{}, err
	}
	if err := within(ctx, until(`document.querySelector(".field-error .refusal") !== null`)); err != nil {
		return Refusal{}, fmt.Errorf("waiting for the refusal: %w", err)
	}
	return read[Refusal](ctx, `(() => {
		const box = document.querySelector("hj-ask textarea");
		return {
			text: document.querySelector(".field-error").textContent,
			question: box.value,
			selected: box.value.slice(box.selectionStart, box.selectionEnd),
			answers: document.querySelectorAll("hj-answer").length,
		};
	})()`)
}

// Unanswerable asks a question that the collection cannot answer, and reads
// what the page says.
func Unanswerable(ctx context.Context, base, question string) (string, error) {
	if err := send(ctx, base, question); err != nil {
		return "", err
	}
	if err := within(ctx, until(`document.querySelector("hj-answer .unanswered") !== null`)); err != nil {
		return "", fmt.Errorf("waiting for »ingen kilde«: %w", err)
	}
	return read[string](ctx, `document.querySelector(".unanswered").textContent`)
}

// FileResult is what the page says of one uploaded file.
type FileResult struct {
	Name string `json:"name"`
	Text string `json:"text"` // the whole entry: outcome, reason
}

// Upload puts files, given by their paths, into the collection and waits for
// what became of them.
func Upload(ctx context.Context, base string, files ...string) ([]FileResult, error) {
	if err := Open(ctx, base, "/samling"); err != nil {
		return nil, err
	}
	err := within(ctx,
		until(`document.querySelector(".documents table, .documents .empty") !== null`),
		chromedp.SetUploadFiles(chromedp.CSS(`hj-upload input[type="file"]`), files, chromedp.NodeReady),
		until(`document.querySelector(".upload-result h3") !== null && document.querySelector(".upload-progress").childElementCount === 0`))
	if err != nil {
		return nil, fmt.Errorf("uploading: %w", err)
	}
	return read[[]FileResult](ctx, `[...document.querySelectorAll(".file")].map((e) => ({name: e.querySelector(".file-name").textContent, text: e.textContent}))`)
}

// Titles lists the documents that the collection page shows.
func Titles(ctx context.Context) ([]string, error) {
	if err := within(ctx, until(`document.querySelector(".documents table, .documents .empty") !== null`)); err != nil {
		return nil, fmt.Errorf("waiting for the collection: %w", err)
	}
	return read[[]string](ctx, `[...document.querySelectorAll(".documents tbody th a")].map((e) => e.textContent)`)
}

// Delete removes the document with a title through the collection page, saying
// yes to its question, and waits until it is gone from the list.
func Delete(ctx context.Context, base, title string) error {
	if err := Open(ctx, base, "/samling"); err != nil {
		return err
	}
	button := `.row-action button[aria-label="Slet ` + title + `"]`
	err := within(ctx,
		chromedp.Click(chromedp.CSS(button)),
		chromedp.Click(chromedp.CSS("dialog.confirm .danger")),
		chromedp.WaitNotPresent(chromedp.CSS(button)))
	if err != nil {
		return fmt.Errorf("deleting %q: %w", title, err)
	}
	return nil
}

// RemoveSamples removes the example documents by the collection page's banner.
func RemoveSamples(ctx context.Context, base string) error {
	if err := Open(ctx, base, "/samling"); err != nil {
		return err
	}
	err := within(ctx,
		chromedp.Click(chromedp.CSS(".notice-sample .button")),
		chromedp.Click(chromedp.CSS("dialog.confirm .danger")),
		chromedp.WaitNotPresent(chromedp.CSS(".notice-sample")))
	if err != nil {
		return fmt.Errorf("removing the example documents: %w", err)
	}
	return nil
}
