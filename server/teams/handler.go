package teams

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"

	"github.com/hjemmel/hjemmel/server/activity"
)

// maxActivity bounds the bytes of an activity: Teams sends at most some 100 kB.
const maxActivity = 256 << 10

// ServeHTTP takes an activity. It answers at once, as the connector wants it
// within seconds, and replies to the person when there is something to say.
func (b *Bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, status := b.read(w, r)
	if status == http.StatusOK {
		status = b.admit(r, a)
	}
	if status == http.StatusOK {
		status = b.take(a)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "{}\n")
}

// read reads an activity that has what every reply needs.
func (b *Bot) read(w http.ResponseWriter, r *http.Request) (*Activity, int) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, http.StatusUnsupportedMediaType
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxActivity))
	if err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return nil, http.StatusRequestEntityTooLarge
		}
		return nil, http.StatusBadRequest
	}
	var a Activity
	if err := json.Unmarshal(data, &a); err != nil || a.Type == "" || a.ServiceURL == "" || a.From == nil || a.Recipient == nil ||
		a.Conversation == nil || a.Conversation.ID == "" {
		return nil, http.StatusBadRequest
	}
	return &a, http.StatusOK
}

// admit says whether an activity comes from the connector and from the people
// whom the bot is for.
func (b *Bot) admit(r *http.Request, a *Activity) int {
	if b.Dev {
		if !local(r) || !localService(a) {
			b.Logger.Warn("an activity was refused: teams_dev is for this machine only")
			return http.StatusForbidden
		}
		return http.StatusOK
	}
	err := b.tokens.verify(r.Context(), r.Header.Get("Authorization"), a)
	switch {
	case errors.Is(err, errToken):
		b.Logger.Warn("an activity was refused", "error", err)
		return http.StatusUnauthorized
	case err != nil:
		b.Logger.Error("an activity could not be verified", "error", err)
		return http.StatusServiceUnavailable
	case !strings.EqualFold(a.tenant(), b.Tenant):
		b.Logger.Warn("an activity was refused: it comes from another tenant")
		return http.StatusForbidden
	}
	return http.StatusOK
}

// local tells whether a request was made on this machine, and not passed on by a
// proxy on it.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	for _, passedOn := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(passedOn) != "" {
			return false
		}
	}
	return err == nil && isLoopback(host)
}

func localService(a *Activity) bool {
	host, _, _ := strings.Cut(strings.TrimPrefix(a.ServiceURL, "http://"), "/")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.HasPrefix(a.ServiceURL, "http://") && isLoopback(host) && secure(a.ServiceURL) == nil
}

// take has an activity answered, once: the connector sends it again where it got
// no reply in time.
func (b *Bot) take(a *Activity) int {
	work := b.workOf(a)
	if work == nil {
		if a.Type == "invoke" {
			return http.StatusNotImplemented
		}
		return http.StatusOK
	}
	id := a.Type + " " + a.Conversation.ID + " " + a.ID
	if a.ID != "" {
		if known, _ := b.seen.ContainsOrAdd(id, struct{}{}); known {
			return http.StatusOK
		}
	}
	started := b.start(func(ctx context.Context) {
		work(activity.WithWay(ctx, activity.WayTeams), a)
	})
	if !started {
		b.seen.Remove(id) // it may come again
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// workOf returns what an activity asks for; nil where it is nothing.
func (b *Bot) workOf(a *Activity) func(context.Context, *Activity) {
	switch {
	case a.Type == "message":
		return b.message
	case a.Type == "conversationUpdate" && a.greetsBot():
		return b.welcome
	case a.Type == "invoke" && a.Name == "message/submitAction":
		return b.judged
	}
	return nil
}

// greetsBot tells whether the bot itself was added to a conversation.
func (a *Activity) greetsBot() bool {
	for _, member := range a.MembersAdded {
		if member.ID != "" && member.ID == a.Recipient.ID {
			return true
		}
	}
	return false
}
