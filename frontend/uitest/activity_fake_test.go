package uitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// remembered is the fake server's memory, guarded by its mutex.
type remembered struct {
	conversations []fakeConversation // the last used first
	feedback      []activity.Feedback
	roles         []string
	broken        bool // the audit log is not whole
}

type fakeConversation struct {
	activity.Conversation
	turns []activity.Turn
}

func (f *fake) handleActivity(mux *http.ServeMux) {
	f.roles = []string{"reader", "editor", "evaluator", "administrator"}
	mux.HandleFunc("GET /api/v1/me", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"subject": "anna", "name": "Anna Holm", "roles": f.roles, "groups": []string{}, "login": false})
	})
	mux.HandleFunc("GET /api/v1/conversations", f.listConversations)
	mux.HandleFunc("DELETE /api/v1/conversations", f.deleteConversations)
	mux.HandleFunc("GET /api/v1/conversations/{id}", f.conversation)
	mux.HandleFunc("PATCH /api/v1/conversations/{id}", f.rename)
	mux.HandleFunc("DELETE /api/v1/conversations/{id}", f.deleteConversation)
	mux.HandleFunc("POST /api/v1/feedback", f.giveFeedback)
	mux.HandleFunc("GET /api/v1/feedback", f.listFeedback)
	mux.HandleFunc("PATCH /api/v1/feedback/{id}", f.markFeedback)
	mux.HandleFunc("GET /api/v1/audit", listAudit)
	mux.HandleFunc("GET /api/v1/audit/verification", f.verifyAudit)
	mux.HandleFunc("GET /api/v1/costs", listCosts)
}

// remember stores an answered question and returns its conversation and turn.
func (f *fake) remember(req assistant.Request, answer assistant.Answer) (conversation, turn string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.IndexFunc(f.conversations, func(c fakeConversation) bool { return c.ID == req.Conversation })
	var c fakeConversation
	if at < 0 {
		c.ID, c.Title, c.Created = fmt.Sprintf("samtale%d", len(f.conversations)+1), req.Question, time.Now()
	} else {
		c = f.conversations[at]
		f.conversations = slices.Delete(f.conversations, at, at+1)
	}
	c.Updated = time.Now()
	turn = fmt.Sprintf("%s-%d", c.ID, len(c.turns)+1)
	c.turns = append(c.turns, activity.Turn{ID: turn, Asked: time.Now(), Question: req.Question, Answer: answer})
	c.Turns = len(c.turns)
	f.conversations = slices.Insert(f.conversations, 0, c)
	return c.ID, turn
}

// fill makes n conversations, three a day.
func (f *fake) fill(n int) {
	for i := range n {
		at := time.Now().AddDate(0, 0, -i/3)
		c := activity.Conversation{ID: fmt.Sprint("gammel", i), Title: fmt.Sprintf("Spørgsmål nummer %d om hverdagsstøtte til familier", i), Created: at, Updated: at, Turns: 1}
		f.conversations = append(f.conversations, fakeConversation{Conversation: c})
	}
}

func (f *fake) listConversations(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var limit, offset int
	_, _ = fmt.Sscan(r.URL.Query().Get("limit"), &limit)
	_, _ = fmt.Sscan(r.URL.Query().Get("offset"), &offset)
	found := []activity.Conversation{}
	for _, c := range f.conversations {
		if strings.Contains(strings.ToLower(c.Title), strings.ToLower(r.URL.Query().Get("q"))) {
			found = append(found, c.Conversation)
		}
	}
	total := len(found)
	found = found[min(offset, total):min(offset+limit, total)]
	reply(w, map[string]any{"conversations": found, "total": total, "kept_days": 30})
}

