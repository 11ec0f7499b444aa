package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/hjemmel/hjemmel/ingest/schedule"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

func loadDocument(t *testing.T) *openapi3.T {
	t.Helper()
	data, err := openapiJSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// The Go types are what is really sent; the document must name the same fields,
// and call required exactly those that are never left out.
func TestSchemasMatchTheGoTypes(t *testing.T) {
	replies := map[string]any{
		"Problem": Problem{}, "Verdict": policy.Verdict{}, "Place": policy.Place{}, "Explanation": policy.Explanation{}, "Task": policy.Task{}, "Rule": policy.Rule{},
		"Answer": assistant.Answer{}, "Sentence": assistant.Sentence{}, "Source": assistant.Source{},
		"Usage": assistant.Usage{}, "Checked": assistant.Checked{}, "Event": assistant.Event{}, "Question": assistant.Request{}, "Turn": assistant.Turn{}, "SummaryRequest": assistant.SummaryRequest{},
		"Query": retrieval.Query{}, "Filter": retrieval.Filter{}, "SearchResult": retrieval.Result{}, "Coverage": retrieval.Coverage{}, "Hit": retrieval.Hit{},
		"Document": corpus.Document{}, "DocumentList": listing{}, "CollectionCount": corpus.CollectionCount{},
		"DocumentOutline": outlined{}, "OutlineEntry": outlineEntry{}, "Section": corpus.Section{}, "Part": corpus.Part{},
		"Position": corpus.Position{}, "Reference": corpus.Reference{}, "SectionPage": sectionReply{}, "Neighbour": neighbour{},
		"Citing": citing{}, "UploadResults": uploaded{}, "UploadResult": UploadResult{}, "UploadProgress": progress{}, "Info": info{}, "Me": Me{}, "LoggedOut": LoggedOut{}, "VectorProgress": VectorProgress{},
	}
	replies["GapsRequest"], replies["GapsReport"], replies["Finding"], replies["At"] = gapsRequest{}, gaps.Report{}, gaps.Finding{}, gaps.At{}
	replies["Law"], replies["Check"] = gaps.Law{}, gaps.Check{}
	for name, value := range map[string]any{
		"Conversation": activity.Conversation{}, "ConversationList": conversationList{}, "StoredTurn": activity.Turn{}, "ConversationTurns": conversationReply{},
		"Renaming": renaming{}, "FeedbackRequest": feedbackRequest{}, "Feedback": activity.Feedback{}, "FeedbackList": feedbackList{}, "FeedbackState": marking{},
		"AuditEntry": activity.Entry{}, "AuditList": auditList{}, "AuditHead": activity.Head{}, "AuditFault": activity.Fault{}, "Verification": activity.Verification{},
		"Cost": activity.Cost{}, "CostList": costList{}, "WithTurns": activity.WithTurns{}, "Everything": activity.Everything{}, "Erased": activity.Erased{},
	} {
		replies[name] = value
	}
	replies["Ingests"], replies["IngestSource"], replies["IngestRun"], replies["IngestNote"] = ingests{}, schedule.State{}, schedule.Run{}, schedule.Note{}
	elsewhere := []string{"Time", "Length", "Kind", "Mode", "Date", "Path", "Class", "Removed", "Health"}
	for name, schema := range loadDocument(t).Components.Schemas {
		if slices.Contains(elsewhere, name) {
			continue
		}
		value, ok := replies[name]
		if !ok {
			t.Errorf("the schema %s stands for no Go type", name)
			continue
		}
		delete(replies, name)
		fields, always := jsonFields(reflect.TypeOf(value))
		var named []string
		for property := range schema.Value.Properties {
			named = append(named, property)
		}
		if slices.Sort(named); !slices.Equal(named, fields) {
			t.Errorf("%s: the document names %v, the type %v", name, named, fields)
		}
		if required := slices.Sorted(slices.Values(schema.Value.Required)); !slices.Equal(required, always) {
			t.Errorf("%s: the document requires %v, the type always has %v", name, required, always)
		}
	}
	for name := range replies {
		t.Errorf("the document lacks the schema %s", name)
	}
}

// jsonFields returns the sorted names of a type's JSON fields, and of those that
// are never left out.
func jsonFields(t reflect.Type) (all, always []string) {
	for _, field := range reflect.VisibleFields(t) {
		tag := field.Tag.Get("json")
		if field.Anonymous || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		all = append(all, name)
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			always = append(always, name)
		}
	}
	slices.Sort(all)
	slices.Sort(always)
	return all, always
}
