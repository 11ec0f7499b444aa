package teams

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
)

const (
	typingEvery  = 4 * time.Second // Teams shows a typing indicator for some seconds
	lastWordTime = 5 * time.Second // to say that something failed, after the time for answering is over
)

// The commands, as people write them. What is none of them is a question.
var (
	helpCall    = regexp.MustCompile(`(?i)^(?:/?(?:hjælp|help|start|hej|goddag)|\?)\s*[.!?]*$`)
	newCall     = regexp.MustCompile(`(?i)^/?(?:ny samtale|nyt emne|nulstil|forfra)\s*[.!]*$`)
	gapsCall    = regexp.MustCompile(`(?i)^/?(?:find\s+)?mangler(?:\s*[.!]*|\s+(?:i|mellem)\s[^?]+)$`)
	summaryCall = regexp.MustCompile(`(?i)^/?sammenfat(?:ning)?\s*[.!?]*$`)
	lookupCall  = regexp.MustCompile(`(?is)^/?opslag\s*:\s*(.+)$`)
)

// principal returns for whom a is answered, and whether that person may ask.
// Where others read along, only what everybody in Teams may read is used.
func (b *Bot) principal(a *Activity) (p access.Principal, may bool) {
	if b.Dev {
		p = access.Local()
		p.Roles = []access.Role{access.Reader}
		if !a.alone() {
			p.Everything, p.Groups = false, b.Groups
		}
		return p, true
	}
	p = access.Principal{Subject: strings.ToLower(a.From.AADObjectID), Name: a.From.Name}
	if p.Subject == "" {
		return p, false // a guest without an account: nobody can be told from another
	}
	own := append([]string(nil), b.Groups...)
	for group, people := range b.Members {
		for _, id := range people {
			if strings.EqualFold(id, p.Subject) {
				own = append(own, group)
			}
		}
	}
	roles := []access.Role{access.Reader}
	if b.Roles != nil {
		roles = b.Roles(own)
	}
	p.Roles = []access.Role{access.Reader} // in Teams one asks, and does nothing else
	p.Groups = own
	if !a.alone() {
		p.Groups = b.Groups
	}
	holder := access.Principal{Roles: roles}
	return p, holder.Has(access.Reader)
}

// message answers what somebody wrote.
func (b *Bot) message(ctx context.Context, a *Activity) {
	p, may := b.principal(a)
	if !may {
		b.tell(ctx, a, a.say(noAccess))
		return
	}
	ctx = access.With(ctx, p)
	if a.hasFile() {
		b.tell(ctx, a, a.say(fmt.Sprintf(noFiles, b.page("/sammenfat"), b.page("/mangler"))))
		return
	}
	text := a.words()
	switch {
	case text == "" || helpCall.MatchString(text):
		b.tell(ctx, a, b.help(a))
	case newCall.MatchString(text):
		b.talks.Remove(talk{a.Conversation.ID, p.Subject})
		b.tell(ctx, a, a.say(newTalk))
	case gapsCall.MatchString(text):
		b.tell(ctx, a, a.say(fmt.Sprintf(gapsElsewhere, b.page("/mangler"))))
	case summaryCall.MatchString(text):
		b.tell(ctx, a, a.say(summaryOfWhat))
	default:
		b.answer(ctx, a, p.Subject, text)
	}
}

// welcome greets whoever added the bot.
func (b *Bot) welcome(ctx context.Context, a *Activity) {
	b.tell(ctx, a, b.help(a))
}

// answer asks the assistant, and says so where that fails.
func (b *Bot) answer(ctx context.Context, a *Activity, subject, text string) {
	if wait, ok := b.allowed(subject); !ok {
		b.tell(ctx, a, a.say(fmt.Sprintf(tooFast, int(math.Ceil(wait.Seconds())))))
		return
	}
	req := assistant.Request{Question: text}
	if match := lookupCall.FindStringSubmatch(text); match != nil {
		req = assistant.Request{Question: match[1], Task: assistant.TaskLookup}
	}
	stop := b.showTyping(ctx, a)
	answer, err := b.ask(ctx, talk{a.Conversation.ID, subject}, req)
	stop()
	if err != nil {
		if !errors.As(err, new(*assistant.InputError)) {
			b.Logger.Error("a question from Teams was not answered", "error", err)
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWordTime)
		defer cancel()
		b.tell(last, a, a.say(escape(b.Explain(ctx, err))))
		return
	}
	id := b.tell(ctx, a, b.answered(a, &answer))
	if id != "" && answer.Turn != "" {
		b.feedback.Add(messageKey(a, id), given{subject, answer.Turn})
	}
}

func (b *Bot) allowed(subject string) (wait time.Duration, ok bool) {
	if b.Rate == nil {
		return 0, true
	}
	return b.Rate(subject)
}

// ask has a question answered in its turn, as the next of its talk. A talk whose
// stored conversation is gone begins anew.
func (b *Bot) ask(ctx context.Context, in talk, req assistant.Request) (answer assistant.Answer, err error) {
	started := time.Now()
	defer func() {
		if b.Answered != nil {
			b.Answered(ctx, answer, err, time.Since(started))
		}
	}()
	if b.Enter != nil {
		leave, err := b.Enter(ctx)
		if err != nil {
			return answer, err
		}
		defer leave()
	}
	req.Conversation, _ = b.talks.Get(in)
	answer, err = b.Assistant.Ask(ctx, req, nil)
	if errors.Is(err, activity.ErrNotFound) && req.Conversation != "" {
		b.talks.Remove(in)
		req.Conversation = ""
		answer, err = b.Assistant.Ask(ctx, req, nil)
	}
	if err == nil && answer.Conversation != "" {
		b.talks.Add(in, answer.Conversation)
	}
	return answer, err
}

// tell sends a message, and returns its id.
func (b *Bot) tell(ctx context.Context, a, out *Activity) string {
	id, err := b.connector.send(ctx, a, out)
	if err != nil {
		b.Logger.Error("a message could not be sent to Teams", "error", err)
	}
	return id
}

// showTyping shows that an answer is being written until stop is called.
func (b *Bot) showTyping(ctx context.Context, a *Activity) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(typingEvery)
		defer tick.Stop()
		for {
			_, _ = b.connector.send(ctx, a, a.reply("typing")) // the answer comes all the same
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

// page is the address of a page of the web UI.
func (b *Bot) page(path string) string { return strings.TrimRight(b.Public.String(), "/") + path }
