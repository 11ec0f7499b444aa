package main

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openai/openai-go"
	"github.com/openai/openai-go/option"

	"github.com/hjemmel/hjemmel/server/activity"
)

const act9001 = "LBK nr 9001 af 01/02/2025"

// openAI is OpenAI's own client, with a reader's key.
func (w *leakWorld) openAI(reader string) openai.Client {
	return openai.NewClient(option.WithBaseURL(w.URL+"/v1"), option.WithAPIKey(w.keys[reader]), option.WithMaxRetries(0))
}

func asking(model string, messages ...openai.ChatCompletionMessageParamUnion) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{Model: model, Messages: messages, StreamOptions: openai.ChatCompletionStreamOptionsParam{}}
}

func TestOpenAIClientListsModels(t *testing.T) {
	w := newLeakWorld(t, true)
	for reader, sees := range map[string]bool{"outsider": false, "insider": true} {
		client := w.openAI(reader)
		page, err := client.Models.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, m := range page.Data {
			ids = append(ids, m.ID)
		}
		if !slices.Contains(ids, "hjemmel") || !slices.Contains(ids, "hjemmel/lov") || slices.Contains(ids, "hjemmel/personale") != sees {
			t.Errorf("%s: %v", reader, ids)
		}
	}
}

func TestOpenAIClientChats(t *testing.T) {
	w := newLeakWorld(t, true)
	client := w.openAI("outsider")
	question := "Hvad er fristen efter " + act9001 + " § 1?"
	whole, err := client.Chat.Completions.New(t.Context(), asking("hjemmel/lov", openai.SystemMessage("Svar kort."), openai.UserMessage(question)))
	if err != nil {
		t.Fatal(err)
	}
	message := whole.Choices[0].Message
	if whole.Choices[0].FinishReason != "stop" || !strings.Contains(message.Content, "7 arbejdsdage") || !strings.Contains(message.Content, "ikke en afgørelse") {
		t.Fatalf("%+v", whole.Choices)
	}
	if len(message.Annotations) == 0 {
		t.Fatal("no citation")
	}
	cited := message.Annotations[0].URLCitation
	if mark := string([]rune(message.Content)[cited.StartIndex:cited.EndIndex]); mark != "[1]" || cited.URL != "http://localhost/kilde/"+openAct+"/1" {
		t.Errorf("the citation %+v marks %q", cited, mark)
	}

	// The same answer as a stream, and a question that follows it up.
	streamed := asking("hjemmel", openai.UserMessage(question), openai.AssistantMessage(message.Content), openai.UserMessage("Kan den fremsættes mundtligt efter § 2?"))
	streamed.StreamOptions.IncludeUsage = openai.Bool(true)
	stream := client.Chat.Completions.NewStreaming(t.Context(), streamed)
	var sum openai.ChatCompletionAccumulator
	var events strings.Builder
	for stream.Next() {
		chunk := stream.Current()
		events.WriteString(chunk.RawJSON())
		sum.AddChunk(chunk)
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	text := sum.Choices[0].Message.Content
	if sum.Choices[0].FinishReason != "stop" || !strings.Contains(text, "mundtligt") || !strings.Contains(text, openAct+"/2)") {
		t.Errorf("the stream says %q", text)
	}
	for _, part := range []string{`"annotations":[{"type":"url_citation"`, `"event":{"type":"source"`, `"document":["`, `"total_tokens":0`} {
		if !strings.Contains(events.String(), part) {
			t.Errorf("the stream lacks %s: %s", part, events.String())
		}
	}

	refused, err := client.Chat.Completions.New(t.Context(), asking("hjemmel", openai.UserMessage("Må 010190-1234 få aktindsigt?")))
	if err != nil {
		t.Fatal(err)
	}
	if said := refused.Choices[0].Message; !strings.Contains(said.Content, "cpr-nummer") || !strings.Contains(said.Content, "Grundlag:") || len(said.Annotations) != 0 {
		t.Errorf("the refusal is %+v", said)
	}
	if n, _, err := w.record.Audit(t.Context(), activity.Filter{Way: activity.WayOpenAI}, activity.Page{Limit: 10}); err != nil || len(n) != 3 {
		t.Errorf("audited %v, %v", n, err)
	}
	w.wantAudited(t, activity.WayOpenAI)
}

func TestOpenAIClientReadsErrors(t *testing.T) {
	w := newLeakWorld(t, false)
	stranger := openai.NewClient(option.WithBaseURL(w.URL+"/v1"), option.WithAPIKey("hjemmel_forkert"), option.WithMaxRetries(0))
	for name, c := range map[string]struct {
		client openai.Client
		params openai.ChatCompletionNewParams
		status int
		kind   string
		code   string
		says   string
	}{
		"wrong key":    {stranger, asking("hjemmel", openai.UserMessage("Frist?")), http.StatusUnauthorized, "invalid_request_error", "invalid_api_key", "API-nøglen gælder ikke"},
		"wrong model":  {w.openAI("outsider"), asking("gpt-9", openai.UserMessage("Frist?")), http.StatusNotFound, "invalid_request_error", "model_not_found", "hjemmel"},
		"hidden model": {w.openAI("outsider"), asking("hjemmel/personale", openai.UserMessage("Frist?")), http.StatusNotFound, "invalid_request_error", "model_not_found", "hjemmel"},
		"no question":  {w.openAI("outsider"), asking("hjemmel", openai.SystemMessage("Svar.")), http.StatusBadRequest, "invalid_request_error", "", "»user«"},
		"too long":     {w.openAI("outsider"), asking("hjemmel", openai.UserMessage(strings.Repeat("frist ", 500))), http.StatusBadRequest, "invalid_request_error", "", "2.000 tegn"},
		"a picture": {w.openAI("outsider"), asking("hjemmel", openai.UserMessage([]openai.ChatCompletionContentPartUnionParam{
			openai.ImageContentPart(openai.ChatCompletionContentPartImageImageURLParam{URL: "data:image/png;base64,AAAA"})})),
			http.StatusBadRequest, "invalid_request_error", "", "kun tekst"},
	} {
		_, err := c.client.Chat.Completions.New(t.Context(), c.params)
		var fault *openai.Error
		if !errors.As(err, &fault) || fault.StatusCode != c.status || fault.Type != c.kind || fault.Code != c.code || !strings.Contains(fault.Message, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