// find calls use with the conversation that the path names.
func (f *fake) find(w http.ResponseWriter, r *http.Request, use func(at int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.IndexFunc(f.conversations, func(c fakeConversation) bool { return c.ID == r.PathValue("id") })
	if at < 0 {
		problem(w, http.StatusNotFound, "Samtalen findes ikke. Måske er den slettet.")
		return
	}
	use(at)
}

func (f *fake) conversation(w http.ResponseWriter, r *http.Request) {
	f.find(w, r, func(at int) {
		c := f.conversations[at]
		for i := range c.turns {
			said := slices.IndexFunc(f.feedback, func(g activity.Feedback) bool { return g.Turn == c.turns[i].ID })
			if said >= 0 {
				c.turns[i].Feedback = &f.feedback[said]
			}
		}
		reply(w, map[string]any{"conversation": c.Conversation, "turns": c.turns})
	})
}

func (f *fake) rename(w http.ResponseWriter, r *http.Request) {
	var body struct{ Title string }
	_ = json.NewDecoder(r.Body).Decode(&body)
	if at := strings.Index(body.Title, "010190-1234"); at >= 0 {
		refuse(w, at)
		return
	}
	f.find(w, r, func(at int) {
		f.conversations[at].Title = body.Title
		reply(w, f.conversations[at].Conversation)
	})
}

func refuse(w http.ResponseWriter, at int) {
	verdict := cprVerdict(at)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": "Kan ikke behandles her", "status": 422, "detail": verdict.Reason, "verdict": verdict})
}

func (f *fake) deleteConversation(w http.ResponseWriter, r *http.Request) {
	f.find(w, r, func(at int) {
		f.conversations = slices.Delete(f.conversations, at, at+1)
		w.WriteHeader(http.StatusNoContent)
	})
}

func (f *fake) deleteConversations(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reply(w, map[string]any{"removed": len(f.conversations)})
	f.conversations = nil
}

func (f *fake) giveFeedback(w http.ResponseWriter, r *http.Request) {
	var said activity.Feedback
	_ = json.NewDecoder(r.Body).Decode(&said)
	if at := strings.Index(said.Comment, "010190-1234"); at >= 0 {
		refuse(w, at)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.feedback = slices.DeleteFunc(f.feedback, func(g activity.Feedback) bool { return g.Turn == said.Turn })
	said.ID, said.At, said.State, said.Question, said.Shown = "f"+said.Turn, time.Now(), activity.StateOpen, askLong, []string{"lbk-2025-9001#7", "lbk-2025-9001#12"}
	f.feedback = append(f.feedback, said)
	reply(w, said)
}

func (f *fake) listFeedback(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	state := r.URL.Query().Get("state")
	found := []activity.Feedback{}
	for _, g := range f.feedback {
		if state == "" || g.State == state {
			found = append(found, g)
		}
	}
	reply(w, map[string]any{"feedback": found, "total": len(found)})
}

func (f *fake) markFeedback(w http.ResponseWriter, r *http.Request) {
	var body struct{ State string }
	_ = json.NewDecoder(r.Body).Decode(&body)
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.feedback {
		if f.feedback[i].ID == r.PathValue("id") {
			f.feedback[i].State = body.State
		}
	}
	reply(w, body)
}

func listAudit(w http.ResponseWriter, r *http.Request) {
	at := time.Date(2026, 11, 24, 12, 34, 56, 0, time.UTC)
	entries := []activity.Entry{
		{Seq: 3, At: at, Who: "ab12cd34ef56ab12", Way: "web", Task: "lookup", Outcome: "refused", Class: "cpr", Documents: []string{}, Subject: "anna", Name: "Anna Holm"},
		{Seq: 2, At: at, Who: "ffff0000ffff0000", Way: "teams", Task: "summary", Outcome: "answered", Documents: []string{"lbk-2025-9001", "kvalitetsstandard-hverdagsstoette"}, Model: "m", Duration: 1234},
		{Seq: 1, At: at, Task: "checkpoint", Outcome: "done", Documents: []string{}},
	}
	if outcome := r.URL.Query().Get("outcome"); outcome != "" {
		entries = slices.DeleteFunc(entries, func(e activity.Entry) bool { return e.Outcome != outcome })
	}
	reply(w, map[string]any{"entries": entries, "total": len(entries)})
}

func (f *fake) verifyAudit(w http.ResponseWriter, _ *http.Request) {
	v := activity.Verification{OK: true, Entries: 3, First: 1, Head: activity.Head{Seq: 3, Hash: strings.Repeat("9f", 32)}, Faults: []activity.Fault{}}
	if f.broken {
		v.OK, v.Faults = false, []activity.Fault{{Seq: 2, What: "row 2 was changed, or put in the place of another"}}
	}
	reply(w, v)
}

func listCosts(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"costs": []activity.Cost{
		{Month: "2026-10", Group: "*", Model: "m", Answers: 800, Tokens: 512000, CostDKK: 41.5}, {Month: "2026-10", Group: "boern", Model: "m", Answers: 800, Tokens: 512000, CostDKK: 41.5},
		{Month: "2026-11", Group: "*", Model: "", Answers: 20}, {Month: "2026-11", Group: "*", Model: "m", Answers: 1234, Tokens: 987000, CostDKK: 78.25},
		{Month: "2026-11", Group: "", Model: "", Answers: 20}, {Month: "2026-11", Group: "boern", Model: "m", Answers: 1234, Tokens: 987000, CostDKK: 78.25},
	}})
}
