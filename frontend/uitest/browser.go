// Package uitest drives Hjemmel's pages in a real browser. Its exported steps
// do what a caseworker does and return what she sees; they take the address of
// a server, so the same steps run against the fake server of this package's
// own tests and against the real one. Only tests import it.
package uitest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

const stepTimeout = 20 * time.Second // one step of a test; the machine may be busy

// Browser is one running Chromium.
type Browser struct{ ctx context.Context }

// Start runs Chromium without a window until the test ends. The test is
// skipped where no Chromium is on PATH.
func Start(tb testing.TB) *Browser {
	tb.Helper()
	path := chromium()
	if path == "" {
		tb.Skip("no chromium on PATH: install Debian's package chromium to run the browser tests")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(tb.TempDir()))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	tb.Cleanup(cancelAlloc)
	ctx, cancel := chromedp.NewContext(alloc)
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("starting %s: %v", path, err)
	}
	return &Browser{ctx}
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// View is how a tab looks at the pages.
type View struct {
	Width, Height int64 // CSS pixels; 0 means 1280 × 900
	Dark          bool
	BypassCSP     bool // lets the test inject scripts of its own (axe-core)
	NetworkErrors bool // the test provokes failing requests, which the console reports
}

// Tab opens a tab of its own, with storage of its own, that closes with the
// test. Errors on the page's console fail the test.
func (b *Browser) Tab(tb testing.TB, view View) context.Context {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx, view.apply()); err != nil {
		tb.Fatalf("opening a tab: %v", err)
	}
	watchConsole(tb, ctx, view.NetworkErrors)
	return ctx
}

func (v View) apply() chromedp.Action[chromedp.Void] {
	if v.Width == 0 {
		v.Width, v.Height = 1280, 900
	}
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			return err
		}
		if v.BypassCSP {
			if _, err := chromedp.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
				return err
			}
		}
		_, err := chromedp.EmulateViewport(v.Width, v.Height)(ctx, t)
		return err
	})
}

// watchConsole collects errors of the page's console until the tab closes, and
// then reports them.
func watchConsole(tb testing.TB, ctx context.Context, networkErrors bool) {
	tb.Helper()
	var mu sync.Mutex
	var found []string
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	messages := chromedp.Console(ctx)
	go func() {
		defer close(done)
		for message, err := range messages {
			if err != nil {
				return
			}
			expected := networkErrors && (message.Source == "network" || strings.Contains(message.String(), "CORS policy") || strings.Contains(message.String(), "(Network error)"))
			if message.IsException() || message.Type == chromedp.ConsoleError && !expected {
				mu.Lock()
				found = append(found, message.String())
				mu.Unlock()
			}
		}
	}()
	tb.Cleanup(func() {
		cancel()
		<-done
		if len(found) > 0 {
			tb.Errorf("errors on the browser's console:\n%s", strings.Join(found, "\n"))
		}
	})
}

// within runs actions under the time limit of one step.
func within(ctx context.Context, actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// read evaluates a JavaScript expression under the time limit of one step.
func read[T any](ctx context.Context, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// until waits for a JavaScript condition.
func until(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Poll[bool](condition, chromedp.WithPollingInterval(30*time.Millisecond), chromedp.WithPollingTimeout(stepTimeout))(ctx, t)
		return err
	})
}
