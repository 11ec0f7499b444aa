package openai

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
)

type modelList struct {
	Object string  `json:"object"`
	Data   []model `json:"data"`
}

type model struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

// completion is a whole reply, or a chunk of one.
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage,omitempty"`
	// Event is for Open WebUI, which shows a source's quote only from an event.
	Event *sourceEvent `json:"event,omitempty"`
}

type choice struct {
	Index        int     `json:"index"`
	Message      *part   `json:"message,omitempty"`
	Delta        *part   `json:"delta,omitempty"`
	FinishReason *string `json:"finish_reason"`
	Logprobs     *string `json:"logprobs"` // always null
}

type part struct {
	Role        string       `json:"role,omitempty"`
	Content     string       `json:"content,omitempty"`
	Annotations []annotation `json:"annotations,omitempty"`
}

type annotation struct {
	Type        string      `json:"type"`
	URLCitation urlCitation `json:"url_citation"`
}

type urlCitation struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Start int    `json:"start_index"` // of the number in brackets, in characters of the content
	End   int    `json:"end_index"`
}

type sourceEvent struct {
	Type string     `json:"type"`
	Data sourceData `json:"data"`
}

type sourceData struct {
	Source   sourceName   `json:"source"`
	Document []string     `json:"document"` // the verbatim quotes
	Metadata []sourceMeta `json:"metadata"` // of each quote
}

type sourceName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type sourceMeta struct {
	Source string `json:"source"`
	Name   string `json:"name"`
}

// usage counts a language model's tokens; an answer that only quotes has none.
type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

func newID() string { return "chatcmpl-" + rand.Text() }

// reply sends an answer while it is made, or whole.
type reply struct {
	w      http.ResponseWriter
	rc     *http.ResponseController
	stall  time.Duration // the longest time one write may take
	stream bool

	id, model string
	created   int64
	text      text
	begun     bool // something was sent, so that the status is settled
}

// event takes a step of the answer. Steps without words keep the connection alive.
func (r *reply) event(e assistant.Event) error {
	switch e.Type {
	case assistant.EventSource:
		r.text.source(*e.Source)
	case assistant.EventSentence:
		return r.say(r.text.sentence(e.Sentence))
	case assistant.EventStatus:
		return r.say("")
	}
	return nil
}

// end sends what follows the sentences: why there are none, or the sources.
func (r *reply) end(a assistant.Answer, withUsage bool) error {
	if err := r.say(r.text.end(&a)); err != nil {
		return err
	}
	stop, spent := "stop", usage{a.Usage.Tokens - a.Usage.Written, a.Usage.Written, a.Usage.Tokens}
	if !r.stream {
		whole := part{Role: "assistant", Content: r.text.String(), Annotations: r.text.annotations}
		writeJSON(r.w, http.StatusOK, completion{ID: r.id, Object: "chat.completion", Created: r.created, Model: r.model,
			Choices: []choice{{Message: &whole, FinishReason: &stop}}, Usage: &spent})
		return nil
	}
	for _, e := range r.text.events() {
		if err := r.chunk(completion{Choices: []choice{}, Event: &e}); err != nil {
			return err
		}
	}
	if err := r.chunk(completion{Choices: []choice{{Delta: &part{Annotations: r.text.annotations}, FinishReason: &stop}}}); err != nil {
		return err
	}
	if withUsage {
		if err := r.chunk(completion{Choices: []choice{}, Usage: &spent}); err != nil {
			return err
		}
	}
	return r.write([]byte("data: [DONE]\n\n"))
}

// say sends words, where they are sent as they come.
func (r *reply) say(words string) error {
	if !r.stream {
		return nil
	}
	delta := part{Content: words}
	if !r.begun {
		delta.Role = "assistant"
	}
	return r.chunk(completion{Choices: []choice{{Delta: &delta}}})
}

func (r *reply) chunk(c completion) error {
	c.ID, c.Object, c.Created, c.Model = r.id, "chat.completion.chunk", r.created, r.model
	return r.data(c)
}

// fault ends a stream that failed.
func (r *reply) fault(e errorBody) { _ = r.data(e) }

func (r *reply) data(value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding a chunk: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "data: %s\n\n", data)
	return r.write(b.Bytes())
}

func (r *reply) write(p []byte) error {
	if !r.begun {
		r.begun = true
		r.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		r.w.Header().Set("X-Accel-Buffering", "no") // nginx would hold the chunks back
	}
	_ = r.rc.SetWriteDeadline(time.Now().Add(r.stall))
	_, err := r.w.Write(p)
	if err == nil {
		err = r.rc.Flush()
	}
	if err != nil {
		return &api.Error{Status: api.StatusClientClosed, Detail: "Forbindelsen blev afbrudt.", Err: err}
	}
	return nil
}
