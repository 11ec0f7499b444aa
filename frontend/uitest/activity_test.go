package uitest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hjemmel/hjemmel/server/activity"
)

func TestConversation(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	if where, _ := read[string](tab, "location.pathname"); where != "/samtale/samtale1" {
		t.Errorf("address %s", where)
	}
	if err := within(tab, until(`document.querySelectorAll("hj-conversations a[data-id]").length === 1`)); err != nil {
		t.Fatal(err)
	}
	list, err := Conversations(tab)
	if err != nil || !slices.Equal(list.Days, []string{"I dag"}) || list.Current != askLong {
		t.Errorf("%+v, %v", list, err)
	}
	if err := AskOn(tab, askNothing); err != nil {
		t.Fatal(err)
	}
	if len(server.conversations) != 1 || len(server.conversations[0].turns) != 2 {
		t.Fatalf("the second question began another conversation: %+v", server.conversations)
	}
	// The earlier answer is folded, and opens with all it had.
	err = within(tab, chromedp.Click(chromedp.CSS(".earlier-turn summary")), chromedp.WaitVisible(chromedp.CSS(".earlier-turn .statement")))
	if err != nil {
		t.Fatal(err)
	}

	// Opened by its address, the same conversation stands there.
	if err := OpenConversation(tab, server.URL, "samtale1"); err != nil {
		t.Fatal(err)
	}
	if question, _ := read[string](tab, `document.querySelector(".answer-slot .answer-question").textContent`); question != askNothing {
		t.Errorf("newest %q", question)
	}
	err = within(tab, chromedp.Click(chromedp.CSS(".earlier-turn summary")), chromedp.WaitVisible(chromedp.CSS(".earlier-turn .statement")))
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := OpenCitation(tab, 1); err != nil || opened.Marked != markedQuote {
		t.Errorf("a stored answer's source: %+v, %v", opened, err)
	}
	if _, err := CloseSource(tab); err != nil {
		t.Error(err)
	}

	// Another page and back keeps it; "Ny samtale" begins anew.
	err = within(tab, chromedp.Click(chromedp.CSS(`[data-page="collection"]`)), chromedp.WaitVisible(chromedp.CSS("hj-collection h1")),
		chromedp.Click(chromedp.CSS(`[data-page="ask"]`)), chromedp.WaitVisible(chromedp.CSS(".answer-slot hj-answer")))
	if err != nil {
		t.Fatal(err)
	}
	if where, _ := read[string](tab, "location.pathname"); where != "/samtale/samtale1" {
		t.Errorf("address %s", where)
	}
	err = within(tab, chromedp.Click(chromedp.CSS(".conversations-head a")), chromedp.WaitNotPresent(chromedp.CSS(".answer-slot hj-answer")), chromedp.WaitVisible(chromedp.CSS(".example")))
	if err != nil {
		t.Fatal(err)
	}
	if where, _ := read[string](tab, "location.pathname"); where != "/" {
		t.Errorf("address %s", where)
	}
	if err := AskOn(tab, askLong); err != nil {
		t.Fatal(err)
	}
	if len(server.conversations) != 2 {
		t.Errorf("%d conversations, want 2", len(server.conversations))
	}
	// The browser's way back leads to the conversation before.
	if err := within(tab, chromedp.Evaluate[chromedp.Void](`history.back()`), until(`location.pathname === "/samtale/samtale1" && document.querySelector(".answer-slot .answer-question")?.textContent === "`+askNothing+`"`)); err != nil {
		t.Error(err)
	}
}

func TestRenameAndDeleteConversation(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{NetworkErrors: true})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, until(`document.querySelectorAll("hj-conversations a[data-id]").length === 1`)); err != nil {
		t.Fatal(err)
	}
	if err := RenameConversation(tab, askLong, "Sagen om 010190-1234"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, chromedp.WaitVisible(chromedp.CSS(".rename .refusal"))); err != nil {
		t.Fatalf("a CPR number in a name: %v", err)
	}
	name := chromedp.CSS(".rename input")
	err := within(tab, fill(".rename input", "Støtte i hjemmet"), chromedp.Click(chromedp.CSS(`.rename button[type="submit"]`)), chromedp.WaitNotPresent(name))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := Conversations(tab); err != nil || !slices.Equal(list.Titles, []string{"Støtte i hjemmet"}) || list.Current != "Støtte i hjemmet" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := DeleteConversation(tab, "Støtte i hjemmet"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, until(`location.pathname === "/" && document.querySelector("hj-answer") === null`)); err != nil {
		t.Errorf("the deleted conversation stays on the page: %v", err)
	}
	if err := OpenConversation(tab, server.URL, "samtale1"); err != nil {
		t.Fatal(err)
	}
	if text, _ := read[string](tab, `document.querySelector(".answer-slot").textContent`); !strings.Contains(text, "Samtalen findes ikke") {
		t.Errorf("%q", text)
	}
}

