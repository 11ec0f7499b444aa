// Package api turns HTTP requests under /api/v1 into calls of the assistant,
// the search and the library, and their results into JSON, server-sent events
// and problem documents. It decides nothing itself: what may be asked is the
// policy's, what is answered is the assistant's, what is stored is the
// library's. It writes no question, search or file text to any log.
package api

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Assistant answers questions; *assistant.Assistant is one.
type Assistant interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
	Summarize(ctx context.Context, req assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error)
}

// Searcher ranks sections; *retrieval.Engine is one.
type Searcher interface {
	Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error)
}

// Library is the collection as the API shows and changes it. Look-ups of an
// unknown id fail with corpus.ErrNotFound.
type Library interface {
	Documents(ctx context.Context, f corpus.DocumentFilter) ([]corpus.Document, error)
	CountDocuments(ctx context.Context, f corpus.DocumentFilter) (int, error) // without Limit and Offset
	Collections(ctx context.Context) ([]corpus.CollectionCount, error)
	Document(ctx context.Context, id string) (corpus.Document, error)
	Section(ctx context.Context, id string) (corpus.Section, error)
	SectionsOf(ctx context.Context, docID string) ([]corpus.Section, error)
	References(ctx context.Context, sectionID string) ([]corpus.Reference, error)
	CitedBy(ctx context.Context, sectionID string) ([]corpus.Reference, error)
	Delete(ctx context.Context, docID string) error
	DeleteSamples(ctx context.Context) (int, error)
	// Upload reads one file into the collection; an archive gives a result for each
	// file in it. What is wrong with a file is in its result; the error is about the
	// library.
	Upload(ctx context.Context, name string, data []byte, to Target) ([]UploadResult, error)
	// Draft reads one file without storing it. Errors are about the file and fit to
	// show, or a policy.RefusedError.
	Draft(ctx context.Context, name string, data []byte) (*corpus.Contents, error)
	// PageImage draws a page (from 1) of a PDF as PNG, width pixels wide.
	PageImage(ctx context.Context, docID string, page, width int) ([]byte, error)
	Stats(ctx context.Context) (Stats, error)
}

// Target says where an upload goes.
type Target struct {
	Collection string   // "" for the default one
	Groups     []string // who may read it; empty for everyone, nil to leave it to the collection
}

// Stats says how much of the library its reader sees.
type Stats struct {
	Documents int  `json:"documents"`
	Sections  int  `json:"sections"`
	Passages  int  `json:"passages"`
	Samples   int  `json:"samples"`  // documents that are examples
	Indexing  bool `json:"indexing"` // the index lags behind the store

	Vectors VectorProgress `json:"vectors"`
}

// VectorProgress says how far embedding is: until all is done, search by meaning
// sees a part of the collection. It is zero where the library has no model.
type VectorProgress struct {
	Model    string  `json:"model"`
	Done     int     `json:"done"`  // passages that have a vector
	Total    int     `json:"total"` // passages
	Building bool    `json:"building"`
	Rate     float64 `json:"rate"`        // texts embedded a second of late; 0 where unknown
	ETA      float64 `json:"eta_seconds"` // until all is done; 0 where unknown
}

// The outcomes of an uploaded file.
const (
	StatusRead      = "read"
	StatusUnchanged = "unchanged"
	StatusReplaced  = "replaced"
	StatusRefused   = "refused"
	StatusFailed    = "failed"
	StatusDuplicate = "duplicate"
	StatusSkipped   = "skipped"
)

// UploadResult says what became of one file.
type UploadResult struct {
	Name     string          `json:"name"` // the sanitised relative path
	Status   string          `json:"status"`
	Document string          `json:"document,omitempty"` // id
	Title    string          `json:"title,omitempty"`    // of the document
	Sections int             `json:"sections,omitempty"`
	Reason   string          `json:"reason,omitempty"`   // Danish: why not, and what to do
	Verdict  *policy.Verdict `json:"verdict,omitempty"`  // of a refused file
	Warnings []string        `json:"warnings,omitempty"` // Danish: what may be wrong with a file that was read
}

