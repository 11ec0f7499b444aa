package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/hjemmel/hjemmel/frontend/uitest"
)

// TestTeamsPlayground asks in Microsoft's own client for trying bots, which
// .ci/suite-teams starts, and reads the answer there.
func TestTeamsPlayground(t *testing.T) {
	address := os.Getenv("HJEMMEL_PLAYGROUND")
	if address == "" {
		t.Skip("HJEMMEL_PLAYGROUND names no running Agents Playground: see .ci/suite-teams")
	}
	tab := uitest.Start(t).Tab(t, uitest.View{NetworkErrors: true}) // the client looks for fonts and animations on the internet
	const box = `[role="textbox"][contenteditable="true"]`
	do := func(action chromedp.Action[chromedp.Void]) {
		t.Helper()
		if _, err := chromedp.Run(tab, action); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Navigate(address))
	do(chromedp.WaitVisible(box))
	do(chromedp.Sleep(3 * time.Second)) // the client tells the bot that it was added
	shot(t, tab, "teams-velkommen")
	do(chromedp.Click(box))
	do(chromedp.SendKeys(box, "Hvem kan få dækket tabt arbejdsfortjeneste?"))
	do(chromedp.Click(`button[aria-label="Send Message"]`))
	var page string
	for range 60 {
		do(chromedp.Sleep(500 * time.Millisecond))
		var err error
		if page, err = chromedp.Run(tab, chromedp.Evaluate[string]("document.body.innerText")); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page, "Kilder") {
			break
		}
	}
	shot(t, tab, "teams-svar")
	for _, want := range []string{"Kilder", "Vis hele svaret", "Forslag, ikke afgørelse"} {
		if !strings.Contains(page, want) {
			t.Errorf("the client does not show %q: %s", want, page)
		}
	}
}
