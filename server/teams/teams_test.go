package teams

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
	"github.com/hjemmel/hjemmel/server/teams/teamstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a bot in a cloud of its own.
type world struct {
	*Bot
	t     *testing.T
	cloud *teamstest.Cloud
	store *activity.Store
	log   *strings.Builder

	mu      sync.Mutex
	asked   []assistant.Request
	askedBy []access.Principal
	ways    []string
	answer  func(ctx context.Context, req assistant.Request) (assistant.Answer, error)
	clock   time.Duration // ahead of the real one
}

func start(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, cloud: teamstest.New(t), log: &strings.Builder{}}
	w.answer = func(context.Context, assistant.Request) (assistant.Answer, error) { return meritAnswer(), nil }
	var err error
	if w.store, err = activity.Open(t.Context(), t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	log := slog.New(slog.DiscardHandler)
	recorder := activity.NewRecorder(w.store, log, nil)
	cfg := Config{
		AppID: teamstest.AppID, Password: teamstest.Password, Tenant: teamstest.Tenant, Groups: []string{"alle"},
		Members:   map[string][]string{"hr": {strings.ToUpper(teamstest.Anna)}, "ledelse": {"en anden"}},
		Assistant: recorder.Assistant(w), Check: policy.Default().Check, Activity: w.store, Recorder: recorder,
		Explain: func(context.Context, error) string { return "Det gik galt. Prøv igen om lidt." },
		Public:  &url.URL{Scheme: "https", Host: "hjemmel.kommune.dk"}, Logger: log,
		Metadata: w.cloud.Metadata(), TokenURL: w.cloud.TokenURL(),
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return time.Now().Add(w.clock) },
	}
	for _, f := range change {
		f(&cfg)
	}
	if w.Bot, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Stop(context.Background(), nil) })
	return w
}

func (w *world) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	w.mu.Lock()
	w.asked, w.askedBy, w.ways = append(w.asked, req), append(w.askedBy, access.From(ctx)), append(w.ways, activity.WayOf(ctx))
	answer := w.answer
	w.mu.Unlock()
	return answer(ctx, req)
}

func (w *world) Summarize(context.Context, assistant.SummaryRequest, func(assistant.Event) error) (assistant.Answer, error) {
	panic("Teams asks in words")
}

// post brings an activity with a token, "" for none, and returns the status.
func (w *world) post(body, token string) int {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, Path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1234"
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec.Code
}

// say brings a message that is in order, and returns the reply.
func (w *world) say(id, text string, change func(map[string]any)) teamstest.Sent {
	w.t.Helper()
	if status := w.post(w.cloud.Message(id, text, change), w.cloud.Token(nil)); status != http.StatusOK {
		w.t.Fatalf("%s: %d", text, status)
	}
	return w.cloud.Next()
}

func textOf(s teamstest.Sent) string {
	text, _ := s.Activity["text"].(string)
	return text
}

