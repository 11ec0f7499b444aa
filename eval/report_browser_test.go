package eval

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hjemmel/hjemmel/frontend/uitest"
)

// visibleItems counts the items that a reader sees.
const visibleItems = `[...document.querySelectorAll(".item")].filter((i) => i.checkVisibility()).length`

func TestReportsInABrowser(t *testing.T) {
	axe := uitest.NewAxe(t)
	browser := uitest.Start(t)
	c, err := Compare("before.json", before, "after.json", after)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct {
		name         string
		write        func(io.Writer) error
		first, other int // items seen at first, and when the filter is changed
	}{
		{"report", func(w io.Writer) error { return WriteReport(w, before) }, 1, 4},
		{"comparison", func(w io.Writer) error { return WriteComparison(w, c) }, 3, 1},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" { // the browser asks for an icon
				w.WriteHeader(http.StatusNoContent)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			if err := page.write(w); err != nil {
				t.Error(err)
			}
		}))
		defer server.Close()
		for _, dark := range []bool{false, true} {
			tab := browser.Tab(t, uitest.View{Dark: dark, BypassCSP: true})
			if err := chromedp.Do(tab, chromedp.Navigate(server.URL)); err != nil {
				t.Fatal(err)
			}
			findings, err := axe.Check(tab)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				t.Errorf("%s, dark %v: %s", page.name, dark, f)
			}
			seen, err := chromedp.Run(tab, chromedp.Evaluate[int](visibleItems))
			if err != nil || seen != page.first {
				t.Errorf("%s shows %d items at first (%v), want %d", page.name, seen, err, page.first)
			}
			seen, err = chromedp.Run(tab, chromedp.Evaluate[int](`document.querySelector("label[for=failures]").click(); `+visibleItems))
			if err != nil || seen != page.other {
				t.Errorf("%s shows %d items when the filter is changed (%v), want %d", page.name, seen, err, page.other)
			}
		}
	}
}
