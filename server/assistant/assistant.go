// Package assistant turns a question into an answer in which every statement
// carries a citation that can be checked. It knows no HTTP: each way in renders
// the same events.
package assistant

import (
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/llm"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Task is what the caseworker wants done.
type Task string

// The tasks.
const (
	TaskAuto    Task = "auto"
	TaskLookup  Task = "lookup"
	TaskSummary Task = "summary"
)

// Request is one question.
type Request struct {
	Question    string      `json:"question"`
	Task        Task        `json:"task,omitempty"`
	AsOf        corpus.Date `json:"as_of,omitempty"`
	Collections []string    `json:"collections,omitempty"`
	Documents   []string    `json:"documents,omitempty"`
	History     []Turn      `json:"history,omitempty"` // earlier questions of the conversation, the oldest first
	// Conversation names the stored conversation that the question goes on. The
	// assistant keeps none: package activity turns it into History.
	Conversation string `json:"conversation,omitempty"`
}

// Answer is the whole reply.
type Answer struct {
	Task     Task           `json:"task"`
	Verdict  policy.Verdict `json:"verdict"`
	Answered bool           `json:"answered"`
	Answer   []Sentence     `json:"answer"`
	Sources  []Source       `json:"sources"`
	Refused  string         `json:"refused,omitempty"` // why nothing is answered, in Danish: policy or "ingen kilde fundet"
	AsOf     corpus.Date    `json:"as_of"`
	// Understood is the question as it was answered, where a follow-up question was
	// completed from the conversation.
	Understood string `json:"understood,omitempty"`
	// Degraded says in Danish what the search could not do by meaning: the vectors
	// are not ready, or what embeds questions does not answer.
	Degraded string `json:"degraded,omitempty"`
	// Model names the language model that worded the answer; "" where the answer
	// only quotes. Notice says in Danish what went wrong with it, or was stopped.
	Model   string   `json:"model,omitempty"`
	Notice  string   `json:"notice,omitempty"`
	Checked *Checked `json:"checked,omitempty"`
	Usage   Usage    `json:"usage"`
	// Conversation and Turn name where the answer was stored, if it was: see
	// package activity.
	Conversation string `json:"conversation,omitempty"`
	Turn         string `json:"turn,omitempty"`
}

// Checked counts what became of the sentences that a model wrote.
type Checked struct {
	Worded  int `json:"worded"`  // verified and shown
	Quoted  int `json:"quoted"`  // not verified: the source's own words are shown instead
	Dropped int `json:"dropped"` // not verified, and nothing shown instead
}

// Sentence is one statement with the numbers of the sources that carry it.
type Sentence struct {
	Text      string `json:"text"`
	Role      Role   `json:"role"`           // what the statement does in the answer
	Part      string `json:"part,omitempty"` // of a summary's point: the chapter or heading it is told under
	Citations []int  `json:"citations"`      // numbers of Sources, from 1
	Verified  bool   `json:"verified"`
	Worded    bool   `json:"worded,omitempty"` // a model's words; else the source's own
}

// Role orders an answer: the short answer first, then what qualifies it.
type Role string

// The roles of a statement.
const (
	RoleAnswer    Role = "answer"
	RoleCondition Role = "condition"
	RoleException Role = "exception"
	RoleDeadline  Role = "deadline"
	RoleAuthority Role = "authority" // who decides
	RoleAppeal    Role = "appeal"
	RoleRelated   Role = "related" // of another section that may have been meant
)

// Further roles, of summaries: the key points, then the points to watch
// (opmærksomhedspunkter), which also have the roles deadline, condition and
// exception.
const (
	RolePoint       Role = "point"
	RoleDuty        Role = "duty"
	RoleProhibition Role = "prohibition"
	RoleAmount      Role = "amount"
	RoleDiscretion  Role = "discretion"
	RoleDelegation  Role = "delegation"
)

// Source is a citation: a verbatim quote and where it stands.
type Source struct {
	N           int         `json:"n"` // from 1
	Document    string      `json:"document"`
	Section     string      `json:"section"`
	Passage     string      `json:"passage"`
	Reference   string      `json:"reference"` // "serviceloven § 85, stk. 2"
	Title       string      `json:"title"`
	Path        []string    `json:"path"`
	Heading     string      `json:"heading,omitempty"`
	Quote       string      `json:"quote"` // verbatim: the section's text[start:end]
	Start       int         `json:"start"`
	End         int         `json:"end"`
	URL         string      `json:"url,omitempty"`
	Kind        corpus.Kind `json:"kind"`
	Issued      corpus.Date `json:"issued,omitempty"`
	InForce     bool        `json:"in_force"`
	InForceFrom corpus.Date `json:"in_force_from,omitempty"`
	InForceTo   corpus.Date `json:"in_force_to,omitempty"`
	Page        int         `json:"page,omitempty"`
	Sample      bool        `json:"sample,omitempty"`
}

// Usage says what the answer cost.
type Usage struct {
	Tokens    int     `json:"tokens"` // of a language model, prompt and reply
	Written   int     `json:"-"`      // of Tokens, those of the reply
	CostDKK   float64 `json:"cost_dkk"`
	Estimated bool    `json:"estimated,omitempty"` // the model's server gave no count
	MS        float64 `json:"ms"`
}

func (u *Usage) add(m llm.Usage) {
	u.Tokens += m.In + m.Out
	u.Written += m.Out
	u.CostDKK += m.CostDKK
	u.Estimated = u.Estimated || m.Estimated
}

// EventType names an event of the answer stream.
type EventType string

// The events, in the order they come: verdict, then (if allowed) status and
// sources and sentences as they are found, then done. An error ends the stream.
const (
	EventVerdict  EventType = "verdict"
	EventStatus   EventType = "status"
	EventSource   EventType = "source"
	EventSentence EventType = "sentence"
	EventDone     EventType = "done"
	EventError    EventType = "error"
)

// Event is one step of an answer. Exactly the field that the type names is set.
type Event struct {
	Type     EventType       `json:"type"`
	Verdict  *policy.Verdict `json:"verdict,omitempty"`
	Status   string          `json:"status,omitempty"` // Danish, for a person who waits
	Source   *Source         `json:"source,omitempty"`
	Sentence *Sentence       `json:"sentence,omitempty"`
	Answer   *Answer         `json:"answer,omitempty"` // of done: the whole answer again
	Error    string          `json:"error,omitempty"`  // Danish, safe to show
}