func jsonOf(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// meritAnswer cites two sources, one of which is a sample that would like to be
// a link.
func meritAnswer() assistant.Answer {
	return assistant.Answer{
		Task: assistant.TaskLookup, Verdict: policy.Verdict{Allowed: true}, Answered: true, AsOf: "2026-11-24",
		Answer: []assistant.Sentence{
			{Text: "Kommunen skal yde dækning af tabt arbejdsfortjeneste.", Role: assistant.RoleAnswer, Citations: []int{1}, Verified: true},
			{Text: "Det er en betingelse, at barnet [forsørges](https://ond.dk) i hjemmet.", Role: assistant.RoleCondition, Citations: []int{1, 2}, Verified: true},
		},
		Sources: []assistant.Source{
			{N: 1, Document: "lbk-2025-1129", Section: "lbk-2025-1129#42", Reference: "serviceloven § 42, stk. 1", Title: "Serviceloven", Quote: "Kommunalbestyrelsen skal yde hjælp til dækning af tabt arbejdsfortjeneste til personer, der i hjemmet forsørger et barn under 18 år med betydelig og varigt nedsat fysisk eller psykisk funktionsevne eller indgribende kronisk eller langvarig lidelse.", InForce: true},
			{N: 2, Document: "retningslinje", Section: "retningslinje#1", Title: "Retningslinje", Quote: "![x](https://ond.dk/x.png) <at>alle</at>", Sample: true},
		},
	}
}

func TestAnswerInAChat(t *testing.T) {
	w := start(t)
	got := w.say("1", "Hvornår kan vi yde tabt arbejdsfortjeneste?", nil)
	if got.Path != "/emea/v3/conversations/a:1Samtale/activities/1" || got.Token != "bot-1" {
		t.Errorf("sent to %s with %s", got.Path, got.Token)
	}
	text := textOf(got)
	for _, want := range []string{"tabt arbejdsfortjeneste. [1]", "**Betingelse:**", "[1] [2]", `\[forsørges\](https`, "Forslag, ikke afgørelse"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q: %s", want, text)
		}
	}
	if !w.cloud.Typed() {
		t.Error("nothing shows that an answer is being written")
	}
	var label []struct {
		Type           string
		AdditionalType []string
		Citation       []struct {
			Position   int
			Appearance struct {
				Name, URL, Abstract string
				Keywords            []string
			}
		}
	}
	if err := json.Unmarshal([]byte(jsonOf(t, got.Activity["entities"])), &label); err != nil || len(label) != 1 || len(label[0].Citation) != 2 {
		t.Fatalf("entities %v, %v", got.Activity["entities"], err)
	}
	one, two := label[0].Citation[0], label[0].Citation[1]
	if label[0].Type != "https://schema.org/Message" || !slices.Equal(label[0].AdditionalType, []string{"AIGeneratedContent"}) {
		t.Errorf("no AI label: %+v", label[0])
	}
	if one.Position != 1 || one.Appearance.Name != "serviceloven § 42, stk. 1" || one.Appearance.URL != "https://hjemmel.kommune.dk/kilde/lbk-2025-1129/42" ||
		len([]rune(one.Appearance.Abstract)) > 160 || !strings.HasSuffix(one.Appearance.Abstract, "…") {
		t.Errorf("citation %+v", one)
	}
	if !slices.Equal(two.Appearance.Keywords, []string{"Eksempel", "Ikke i kraft"}) {
		t.Errorf("keywords %v", two.Appearance.Keywords)
	}
	card := jsonOf(t, got.Activity["attachments"])
	for _, want := range []string{`"1. serviceloven § 42, stk. 1"`, `"2. Retningslinje (Eksempel) (Ikke i kraft)"`, "https://hjemmel.kommune.dk/samtale/", `!\\[x\\](`} {
		if !strings.Contains(card, want) {
			t.Errorf("the card lacks %s: %s", want, card)
		}
	}
	if strings.Contains(card, "<at>") || strings.Contains(card, `\u003cat`) {
		t.Errorf("a source's text mentions somebody: %s", card)
	}
	if data, _ := got.Activity["channelData"].(map[string]any); data["feedbackLoopEnabled"] != true {
		t.Errorf("feedback is not asked for: %v", got.Activity["channelData"])
	}
	if p := w.askedBy[0]; p.Subject != teamstest.Anna || !slices.Equal(p.Groups, []string{"alle", "hr"}) || p.Everything || !slices.Equal(p.Roles, []access.Role{access.Reader}) || w.ways[0] != "teams" {
		t.Errorf("asked by %+v, by way of %s", p, w.ways[0])
	}
}

func TestFollowUpGoesOn(t *testing.T) {
	w := start(t)
	w.say("1", "Hvad siger servicelovens § 42?", nil)
	w.say("2", "hvad med stk. 2?", nil)
	w.say("3", "ny samtale", nil)
	w.say("4", "Hvad siger servicelovens § 85?", nil)
	w.say("5", "og her?", teamstest.Channel)
	if w.asked[0].Conversation != "" || w.asked[1].Conversation == "" || w.asked[2].Conversation != "" || w.asked[3].Conversation != "" {
		t.Errorf("conversations %+v", w.asked)
	}
	if len(w.asked[1].History) != 1 || w.asked[1].History[0].Question != "Hvad siger servicelovens § 42?" {
		t.Errorf("history %+v", w.asked[1].History)
	}
	if err := w.store.DeleteConversation(t.Context(), teamstest.Anna, w.asked[1].Conversation); err != nil {
		t.Fatal(err)
	}
	w.talks.Add(talk{"a:1Samtale", teamstest.Anna}, w.asked[1].Conversation)
	if got := w.say("6", "Hvad siger servicelovens § 86?", nil); !strings.Contains(textOf(got), "[1]") {
		t.Errorf("after its conversation was deleted: %s", textOf(got))
	}
}

// Where others read along, only what everybody may read is used.
func TestChannelsShowNoMoreThanEverybodyMayRead(t *testing.T) {
	w := start(t)
	w.answer = func(context.Context, assistant.Request) (assistant.Answer, error) {
		return assistant.Answer{Verdict: policy.Verdict{Allowed: true}, Refused: "Ingen kilde i samlingen svarer på spørgsmålet."}, nil
	}
	got := w.say("1", "Hvad dækker puljen?", teamstest.Channel)
	if w.asked[0].Question != "Hvad dækker puljen?" || !slices.Equal(w.askedBy[0].Groups, []string{"alle"}) {
		t.Errorf("asked %+v by %+v", w.asked[0], w.askedBy[0])
	}
	if got.Path != "/emea/v3/conversations/19:kanal@thread.tacv2;messageid=1732439564124/activities/1" || !strings.Contains(textOf(got), "Andre læser med her") {
		t.Errorf("%s: %s", got.Path, textOf(got))
	}
	group := func(a map[string]any) {
		a["conversation"] = map[string]any{"conversationType": "groupChat", "isGroup": true, "tenantId": teamstest.Tenant, "id": "19:gruppe@thread.v2"}
	}
	w.say("2", "Hvad dækker puljen?", group)
	if !slices.Equal(w.askedBy[1].Groups, []string{"alle"}) {
		t.Errorf("in a group chat by %+v", w.askedBy[1])
	}
}

