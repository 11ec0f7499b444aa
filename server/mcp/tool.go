package mcp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

// tool describes a tool to people (title) and models (description).
type tool struct {
	name, title, description string
	task                     string                              // in the audit log, where policy refuses
	limit                    func(map[string]*jsonschema.Schema) // narrows the types of the arguments
}

// add offers a tool. What do returns as an error is told to the model as one that
// it can act on, in the words of every other way in.
func add[In, Out any](s *Server, t tool, do func(context.Context, In) (Out, error)) {
	no := false
	sdk.AddTool(s.server, &sdk.Tool{
		Name: t.name, Title: t.title, Description: t.description, InputSchema: schemaOf[In](t.limit), OutputSchema: schemaOf[Out](nil),
		Annotations: &sdk.ToolAnnotations{Title: t.title, ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no},
	}, func(ctx context.Context, _ *sdk.CallToolRequest, in In) (*sdk.CallToolResult, Out, error) {
		ctx = activity.WithWay(ctx, activity.WayMCP)
		out, err := do(ctx, in)
		if err != nil {
			err = s.explain(ctx, t.task, err)
		}
		return nil, out, err
	})
}

// schemaOf returns the schema of a Go type; its descriptions stand in the fields'
// tags.
func schemaOf[T any](limit func(map[string]*jsonschema.Schema)) *jsonschema.Schema {
	schema, err := jsonschema.ForType(reflect.TypeFor[T](), &jsonschema.ForOptions{})
	if err != nil {
		panic(err) // of a type of this package
	}
	withoutNull(schema)
	if limit != nil {
		limit(schema.Properties)
	}
	return schema
}

// withoutNull takes null out of a schema: what is absent is left out, and Copilot
// Studio does not read a list of types.
func withoutNull(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	withoutNull(s.Items)
	for _, p := range s.Properties {
		withoutNull(p)
	}
}

// explain words an error for a model, and audits what policy stopped.
func (s *Server) explain(ctx context.Context, task string, err error) error {
	e := api.Explain(ctx, err)
	text := e.Detail
	if v := e.Verdict; v != nil {
		if s.Recorder != nil {
			s.Recorder.Refused(ctx, task, *v)
		}
		text = refusedText(text, *v)
	}
	if e.Status >= http.StatusInternalServerError {
		s.Logger.Error("a tool failed", "task", task, "error", err)
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(" Vent mindst %d sekunder.", int(math.Ceil(e.RetryAfter.Seconds())))
	}
	return errors.New(text)
}

// refusedText tells a model why policy stopped its call, and that another wording
// of the same is no way round.
func refusedText(reason string, v policy.Verdict) string {
	text := "Afvist af reglerne: " + reason
	if v.Ground != "" {
		text += " Grundlag: " + strings.TrimSuffix(v.Ground, ".") + "."
	}
	return text + " Fortæl brugeren det, og prøv ikke at omgå afvisningen."
}

// did audits a look-up that showed documents.
func (s *Server) did(ctx context.Context, documents ...string) {
	if s.Recorder != nil {
		s.Recorder.Did(ctx, activity.TaskSearch, documents...)
	}
}

// costly runs work when it is the caller's turn, for as long as it may take.
func costly[T any](ctx context.Context, s *Server, work func(context.Context) (T, error)) (T, error) {
	var none T
	leave, err := s.Turn(ctx)
	if err != nil {
		return none, err
	}
	defer leave()
	if s.Answer > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Answer)
		defer cancel()
	}
	return work(ctx)
}

// badInput is the fault of arguments that a model can mend.
func badInput(format string, args ...any) error {
	return &api.Error{Status: http.StatusBadRequest, Detail: fmt.Sprintf(format, args...)}
}

// unknown words a look-up that failed, and says where ids come from.
func unknown(err error, what string) error {
	if errors.Is(err, corpus.ErrNotFound) {
		return &api.Error{Status: http.StatusNotFound, Err: err,
			Detail: what + " findes ikke i samlingen. Brug et id, som værktøjet search har givet (felterne document og section)."}
	}
	return err
}

// dayOf reads a date argument; "" means today.
func dayOf(text string) (corpus.Date, error) {
	if text == "" {
		return "", nil
	}
	day, err := corpus.ParseDate(text)
	if err != nil {
		return "", badInput("»as_of« er ikke en dato: skriv fx 2026-03-01.")
	}
	return day, nil
}
