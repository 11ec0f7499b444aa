package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// colleague is somebody with a key to a guarded world.
type colleague struct {
	subject string
	header  []string
}

func (g *guarded) colleague(t *testing.T, name string, roles ...access.Role) colleague {
	t.Helper()
	k, secret, err := g.store.CreateKey(t.Context(), access.Key{Name: name, Roles: roles, Groups: []string{"boern"}})
	if err != nil {
		t.Fatal(err)
	}
	return colleague{"key:" + k.ID, []string{"Authorization", "Bearer " + secret}}
}

// office is a guarded world with those who work there.
type office struct {
	*guarded
	anna, bo, chief, judge colleague
}

func newOffice(t *testing.T) *office {
	t.Helper()
	g := guard(t)
	return &office{
		guarded: g, anna: g.colleague(t, "Anna", access.Reader), bo: g.colleague(t, "Bo", access.Reader, access.Editor),
		chief: g.colleague(t, "Chef", access.Reader, access.Administrator), judge: g.colleague(t, "Eva", access.Evaluator),
	}
}

// as sends a request of a colleague's.
func (o *office) as(t *testing.T, who colleague, method, path, body string, header ...string) *http.Response {
	t.Helper()
	return o.do(t, method, path, body, append(header, who.header...)...)
}

// asked puts a question and returns the answer.
func (o *office) asked(t *testing.T, who colleague, body string, header ...string) assistant.Answer {
	t.Helper()
	res := o.as(t, who, "POST", "/api/v1/chat", body, header...)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, text(t, res))
	}
	return decode[assistant.Answer](t, res)
}

func TestConversationGoesOnFromTheStoredOne(t *testing.T) {
	w := newOffice(t)
	first := w.asked(t, w.anna, ask(question))
	if first.Conversation == "" || first.Turn == "" {
		t.Fatalf("%+v", first)
	}
	var history []assistant.Turn
	fake := &fakeAssistant{}
	w.assistant.ask = func(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		history = req.History
		return fake.Ask(ctx, req, emit)
	}
	res := w.as(t, w.anna, "POST", "/api/v1/chat", `{"question":"hvad med stk. 2?","conversation":"`+first.Conversation+`"}`, "Accept", eventStream)
	list := events(t, res.Body)
	if last := list[len(list)-1]; last.name != "done" || !strings.Contains(last.data, `"conversation":"`+first.Conversation+`"`) {
		t.Errorf("%s: %s", last.name, last.data)
	}
	if len(history) != 1 || history[0].Question != question || len(history[0].Sections) != 1 || history[0].Sections[0] != law+"#42" {
		t.Errorf("history %+v", history)
	}
	if none := w.asked(t, w.anna, `{"question":"hvad?","conversation":"none"}`); none.Conversation != "" {
		t.Error("»none« is stored")
	}
	wantProblem(t, w.as(t, w.anna, "POST", "/api/v1/chat", `{"question":"hvad?","conversation":"findes-ikke"}`), 404, "Samtalen findes ikke")
}

func TestConversationRoutes(t *testing.T) {
	w := newOffice(t)
	id := w.asked(t, w.anna, ask(question)).Conversation
	path := "/api/v1/conversations/" + id
	do := func(method, path, body string) *http.Response {
		return w.as(t, w.anna, method, path, body)
	}

	if c := decode[activity.Conversation](t, do("PATCH", path, `{"title":"  Frister i   børnesager "}`)); c.Title != "Frister i børnesager" {
		t.Errorf("%+v", c)
	}
	p := wantProblem(t, do("PATCH", path, `{"title":"Sagen om `+cpr+`"}`), 422, "CPR-nummer")
	if p.Verdict == nil {
		t.Error("no verdict")
	}
	wantProblem(t, do("PATCH", path, `{"title":" "}`), 400, "Skriv et navn")
	wantProblem(t, do("PATCH", path, `{"title":"`+strings.Repeat("å", 121)+`"}`), 400, "for langt")
	wantProblem(t, do("GET", "/api/v1/conversations?q="+cpr, ""), 422, "CPR-nummer")
	if body := text(t, do("GET", "/api/v1/conversations?q=frister", "")); !strings.Contains(body, id) || !strings.Contains(body, `"total":1`) {
		t.Error(body)
	}
	document := do("GET", path+"/document.docx", "")
	if body := text(t, document); document.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Errorf("%d", document.StatusCode)
	}
	wantProblem(t, do("GET", path+"/document.docx?turn=findes-ikke", ""), 404, "Svaret findes ikke")
	if res := do("DELETE", path, ""); res.StatusCode != http.StatusNoContent {
		t.Errorf("%d", res.StatusCode)
	}
	wantProblem(t, do("GET", path, ""), 404, "Samtalen findes ikke")
	w.asked(t, w.anna, ask(question))
	if body := text(t, do("DELETE", "/api/v1/conversations", "")); body != `{"removed":1}`+"\n" {
		t.Error(body)
	}
}