func TestCommands(t *testing.T) {
	w := start(t)
	for i, test := range []struct{ text, want string }{
		{"hjælp", "sammenfat …"},
		{"Hej!", "Jeg finder hjemlen"},
		{"?", "Skriv aldrig CPR-numre"},
		{"mangler", "https://hjemmel.kommune.dk/mangler"},
		{"Mangler i vejledningen om merudgifter", "https://hjemmel.kommune.dk/mangler"},
		{"sammenfat", "Hvad skal jeg sammenfatte"},
		{"Ny samtale", "forfra"},
	} {
		got := w.say("k"+string(rune('a'+i)), test.text, nil)
		if all := jsonOf(t, got.Activity); !strings.Contains(all, test.want) {
			t.Errorf("%s: %s", test.text, all)
		}
	}
	if len(w.asked) > 0 {
		t.Errorf("a command was asked: %+v", w.asked)
	}
	for i, text := range []string{"sammenfat serviceloven kapitel 16", "Mangler der hjemmel til at kræve kvitteringer?", "opslag: servicelovens § 42"} {
		w.say("s"+string(rune('a'+i)), text, nil)
	}
	if w.asked[0].Question != "sammenfat serviceloven kapitel 16" || w.asked[1].Question != "Mangler der hjemmel til at kræve kvitteringer?" ||
		w.asked[2].Question != "servicelovens § 42" || w.asked[2].Task != assistant.TaskLookup {
		t.Errorf("asked %+v", w.asked)
	}
	file := func(a map[string]any) {
		a["attachments"] = []any{map[string]any{"contentType": fileType, "name": "vejledning.docx"}}
	}
	if got := textOf(w.say("fil", "sammenfat", file)); !strings.Contains(got, "https://hjemmel.kommune.dk/sammenfat") {
		t.Errorf("a file: %s", got)
	}
	added := func(a map[string]any) {
		a["type"], a["membersAdded"] = "conversationUpdate", []any{map[string]any{"id": "28:" + teamstest.AppID}}
	}
	if got := w.say("velkommen", "", added); !strings.Contains(jsonOf(t, got.Activity), "Jeg finder hjemlen") {
		t.Errorf("no welcome: %v", got.Activity)
	}
}

func TestLongAnswerIsShortened(t *testing.T) {
	w := start(t)
	w.answer = func(context.Context, assistant.Request) (assistant.Answer, error) {
		long := meritAnswer()
		for range 40 {
			long.Answer = append(long.Answer, assistant.Sentence{Text: strings.Repeat("Kommunen træffer afgørelse. ", 4), Role: assistant.RoleRelated, Citations: []int{2}})
		}
		return long, nil
	}
	got := w.say("1", "Hvad gælder?", nil)
	text := textOf(got)
	if n := len([]rune(text)); n > maxText+300 || !strings.Contains(text, "Svaret er forkortet") || !strings.Contains(jsonOf(t, got.Activity["attachments"]), "Vis hele svaret") {
		t.Errorf("%d characters: %s", n, text)
	}
}

func TestRefusalsAndFailuresAreToldPolitely(t *testing.T) {
	w := start(t)
	fail := context.DeadlineExceeded
	w.answer = func(_ context.Context, req assistant.Request) (assistant.Answer, error) {
		if req.Question == "fejl" {
			return assistant.Answer{}, fail
		}
		return assistant.Answer{Verdict: policy.Verdict{Class: "cpr"}, Refused: "Spørgsmålet indeholder et CPR-nummer."}, nil
	}
	if got := textOf(w.say("1", "fejl", nil)); got != "Det gik galt. Prøv igen om lidt." {
		t.Error(got)
	}
	got := w.say("2", "Hvad med borgeren?", nil)
	if textOf(got) != "Spørgsmålet indeholder et CPR-nummer." || got.Activity["channelData"] != nil || got.Activity["attachments"] != nil {
		t.Errorf("%v", got.Activity)
	}
	w.cloud.Fail(503, 401, 429)
	if got := w.say("3", "Hvad med borgeren?", nil); textOf(got) == "" {
		t.Errorf("%v", got.Activity)
	}
	nobody := func(a map[string]any) { a["from"] = map[string]any{"id": "29:gæst", "name": "Gæst"} }
	if got := textOf(w.say("4", "Hvad med mig?", nobody)); got != noAccess {
		t.Error(got)
	}
	if len(w.asked) != 3 {
		t.Errorf("asked %d times", len(w.asked))
	}
}

