package qdrant

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// The fields of a point. A passage has all but the last; a document's entry
// and the vocabulary have no vectors, so that no search sees them.
const (
	fieldDocument   = "document"
	fieldPassage    = "passage"
	fieldCollection = "collection"
	fieldKind       = "kind"
	fieldFrom       = "from" // 20250922; 0 where the document has no beginning
	fieldTo         = "to"   // first day no longer in force; endless where it has no end
	fieldGroups     = "groups"
	fieldGeneration = "generation"
	fieldRevision   = "revision" // of the store, of an entry
	fieldRole       = "role"     // entry, vocabulary
	fieldVersion    = "version"
	fieldText       = "text"
)

const (
	roleEntry      = "entry"
	roleVocabulary = "vocabulary"
)

// fields are those that filters ask for.
var fields = []struct {
	name string
	kind api.FieldType
}{
	{fieldDocument, api.FieldType_FieldTypeKeyword},
	{fieldPassage, api.FieldType_FieldTypeKeyword},
	{fieldCollection, api.FieldType_FieldTypeKeyword},
	{fieldKind, api.FieldType_FieldTypeKeyword},
	{fieldFrom, api.FieldType_FieldTypeInteger},
	{fieldTo, api.FieldType_FieldTypeInteger},
	{fieldGroups, api.FieldType_FieldTypeKeyword},
	{fieldGeneration, api.FieldType_FieldTypeInteger},
	{fieldRole, api.FieldType_FieldTypeKeyword},
	{fieldVersion, api.FieldType_FieldTypeInteger},
}

// endless is the day after every day.
const endless = 99991231

// day writes a date as a number that orders as dates do.
func day(d corpus.Date, unbounded int64) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(string(d), "-", ""), 10, 64)
	if err != nil {
		return unbounded
	}
	return n
}

// id is the point's: the same for the same names.
func id(names ...string) *api.PointId {
	return api.NewIDUUID(uuid.NewSHA1(uuid.NameSpaceOID, []byte("hjemmel\x00"+strings.Join(names, "\x00"))).String())
}

func passageID(passage string, generation int64) *api.PointId {
	return id(fieldPassage, passage, strconv.FormatInt(generation, 10))
}

func entryID(document string) *api.PointId { return id(roleEntry, document) }

// payload is what a document's passages have in common.
func payload(doc *vector.Document, generation int64) map[string]any {
	return map[string]any{
		fieldDocument: doc.ID, fieldCollection: doc.Collection, fieldKind: string(doc.Kind), fieldFrom: day(doc.From, 0),
		fieldTo: day(doc.To, endless), fieldGroups: list(doc.Groups), fieldGeneration: generation,
	}
}

// list is a list of words as a payload takes it.
func list(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

// conditions are a filter as Qdrant takes it, together with a limit to some
// passages where that is not nil.
func conditions(f *vector.Filter, passages []string) *api.Filter {
	out := &api.Filter{}
	must := func(c *api.Condition) { out.Must = append(out.Must, c) }
	if !f.Reader.Everything {
		must(api.NewFilterAsCondition(&api.Filter{Should: []*api.Condition{
			api.NewIsEmpty(fieldGroups), api.NewMatchKeywords(fieldGroups, f.Reader.Groups...),
		}}))
	}
	if f.AsOf != "" {
		on := float64(day(f.AsOf, 0))
		must(api.NewRange(fieldFrom, &api.Range{Lte: &on}))
		must(api.NewRange(fieldTo, &api.Range{Gt: &on}))
	}
	if len(f.Collections) > 0 {
		must(api.NewMatchKeywords(fieldCollection, f.Collections...))
	}
	if len(f.Kinds) > 0 {
		kinds := make([]string, len(f.Kinds))
		for i, k := range f.Kinds {
			kinds[i] = string(k)
		}
		must(api.NewMatchKeywords(fieldKind, kinds...))
	}
	if len(f.Documents) > 0 {
		must(api.NewMatchKeywords(fieldDocument, f.Documents...))
	}
	if passages != nil {
		must(api.NewMatchKeywords(fieldPassage, passages...))
	}
	return out
}

// entry is the point of a document: which generation of its passages counts.
type entry struct {
	document   string
	generation int64 // 0: none
	revision   int64
}

// unfinished is the revision of a document that is being put for the first time,
// or deleted: it equals none of the store, so that whoever compares does it again.
const unfinished = -1

func (e entry) point() *api.PointStruct {
	return &api.PointStruct{
		Id: entryID(e.document), Vectors: api.NewVectorsMap(map[string]*api.Vector{}),
		Payload: api.NewValueMap(map[string]any{fieldRole: roleEntry, fieldDocument: e.document, fieldGeneration: e.generation, fieldRevision: e.revision}),
	}
}

func readEntry(p *api.RetrievedPoint) (entry, error) {
	e := entry{
		document: p.GetPayload()[fieldDocument].GetStringValue(), generation: p.GetPayload()[fieldGeneration].GetIntegerValue(),
		revision: p.GetPayload()[fieldRevision].GetIntegerValue(),
	}
	if e.document == "" {
		return e, fmt.Errorf("the entry %s names no document", p.GetId().GetUuid())
	}
	return e, nil
}
