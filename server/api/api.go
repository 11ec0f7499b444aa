// Package api is the way in over HTTP and JSON: thin handlers that turn requests
// into calls of the assistant, the engine and the library, and their outcomes
// into the shapes of DESIGN 5. It decides nothing itself.
package api

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Assistant answers questions: *assistant.Assistant.
type Assistant interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
}

// Searcher ranks sections: *retrieval.Engine.
type Searcher interface {
	Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error)
}

// Library is the collection as the server needs it. Look-ups fail with
// corpus.ErrNotFound.
type Library interface {
	Documents(ctx context.Context, f corpus.DocumentFilter) ([]corpus.Document, error)
	CountDocuments(ctx context.Context, f corpus.DocumentFilter) (int, error)
	Collections(ctx context.Context) ([]corpus.CollectionCount, error)
	Document(ctx context.Context, id string) (corpus.Document, error)
	Section(ctx context.Context, id string) (corpus.Section, error)
	SectionsOf(ctx context.Context, document string) ([]corpus.Section, error)
	References(ctx context.Context, section string) ([]corpus.Reference, error)
	CitedBy(ctx context.Context, section string) ([]corpus.Reference, error)
	Delete(ctx context.Context, document string) error
	DeleteSamples(ctx context.Context) (int, error)
	Upload(ctx context.Context, name string, data []byte, collection string) (UploadResult, error)
	PageImage(ctx context.Context, document string, page, width int) ([]byte, error)
	Stats(ctx context.Context) (Stats, error)
}

// UploadResult is what became of one uploaded file.
type UploadResult struct {
	Name     string          `json:"name"`
	Status   string          `json:"status"` // read, unchanged, replaced, duplicate, skipped, refused, failed
	Document string          `json:"document,omitempty"`
	Title    string          `json:"title,omitempty"`
	Sections int             `json:"sections,omitempty"`
	Reason   string          `json:"reason,omitempty"` // Danish: why not, and what to do
	Verdict  *policy.Verdict `json:"verdict,omitempty"`
	Warnings []string        `json:"warnings,omitempty"`
}

// Stats says how much the collection holds, and whether its index is catching up.
type Stats struct {
	Documents int  `json:"documents"`
	Sections  int  `json:"sections"`
	Passages  int  `json:"passages"`
	Samples   int  `json:"samples"`
	Indexing  bool `json:"indexing"`
}

// Observer counts what the handlers do, for metrics. Question texts never reach it.
type Observer interface {
	Answered(outcome string, took time.Duration) // answered, none, refused, failed
	Ingested(status string)
}

// API holds what the handlers call.
type API struct {
	Assistant Assistant
	Searcher  Searcher
	Library   Library
	Check     func(string) policy.Verdict
	Observer  Observer
	Version   string
	MaxUpload int64 // bytes of one uploaded file

	slots chan struct{} // answers that run at the same time
}

// Limits of requests.
const (
	maxJSON     = 64 << 10         // bytes of a JSON body
	answerWait  = 10 * time.Second // how long a question waits for its turn
	maxUploads  = 500              // files in one request
	pageDefault = 900              // width of a page image in pixels
)

// Register adds the routes below /api/v1. answers is how many answers run at
// the same time; more wait their turn.
func (a *API) Register(r gin.IRouter, answers int) {
	a.slots = make(chan struct{}, answers)
	v1 := r.Group("/api/v1")
	v1.POST("/chat", a.chat)
	v1.POST("/search", a.search)
	v1.GET("/search", a.search)
	v1.GET("/documents", a.documents)
	v1.POST("/documents", a.upload)
	v1.GET("/documents/:id", a.document)
	v1.DELETE("/documents/:id", a.deleteDocument)
	v1.GET("/documents/:id/sections/:section", a.section)
	v1.GET("/documents/:id/pages/:page", a.page)
	v1.DELETE("/samples", a.deleteSamples)
	v1.GET("/info", a.info)
}