func TestFeedback(t *testing.T) {
	w := start(t)
	w.say("1", "Hvornår kan vi yde tabt arbejdsfortjeneste?", nil)
	w.work.Wait()
	about := "1:besked-" + lastID(w)
	submit := func(reaction, comment, about, person string) string {
		return w.cloud.Message("", "", func(a map[string]any) {
			a["type"], a["name"], a["replyToId"] = "invoke", "message/submitAction", about
			form := jsonOf(t, map[string]any{"feedbackText": comment})
			a["value"] = map[string]any{"actionName": "feedback", "actionValue": map[string]any{"reaction": reaction, "feedback": form}}
			a["from"].(map[string]any)["aadObjectId"] = person
		})
	}
	give := func(body string) {
		t.Helper()
		if status := w.post(body, w.cloud.Token(nil)); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		w.work.Wait()
	}
	give(submit("dislike", "Mangler stk. 2", about, teamstest.Anna))
	queue := func() []activity.Feedback {
		list, _, err := w.store.FeedbackQueue(t.Context(), "", activity.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := queue(); len(got) != 1 || got[0].Rating != activity.Bad || got[0].Comment != "Mangler stk. 2" || got[0].Question != "Hvornår kan vi yde tabt arbejdsfortjeneste?" {
		t.Fatalf("%+v", got)
	}
	give(submit("like", "Det passer på borgeren med CPR 010190-1234", about, teamstest.Anna))
	if got := queue(); len(got) != 1 || got[0].Rating != activity.Good || got[0].Comment != "" {
		t.Errorf("%+v", got)
	}
	if got := textOf(w.cloud.Next()); !strings.Contains(got, "ikke din kommentar") || strings.Contains(got, "1234") {
		t.Error(got)
	}
	give(submit("dislike", "", about, "en anden"))
	if got := textOf(w.cloud.Next()); got != feedbackOfOthers || queue()[0].Rating != activity.Good {
		t.Error(got)
	}
	give(submit("dislike", "", "1:ukendt", teamstest.Anna))
	if got := textOf(w.cloud.Next()); got != feedbackTooLate {
		t.Error(got)
	}
	other := w.cloud.Message("", "", func(a map[string]any) { a["type"], a["name"] = "invoke", "task/fetch" })
	if status := w.post(other, w.cloud.Token(nil)); status != http.StatusNotImplemented {
		t.Errorf("another invoke: %d", status)
	}
}

// lastID is the number that the cloud gave the one answer that was sent.
func lastID(w *world) string {
	key, _, _ := w.feedback.GetOldest()
	_, id, _ := strings.Cut(key, "1:besked-")
	return id
}

func TestRedeliveryIsAnsweredOnce(t *testing.T) {
	w := start(t)
	body := w.cloud.Message("1", "Hvad siger servicelovens § 42?", nil)
	for range 5 {
		if status := w.post(body, w.cloud.Token(nil)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	w.work.Wait()
	if len(w.cloud.Messages()) != 1 || len(w.asked) != 1 {
		t.Errorf("%d replies, asked %d times", len(w.cloud.Messages()), len(w.asked))
	}
}

// What is more than can be done at once is left with the connector, and what is
// under way is told that the bot stops.
func TestBoundAndStop(t *testing.T) {
	w := start(t)
	w.answer = func(ctx context.Context, _ assistant.Request) (assistant.Answer, error) {
		<-ctx.Done()
		return assistant.Answer{}, ctx.Err()
	}
	token := w.cloud.Token(nil)
	ids := []string{}
	for i := range atOnce {
		ids = append(ids, string(rune('A'+i)))
		if status := w.post(w.cloud.Message(ids[i], "Hvad?", nil), token); status != http.StatusOK {
			t.Fatalf("%d: %d", i, status)
		}
	}
	if status := w.post(w.cloud.Message("sidste", "Hvad?", nil), token); status != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d", status)
	}
	if w.seen.Contains("message a:1Samtale sidste") {
		t.Error("what was refused would not be answered when it comes again")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Stop(ctx, context.Canceled)
	if got := w.cloud.Messages(); len(got) != atOnce || textOf(got[0]) != "Det gik galt. Prøv igen om lidt." {
		t.Errorf("%d were told that the bot stops", len(got))
	}
	if status := w.post(w.cloud.Message("efter", "Hvad?", nil), token); status != http.StatusServiceUnavailable {
		t.Errorf("after the stop: %d", status)
	}
}
