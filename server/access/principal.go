// Package access says who asks, and what they may read and do.
package access

import (
	"context"
	"slices"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Role is what a person or program may do besides reading.
type Role string

// The roles. Each is held on its own: an administrator who ingests is an editor too.
const (
	Reader        Role = "reader"        // asks, summarises, looks for gaps
	Editor        Role = "editor"        // ingests and deletes documents
	Evaluator     Role = "evaluator"     // reads evaluation reports and feedback
	Administrator Role = "administrator" // reads the audit log and costs, manages keys
)

// Principal is who a request acts for.
type Principal struct {
	Subject string   // stable id at the issuer; "local" where no login is set up
	Name    string   // to be shown; may be empty
	Groups  []string // whose documents may be read, besides those that are open to everyone
	Roles   []Role
	// Everything is set where no login is set up: whoever reaches the loopback
	// address reads all documents.
	Everything bool
}

// Local is the person at this machine, where no login is set up.
func Local() Principal {
	return Principal{Subject: "local", Roles: []Role{Reader, Editor, Evaluator, Administrator}, Everything: true}
}

// Has says whether p holds role.
func (p *Principal) Has(role Role) bool { return slices.Contains(p.Roles, role) }

// ParseRole returns the role of a name.
func ParseRole(name string) (Role, bool) {
	role := Role(name)
	return role, slices.Contains(Local().Roles, role)
}

type principalKey struct{}

// With returns a context whose requests act for p, and whose reads see the
// collection with the eyes of p: a handler cannot forget to ask.
func With(ctx context.Context, p Principal) context.Context {
	ctx = corpus.WithReader(ctx, corpus.Reader{Groups: p.Groups, Everything: p.Everything})
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns who ctx acts for. A context without a principal acts for nobody:
// it holds no role and reads only what is open to everyone.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}