// The outcomes of a question, as they are counted.
const (
	OutcomeAnswered  = "answered"
	OutcomeNoSource  = "no_source"
	OutcomeRefused   = "refused"
	OutcomeInvalid   = "invalid"
	OutcomeFailed    = "failed"
	OutcomeCancelled = "cancelled"
	OutcomeBusy      = "busy"
)

// Observer counts what happens. It must be safe for concurrent use.
type Observer interface {
	Answered(outcome string, took time.Duration)
	Uploaded(status string)
}

// Limits bound what one client can make the server do. Every field must be set;
// DefaultLimits gives the documented values.
type Limits struct {
	Body        int64         // bytes of a JSON request
	Upload      int64         // bytes of one uploaded file
	UploadTotal int64         // bytes of one upload request
	UploadFiles int           // files in one upload request
	Chats       int           // answers that are written at once; more wait
	Renders     int           // page images drawn at once; more wait
	Uploads     int           // upload requests received at once; more wait
	Queue       time.Duration // how long a request waits for its turn before 503
	Answer      time.Duration // how long one answer may take
	Heartbeat   time.Duration // between comments on a silent event stream
	WriteStall  time.Duration // how long one event may take to reach the client
	ReadStall   time.Duration // how long an upload may be silent
	Write       time.Duration // how long a change of the collection may take to be answered
}

// Config is what an API needs. Only Observer may be left out, and Activity with
// Recorder, which are the routes of what is remembered.
type Config struct {
	Version   string
	Assistant Assistant
	Searcher  Searcher
	Library   Library
	Gaps      GapChecker
	Ingests   Ingests                     // nil: none
	Check     func(string) policy.Verdict // of searches
	CheckName func(string) policy.Verdict // of names of files and collections
	Policy    policy.Explanation
	Activity  *activity.Store
	Recorder  *activity.Recorder
	KeptDays  int // how long conversations are kept; 0 for ever
	Observer  Observer
	Limits    Limits
}

// API holds the handlers.
type API struct {
	Config
	chats, renders, uploads gate
}

// New returns the API over cfg.
func New(cfg Config) *API {
	if cfg.Observer == nil {
		cfg.Observer = blind{}
	}
	l := cfg.Limits
	return &API{
		Config: cfg,
		chats:  newGate(l.Chats, l.Queue), renders: newGate(l.Renders, l.Queue), uploads: newGate(l.Uploads, l.Queue),
	}
}

// Register adds the routes to r. Path parameters reach the handlers as they
// stand in the address, so the engine must have UseEscapedPath set and
// UnescapePathValues not.
func (a *API) Register(r gin.IRouter) {
	r.GET("/openapi.json", handle(openAPI))
	v1 := r.Group("/api/v1", noStore, nameWay)
	if a.Activity != nil {
		v1.Use(a.auditRefusals)
		a.registerActivity(v1)
	}
	v1.POST("/chat", handle(a.chat))
	v1.POST("/summaries", handle(a.summarize))
	v1.POST("/gaps", handle(a.gaps))
	v1.GET("/search", handle(a.searchGet))
	v1.POST("/search", handle(a.searchPost))
	v1.GET("/policy", handle(a.explainPolicy))
	v1.GET("/documents", handle(a.listDocuments))
	v1.POST("/documents", handle(a.upload))
	v1.GET("/documents/:id", handle(a.document))
	v1.DELETE("/documents/:id", handle(a.deleteDocument))
	v1.GET("/documents/:id/sections/:section", handle(a.section))
	v1.GET("/documents/:id/pages/:page", handle(a.pageImage))
	v1.DELETE("/samples", handle(a.deleteSamples))
	v1.GET("/ingest", handle(a.listIngests))
	v1.GET("/info", handle(a.info))
}

// noStore keeps answers and documents out of shared and disk caches.
func noStore(c *gin.Context) { c.Header("Cache-Control", "no-store") }

type blind struct{}

func (blind) Answered(string, time.Duration) {}
func (blind) Uploaded(string)                {}