// What was answered from a document goes with it.
func TestAnswersFromDeletedDocumentsAreWithheld(t *testing.T) {
	w := newOffice(t)
	id := w.asked(t, w.anna, ask(question)).Conversation
	path := "/api/v1/conversations/" + id
	if body := text(t, w.as(t, w.anna, "GET", path, "")); !strings.Contains(body, `"text":"Ja."`) {
		t.Fatal(body)
	}
	if err := w.library.Delete(t.Context(), law); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, "/api/v1/activity"} {
		body := text(t, w.as(t, w.anna, "GET", path, ""))
		if strings.Contains(body, `"text":"Ja."`) || strings.Contains(body, law+"#42") || !strings.Contains(body, question) || !strings.Contains(body, "vises ikke længere") {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestFeedbackRoutes(t *testing.T) {
	w := newOffice(t)
	turn := w.asked(t, w.anna, ask(question)).Turn
	give := func(who colleague, body string) *http.Response {
		return w.as(t, who, "POST", "/api/v1/feedback", body)
	}
	stored := decode[activity.Feedback](t, give(w.anna, `{"turn":"`+turn+`","rating":"bad","wrong":["`+law+`#42"],"missing":"serviceloven § 85","comment":"Forkert lov."}`))
	if stored.ID == "" || stored.Question != question || len(stored.Shown) != 1 {
		t.Fatalf("%+v", stored)
	}
	wantProblem(t, give(w.anna, `{"turn":"`+turn+`","comment":"Det var `+cpr+`"}`), 422, "CPR-nummer")
	wantProblem(t, give(w.anna, `{"turn":"`+turn+`","missing":"`+cpr+`"}`), 422, "CPR-nummer")
	wantProblem(t, give(w.anna, `{"turn":"`+turn+`","rating":"5"}`), 400, "good eller bad")
	wantProblem(t, give(w.anna, `{"turn":"`+turn+`","wrong":["fremmed#1"]}`), 400, "kilder, som svaret viser")
	wantProblem(t, give(w.bo, `{"turn":"`+turn+`","rating":"good"}`), 404, "Svaret findes ikke")

	wantProblem(t, w.as(t, w.anna, "GET", "/api/v1/feedback", ""), 403, "ikke rettighed")
	queue := text(t, w.as(t, w.judge, "GET", "/api/v1/feedback?state=open", ""))
	if !strings.Contains(queue, stored.ID) || strings.Contains(queue, w.anna.subject) {
		t.Errorf("the queue lacks the feedback or tells whose it is: %s", queue)
	}
	mark := func(who colleague) *http.Response {
		return w.as(t, who, "PATCH", "/api/v1/feedback/"+stored.ID, `{"state":"done"}`)
	}
	wantProblem(t, mark(w.anna), 403, "ikke rettighed")
	if res := mark(w.judge); res.StatusCode != 200 {
		t.Error(text(t, res))
	}
	if body := text(t, w.as(t, w.judge, "GET", "/api/v1/feedback?state=open", "")); !strings.Contains(body, `"total":0`) {
		t.Error(body)
	}
}

func TestAuditAndCostsAreForAdministrators(t *testing.T) {
	w := newOffice(t)
	w.asked(t, w.anna, ask(question), "Sec-Fetch-Site", "same-origin")
	w.asked(t, w.bo, ask("Hvad kan "+cpr+" få?"))
	w.as(t, w.bo, "GET", "/api/v1/search?q="+cpr, "")
	upload := "--g\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ny.md\"\r\n\r\n# Ny\r\n--g--\r\n"
	if res := w.as(t, w.bo, "POST", "/api/v1/documents", upload, "Content-Type", "multipart/form-data; boundary=g"); res.StatusCode != 200 {
		t.Fatal(text(t, res))
	}
	for _, path := range []string{"/api/v1/audit", "/api/v1/audit/verification", "/api/v1/audit/export", "/api/v1/costs"} {
		for _, who := range []colleague{w.anna, w.judge} {
			wantProblem(t, w.as(t, who, "GET", path, ""), 403, "ikke rettighed")
		}
	}
	get := func(path string) string { return text(t, w.as(t, w.chief, "GET", path, "")) }
	log := get("/api/v1/audit")
	for _, want := range []string{
		`"total":4`, `"subject":"` + w.anna.subject + `"`, `"name":"Anna"`, `"way":"web"`, `"way":"api"`, `"outcome":"refused","class":"cpr"`, `"task":"search"`, `"task":"upload"`, `"documents":["ny"]`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
	if strings.Contains(log, cpr) || strings.Contains(log, "Hvornår") {
		t.Errorf("the log holds a question: %s", log)
	}
	if body := get("/api/v1/audit?subject=" + w.bo.subject + "&task=search&from=2020-01-01&to=1.3.2020"); !strings.Contains(body, `"total":0`) {
		t.Error(body)
	}
	wantProblem(t, w.as(t, w.chief, "GET", "/api/v1/audit?from=i+går", ""), 400, "ikke en dato")
	if body := get("/api/v1/audit/verification"); !strings.Contains(body, `"ok":true,"entries":4`) {
		t.Error(body)
	}
	if lines := strings.Count(get("/api/v1/audit/export"), "\n"); lines != 5 { // with its own row
		t.Errorf("%d lines", lines)
	}
	if body := get("/api/v1/audit/export?format=csv&way=web"); strings.Count(body, "\r\n") != 2 || !strings.Contains(body, ";web;lookup;answered;") {
		t.Error(body)
	}
	if body := get("/api/v1/costs"); !strings.Contains(body, `"group":"boern","model":"","answers":1`) {
		t.Error(body)
	}
	wantProblem(t, w.as(t, w.chief, "GET", "/api/v1/costs?from=marts", ""), 400, "måneder")
}

// Whatever bo tries with what he knows of anna's, he gets nothing of hers.
func TestNobodySeesOtherPeoplesConversations(t *testing.T) {
	w := newOffice(t)
	const secret = "Hvornår ydes hemmelighedstillæg?"
	answer := w.asked(t, w.anna, ask(secret))
	id, turn := answer.Conversation, answer.Turn
	rename := `{"title":"overtaget"}`
	tried := map[string]bool{}
	for _, try := range []struct{ method, path, body string }{
		{"GET", "/api/v1/conversations", ""},
		{"GET", "/api/v1/conversations?q=hemmelighedstillæg", ""},
		{"GET", "/api/v1/conversations?limit=1000", ""},
		{"GET", "/api/v1/conversations/" + id, ""},
		{"GET", "/api/v1/conversations/" + id + "/document.docx", ""},
		{"GET", "/api/v1/conversations/" + id + "/document.docx?turn=" + turn, ""},
		{"PATCH", "/api/v1/conversations/" + id, rename},
		{"DELETE", "/api/v1/conversations/" + id, ""},
		{"DELETE", "/api/v1/conversations", ""},
		{"POST", "/api/v1/feedback", `{"turn":"` + turn + `","rating":"bad"}`},
		{"GET", "/api/v1/feedback", ""},
		{"PATCH", "/api/v1/feedback/" + turn, `{"state":"done"}`},
		{"GET", "/api/v1/audit", ""},
		{"GET", "/api/v1/audit/verification", ""},
		{"GET", "/api/v1/audit/export", ""},
		{"GET", "/api/v1/costs", ""},
		{"GET", "/api/v1/activity", ""},
		{"DELETE", "/api/v1/activity", ""},
		{"POST", "/api/v1/chat", `{"question":"hvad med stk. 2?","conversation":"` + id + `"}`},
	} {
		tried[try.method+" "+route(try.path)] = true
		for _, who := range []colleague{w.bo, {}} {
			if body := text(t, w.as(t, who, try.method, try.path, try.body)); strings.Contains(body, "hemmelighedstillæg") || strings.Contains(body, w.anna.subject) {
				t.Errorf("%s %s tells %s: %s", try.method, try.path, who, body)
			}
		}
	}
	for _, r := range w.server.engine.Routes() {
		mine := strings.Contains(r.Path, "/conversations") || strings.Contains(r.Path, "/feedback") || strings.Contains(r.Path, "/audit") ||
			strings.Contains(r.Path, "/costs") || strings.Contains(r.Path, "/activity")
		if mine && !tried[r.Method+" "+r.Path] {
			t.Errorf("%s %s is not tried", r.Method, r.Path)
		}
	}
	turns, err := w.activity.Turns(t.Context(), w.anna.subject, id, 0)
	if err != nil || len(turns) != 1 || turns[0].Question != secret {
		t.Errorf("anna's conversation is not as she left it: %+v, %v", turns, err)
	}
	if c, err := w.activity.Conversation(t.Context(), w.anna.subject, id); err != nil || c.Title != secret {
		t.Errorf("%+v, %v", c, err)
	}
	// The administrator reads who did what, but no conversation.
	wantProblem(t, w.as(t, w.chief, "GET", "/api/v1/conversations/"+id, ""), 404, "Samtalen findes ikke")
}

// route is the pattern of a path of this test.
func route(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 4 && (parts[3] == "conversations" || parts[3] == "feedback") {
		parts[4] = ":id"
	}
	return strings.Join(parts, "/")
}

func TestHerOwnDataTakenOutAndDeleted(t *testing.T) {
	w := newOffice(t)
	w.asked(t, w.anna, ask(question))
	w.asked(t, w.bo, ask(question))
	all := decode[activity.Everything](t, w.as(t, w.anna, "GET", "/api/v1/activity", ""))
	if len(all.Conversations) != 1 || len(all.Conversations[0].Said) != 1 || len(all.Audit) != 1 {
		t.Errorf("%+v", all)
	}
	erased := decode[activity.Erased](t, w.as(t, w.anna, "DELETE", "/api/v1/activity", ""))
	if erased != (activity.Erased{Conversations: 1, Pseudonym: true}) {
		t.Errorf("%+v", erased)
	}
	if _, total, err := w.activity.Conversations(t.Context(), w.bo.subject, "", activity.Page{}); err != nil || total != 1 {
		t.Errorf("bo's are gone too: %d, %v", total, err)
	}
	if v, err := w.activity.Verify(t.Context(), nil); err != nil || !v.OK {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestStoreThatFailsIsSeenAndLosesNoAnswer(t *testing.T) {
	w := newOffice(t)
	if err := w.activity.Close(); err != nil {
		t.Fatal(err)
	}
	if a := w.asked(t, w.anna, ask(question)); !a.Answered || a.Conversation != "" {
		t.Errorf("%+v", a)
	}
	res := w.do(t, "GET", "/readyz", "")
	if body := text(t, res); res.StatusCode != 200 || !strings.Contains(body, `"degraded"`) || !strings.Contains(body, `"audit"`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if metrics := text(t, w.as(t, w.chief, "GET", "/metrics", "")); !strings.Contains(metrics, `hjemmel_activity_failures_total{part="audit"} 1`) {
		t.Error("the failure is not counted")
	}
	if log := w.log.String(); !strings.Contains(log, "audit row could not be written") || strings.Contains(log, "Hvornår") {
		t.Errorf("log %s", log)
	}
	w.activity, _ = activity.Open(t.Context(), t.TempDir(), "") // what the test's end closes
}

// Without login everything is the local person's.
func TestLocalPersonHasEverything(t *testing.T) {
	w := start(t)
	w.do(t, "POST", "/api/v1/chat", ask(question))
	for _, path := range []string{"/api/v1/conversations", "/api/v1/audit", "/api/v1/feedback"} {
		if body := text(t, w.do(t, "GET", path, "")); strings.Contains(body, `"status":403`) {
			t.Errorf("%s: %s", path, body)
		}
	}
	if list, _, err := w.activity.Conversations(t.Context(), "local", "", activity.Page{}); err != nil || len(list) != 1 {
		t.Errorf("%s, %v", fmt.Sprint(list), err)
	}
}