func TestThousandConversations(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	server.fill(1000)
	if err := Open(tab, server.URL, "/"); err != nil {
		t.Fatal(err)
	}
	count := func(n string) chromedp.Action[chromedp.Void] {
		return until(`document.querySelectorAll("hj-conversations a[data-id]").length === ` + n)
	}
	if err := within(tab, count("30"), chromedp.Click(chromedp.CSS(".conversation-days > .button")), count("60")); err != nil {
		t.Fatal(err)
	}
	list, err := Conversations(tab)
	if err != nil || list.Days[0] != "I dag" || list.Days[1] != "I går" || len(list.Days) != 20 {
		t.Errorf("%v, %v", list.Days, err)
	}
	if err := within(tab, chromedp.SendKeys(chromedp.CSS("hj-conversations input"), "nummer 777 "), count("1")); err != nil {
		t.Fatal(err)
	}
	if said, _ := read[string](tab, `document.querySelector("hj-conversations [role=status]").textContent`); said != "1 samtale fundet" {
		t.Errorf("said %q", said)
	}
}

func TestFeedback(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{NetworkErrors: true})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	thanks := until(`document.querySelector("hj-feedback [role=status]").textContent.startsWith("Tak")`)
	good := chromedp.CSS("hj-feedback .buttons button:first-child")
	if err := within(tab, chromedp.Click(good), thanks); err != nil {
		t.Fatal(err)
	}
	if pressed, _ := read[string](tab, `document.querySelector("hj-feedback .buttons button").getAttribute("aria-pressed")`); pressed != "true" || server.feedback[0].Rating != activity.Good {
		t.Errorf("pressed %s, %+v", pressed, server.feedback)
	}
	if err := GiveFeedback(tab, "hverdagsstøtteloven § 14", "Om 010190-1234"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, chromedp.WaitVisible(chromedp.CSS(".feedback-form .refusal"))); err != nil {
		t.Fatalf("a CPR number in a comment: %v", err)
	}
	comment := chromedp.CSS(".feedback-form textarea")
	err := within(tab, fill(".feedback-form textarea", "Klagen mangler."), chromedp.Click(chromedp.CSS(`.feedback-form button[type="submit"]`)), chromedp.WaitNotPresent(comment), thanks)
	if err != nil {
		t.Fatal(err)
	}
	said := server.feedback[0]
	if said.Rating != "bad" || !slices.Equal(said.Wrong, []string{"lbk-2025-9001#7"}) || said.Missing != "hverdagsstøtteloven § 14" || said.Comment != "Klagen mangler." {
		t.Errorf("%+v", said)
	}
	// What was said stands there when the conversation is opened again.
	if err := OpenConversation(tab, server.URL, "samtale1"); err != nil {
		t.Fatal(err)
	}
	pressed, _ := read[[]string](tab, `[...document.querySelectorAll('hj-feedback [aria-pressed="true"]')].map((e) => e.textContent)`)
	if !slices.Equal(pressed, []string{"Forkert kilde", "Mangler kilde", "Kommentar"}) {
		t.Errorf("pressed %q", pressed)
	}
}

func TestAdministration(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if _, err := Ask(tab, server.URL, askLong); err != nil {
		t.Fatal(err)
	}
	if err := GiveFeedback(tab, "hverdagsstøtteloven § 14", "Klagen mangler."); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, chromedp.WaitNotPresent(chromedp.CSS(".feedback-form")), chromedp.Click(chromedp.CSS(`[data-page="admin"]`)), until(`document.querySelector("hj-admin .skeleton") === null && document.querySelector(".queue-item") !== null`)); err != nil {
		t.Fatal(err)
	}
	page, _ := read[string](tab, `document.querySelector("hj-admin").textContent`)
	for _, want := range []string{
		"Klagen mangler.", "hverdagsstøtteloven § 14", "78,25 kr.", "lbk-2025-9001#7", "Uden gruppe", "Loggen er hel", "Anna Holm", "Afvist (CPR-nummer)", "slettet (ffff0000)", "1.254",
	} {
		if !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bars, _ := read[int](tab, `document.querySelectorAll(".chart-bar").length`); bars != 2 {
		t.Errorf("%d bars", bars)
	}
	err := within(tab, chromedp.Evaluate[chromedp.Void](`(() => { const s = [...document.querySelectorAll("hj-admin-audit select")].at(-1); s.value = "refused"; s.dispatchEvent(new Event("change")); })()`),
		until(`document.querySelectorAll(".audit tbody tr").length === 1`))
	if err != nil {
		t.Error(err)
	}
	if href, _ := read[string](tab, `document.querySelector("hj-admin-audit a[download]").getAttribute("href")`); href != "/api/v1/audit/export?outcome=refused&format=csv" {
		t.Errorf("export %s", href)
	}
	if err := within(tab, chromedp.Click(chromedp.CSS(".queue-item .link-button")), chromedp.WaitNotPresent(chromedp.CSS(".queue-item"))); err != nil {
		t.Error(err)
	}

	server.broken = true
	if err := OpenAdmin(tab, server.URL); err != nil {
		t.Fatal(err)
	}
	if text, _ := read[string](tab, `document.querySelector("hj-admin-audit .notice-error")?.textContent ?? ""`); !strings.Contains(text, "row 2 was changed") {
		t.Errorf("%q", text)
	}
	server.roles = []string{"reader"}
	if err := OpenAdmin(tab, server.URL); err != nil {
		t.Fatal(err)
	}
	if text, _ := read[string](tab, `document.querySelector("hj-admin").textContent`); !strings.Contains(text, "Du har ikke adgang") {
		t.Errorf("%q", text)
	}
	if hidden, _ := read[bool](tab, `document.querySelector('[data-page="admin"]').hidden`); !hidden {
		t.Error("the link to the administration is shown to a reader")
	}
}
