package mcp

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
)

type askInput struct {
	Question    string   `json:"question" jsonschema:"Spørgsmålet, helt og uden personoplysninger: »Hvornår kan vi yde tabt arbejdsfortjeneste?«"`
	AsOf        string   `json:"as_of,omitempty" jsonschema:"Svar ud fra det, der gjaldt denne dag (ÅÅÅÅ-MM-DD). Standard i dag."`
	Collections []string `json:"collections,omitempty" jsonschema:"Kun disse samlinger."`
	Documents   []string `json:"documents,omitempty" jsonschema:"Kun disse dokumenter (id)."`
}

type summaryInput struct {
	Document string `json:"document,omitempty" jsonschema:"Id på et dokument i samlingen. Angiv document, section eller text."`
	Chapter  string `json:"chapter,omitempty" jsonschema:"Kun dette kapitel af document, fx »Kapitel 16«."`
	Section  string `json:"section,omitempty" jsonschema:"Id på en bestemmelse. Angiv document, section eller text."`
	Text     string `json:"text,omitempty" jsonschema:"En tekst (Markdown), der ikke er i samlingen. Gemmes ikke. Angiv document, section eller text."`
	Length   string `json:"length,omitempty" jsonschema:"short, medium eller long. Standard medium."`
	AsOf     string `json:"as_of,omitempty" jsonschema:"Den dag, gyldighed fortælles for (ÅÅÅÅ-MM-DD). Standard i dag."`
}

type answerOutput struct {
	Answered   bool        `json:"answered" jsonschema:"false: ingen kilde i samlingen svarer. Gæt da ikke."`
	Reason     string      `json:"reason,omitempty" jsonschema:"Hvorfor der ikke er svaret."`
	Answer     []statement `json:"answer" jsonschema:"Svaret, sætning for sætning."`
	Sources    []source    `json:"sources" jsonschema:"Kilderne, nummereret fra 1."`
	AsOf       corpus.Date `json:"as_of"`
	Understood string      `json:"understood,omitempty" jsonschema:"Spørgsmålet, som det blev forstået."`
	Notice     string      `json:"notice,omitempty" jsonschema:"Forbehold, som brugeren skal se."`
}

type statement struct {
	Text      string `json:"text"`
	Role      string `json:"role" jsonschema:"Hvad sætningen gør i svaret: answer, condition, exception, deadline, authority, appeal, related, point …"`
	Part      string `json:"part,omitempty" jsonschema:"Kapitel eller overskrift i en sammenfatning."`
	Citations []int  `json:"citations" jsonschema:"Numre på de kilder, der bærer sætningen."`
	Verified  bool   `json:"verified" jsonschema:"Sætningen er holdt op mod kilden."`
}

type source struct {
	N         int    `json:"n"`
	Reference string `json:"reference" jsonschema:"Henvisningen, som den citeres."`
	Quote     string `json:"quote" jsonschema:"Kildens egne ord, ordret."`
	Title     string `json:"title"`
	Section   string `json:"section" jsonschema:"Id, til get_section."`
	Document  string `json:"document"`
	InForce   bool   `json:"in_force"`
	Page      int    `json:"page,omitempty"`
	URL       string `json:"url,omitempty" jsonschema:"Den officielle tekst."`
}

func (s *Server) addAnswers() {
	add(s, tool{
		name: "ask", title: "Få et svar med kilder", task: string(assistant.TaskLookup),
		description: "Svarer på et fagligt spørgsmål ud fra samlingen. Hver sætning bærer numrene på de kilder, den står i, med ordrette citater. " +
			"Afgør ikke en borgers sag.",
	}, s.ask)
	add(s, tool{
		name: "summarize", title: "Sammenfat en lov eller vejledning", task: string(assistant.TaskSummary),
		description: "Sammenfatter et dokument, et kapitel, en bestemmelse eller en medsendt tekst med dens egne ord: " +
			"hovedpunkter, og hvad man skal være opmærksom på (pligter, frister, undtagelser, beløb, skøn).",
		limit: func(p map[string]*jsonschema.Schema) {
			p["length"].Enum = []any{string(assistant.LengthShort), string(assistant.LengthMedium), string(assistant.LengthLong)}
		},
	}, s.summarize)
}

func (s *Server) ask(ctx context.Context, in askInput) (answerOutput, error) {
	day, err := dayOf(in.AsOf)
	if err != nil {
		return answerOutput{}, err
	}
	req := assistant.Request{
		Question: in.Question, AsOf: day, Collections: in.Collections, Documents: in.Documents, Conversation: activity.NoConversation,
	}
	return s.answer(ctx, func(ctx context.Context) (assistant.Answer, error) { return s.Assistant.Ask(ctx, req, ignore) })
}

func (s *Server) summarize(ctx context.Context, in summaryInput) (answerOutput, error) {
	day, err := dayOf(in.AsOf)
	if err != nil {
		return answerOutput{}, err
	}
	req := assistant.SummaryRequest{
		Document: in.Document, Chapter: in.Chapter, Section: in.Section, Length: assistant.Length(in.Length), AsOf: day,
		Conversation: activity.NoConversation,
	}
	return s.answer(ctx, func(ctx context.Context) (assistant.Answer, error) {
		if strings.TrimSpace(in.Text) != "" {
			if req.Draft, err = api.Draft(ctx, s.Library, draftName, []byte(in.Text)); err != nil {
				return assistant.Answer{}, err
			}
		}
		answer, err := s.Assistant.Summarize(ctx, req, ignore)
		return answer, unknown(err, "Det, der skal sammenfattes,")
	})
}

func ignore(assistant.Event) error { return nil }

// answer runs a task of the assistant. What policy refuses is an error here, so
// that no model takes the reason for an answer; the assistant has audited it.
func (s *Server) answer(ctx context.Context, task func(context.Context) (assistant.Answer, error)) (answerOutput, error) {
	started := time.Now()
	a, err := costly(ctx, s, task)
	if s.Observer != nil {
		s.Observer.Answered(api.Outcome(ctx, a, err), time.Since(started))
	}
	if err != nil {
		return answerOutput{}, err
	}
	if !a.Verdict.Allowed {
		return answerOutput{}, &api.Error{Status: http.StatusUnprocessableEntity, Detail: refusedText(a.Refused, a.Verdict)}
	}
	return outputOf(&a), nil
}

func outputOf(a *assistant.Answer) answerOutput {
	out := answerOutput{
		Answered: a.Answered, Reason: a.Refused, Answer: []statement{}, Sources: []source{}, AsOf: a.AsOf, Understood: a.Understood, Notice: a.Notice,
	}
	for _, st := range a.Answer {
		citations := st.Citations
		if citations == nil {
			citations = []int{}
		}
		out.Answer = append(out.Answer, statement{st.Text, string(st.Role), st.Part, citations, st.Verified})
	}
	for _, src := range a.Sources {
		out.Sources = append(out.Sources, source{
			N: src.N, Reference: src.Reference, Quote: src.Quote, Title: src.Title, Section: src.Section, Document: src.Document,
			InForce: src.InForce, Page: src.Page, URL: src.URL,
		})
	}
	return out
}
