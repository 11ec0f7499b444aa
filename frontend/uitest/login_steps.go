package uitest

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// arrives waits for a condition on the page that a chain of redirects ends at:
// on the way there is sometimes no page to ask.
func arrives(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for {
			if there, err := chromedp.Evaluate[bool](condition)(ctx, t); err == nil && there {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// LoginPage is what the page before the login, or after the logout, says.
type LoginPage struct {
	Title  string `json:"title"`
	Text   string `json:"text"`
	Button string `json:"button"`
}

// OpenLogin asks for a page of the server and is led to the login.
func OpenLogin(ctx context.Context, base, path string) (LoginPage, error) {
	if err := within(ctx, chromedp.Navigate(base+path), arrives(`document.querySelector("main.login h1") !== null`)); err != nil {
		return LoginPage{}, fmt.Errorf("opening the login: %w", err)
	}
	return readLogin(ctx)
}

func readLogin(ctx context.Context) (LoginPage, error) {
	return read[LoginPage](ctx, `({
		title: document.querySelector("main.login h1").textContent, text: document.querySelector("main.login p").textContent,
		button: document.querySelector("main.login .button")?.textContent ?? "",
	})`)
}

// Login clicks the login's button, and returns whom the header then names.
func Login(ctx context.Context) (who string, err error) {
	if err := within(ctx, chromedp.Click(chromedp.CSS("main.login .button")), arrives(`document.querySelector("hj-who button") !== null`)); err != nil {
		return "", fmt.Errorf("logging in: %w", err)
	}
	return read[string](ctx, `document.querySelector("hj-who .who-name").textContent`)
}

// MayUpload tells whether the collection's page offers to change it.
func MayUpload(ctx context.Context) (bool, error) {
	return read[bool](ctx, `document.querySelector(".upload-part")?.checkVisibility() ?? false`)
}

// Logout clicks the header's button and waits for the page after it.
func Logout(ctx context.Context) (LoginPage, error) {
	if err := within(ctx, chromedp.Click(chromedp.CSS("hj-who button")), arrives(`document.querySelector("main.login h1") !== null`)); err != nil {
		return LoginPage{}, fmt.Errorf("logging out: %w", err)
	}
	return readLogin(ctx)
}
