package retrieval

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

// Store is what the engine reads of the document store.
type Store interface {
	Document(ctx context.Context, id string) (corpus.Document, error)
	Section(ctx context.Context, id string) (corpus.Section, error)
	Passage(ctx context.Context, id string) (corpus.Passage, error)
	Resolve(ctx context.Context, family, number, local string, day corpus.Date) (document, section string, status corpus.Status, err error)
	CitedBy(ctx context.Context, section string, day corpus.Date, limit int) ([]corpus.Reference, error)
	References(ctx context.Context, section string, day corpus.Date) ([]corpus.Reference, error)
	Citations(ctx context.Context, day corpus.Date) (corpus.Citations, error)
	Families(ctx context.Context) (map[string]string, error)
	LastRevision(ctx context.Context) (int64, error)
	View(ctx context.Context) (string, error)
}

// Index is the lexical index.
type Index interface {
	Search(ctx context.Context, q lexical.Query) (lexical.Result, error)
}

// Engine answers queries from a store and the indexes derived from it, as far as
// the reader of the context may see them (corpus.ReaderOf). It is safe for
// concurrent use.
type Engine struct {
	store     Store
	index     Index
	thesaurus *danish.Thesaurus
	register  *register.Register
	recipe    Recipe
	vectors   *Vectors    // nil: words only
	prior     *priorCache // shared with engines of other recipes
}

// NewEngine returns an engine over store and index that scores by
// DefaultRecipe, with the thesaurus and the subject register that come with the
// program.
func NewEngine(store Store, index Index) *Engine {
	return &Engine{store: store, index: index, thesaurus: danish.DefaultThesaurus(), register: register.Default(), recipe: DefaultRecipe(), prior: &priorCache{closed: make(chan struct{})}}
}

// Warm asks one question, so that the caches that the first one fills, a second
// or two in a large collection, are full when a person asks.
func (e *Engine) Warm(ctx context.Context) error {
	_, err := e.Search(ctx, Query{Text: "kommune", Mode: Lexical})
	return err
}

// Close waits for what searches left to be done in the background. Nothing may
// be searched after it.
func (e *Engine) Close() {
	close(e.prior.closed)
	e.prior.background.Wait()
}

// SetThesaurus replaces the thesaurus, before the first search.
func (e *Engine) SetThesaurus(t *danish.Thesaurus) { e.thesaurus = t }

// SetRegister replaces the subject register, before the first search.
func (e *Engine) SetRegister(r *register.Register) { e.register = r }

// What a query can be wrong about.
var (
	ErrEmptyQuery  = errors.New("the query is empty")
	ErrNoVectors   = errors.New("vector search needs vectors, and this collection has none: use the mode lexical")
	ErrUnknownMode = errors.New("unknown mode: use hybrid, lexical or vector")
)

// ErrUnavailable is wrapped where an index on another machine cannot be asked.
var ErrUnavailable = errors.New("the search index cannot be reached")

const (
	defaultK = 10
	maxK     = 1000
	// depth is how many lexical hits are rescored: DESIGN 7 measured that nothing
	// below the 300th reaches the best ten.
	depth = 300
)

// Search ranks the sections that answer q. A section that the query names comes
// first, in the version in force on the day asked; what it cites and what cites
// it counts as related.
func (e *Engine) Search(ctx context.Context, q Query) (Result, error) {
	start := time.Now()
	q, err := normal(q)
	if err != nil {
		return Result{}, err
	}
	if q.Mode == Vector && e.vectors == nil {
		return Result{}, ErrNoVectors
	}
	res := Result{AsOf: q.AsOf, Refs: queryRefs(q.Text)}
	named, err := e.named(ctx, q, res.Refs)
	if err != nil {
		return Result{}, err
	}
	ranked, err := e.ranked(ctx, q, &res)
	if err != nil {
		return Result{}, err
	}
	if len(named) > 0 && named[0].exact {
		res.Answerable = 1 // the query names a section that is there
	}
	if res.Hits, err = e.compose(ctx, q, named, ranked); err != nil {
		return Result{}, err
	}
	if res.Total < len(res.Hits) {
		res.Total = len(res.Hits)
	}
	res.MS = float64(time.Since(start).Microseconds()) / 1000
	return res, nil
}

func normal(q Query) (Query, error) {
	q.Text = strings.TrimSpace(q.Text)
	if q.Text == "" {
		return q, ErrEmptyQuery
	}
	switch {
	case q.K <= 0:
		q.K = defaultK
	case q.K > maxK:
		q.K = maxK
	}
	if q.AsOf == "" {
		q.AsOf = corpus.Today()
	}
	switch q.Mode {
	case "", Hybrid, Lexical, Vector:
	default:
		return q, fmt.Errorf("%q: %w", q.Mode, ErrUnknownMode)
	}
	return q, nil
}

// candidate is a section on its way to becoming a hit.
type candidate struct {
	document, section, passage string
	part                       string // of a section that the query names
	exact                      bool
	score                      float64
	subject                    register.Found
}

// ranked asks the indexes, fuses what they say, and adds the priors. Where the
// vectors fail, it ranks by words and says so in res.
func (e *Engine) ranked(ctx context.Context, q Query, res *Result) ([]candidate, error) {
	wait := e.near(ctx, q)
	lang := danish.DetectLanguage(q.Text)
	found, err := e.index.Search(ctx, lexical.Query{
		Text: q.Text, Lang: lang, K: max(depth, q.K), AsOf: q.AsOf,
		Collections: q.Filter.Collections, Kinds: q.Filter.Kinds, Documents: q.Filter.Documents, Reader: corpus.ReaderOf(ctx),
		Expansions: e.thesaurus.Expand(q.Text), Weights: e.recipe.Lexical,
	})
	n := wait()
	if err != nil {
		return nil, fmt.Errorf("searching the index: %w", err)
	}
	if e.vectors != nil {
		n.look(ctx, e.vectors.Index, q, found.Hits)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	res.Total, res.Mode, res.Vectors = found.Total, n.mode(q.Mode), n.done
	if n.err != nil {
		res.Degraded = degraded(n.err)
		e.vectors.tell(ctx, n.err)
	}
	res.Features = features(&found)
	res.Answerable = res.Features.answerable()
	hits := found.Hits
	var governed subjects
	if res.Mode == Vector {
		hits = n.join(nil, 1)
	} else {
		hits = n.join(hits, e.recipe.Vectors.of(q.Text, lang, found.Evidence.Unknown))
		if governed, err = e.subjectsOf(ctx, q, n.query, res); err != nil {
			return nil, fmt.Errorf("reading the subject register: %w", err)
		}
		hits = governed.join(hits, e.recipe.Register.of(q.Text, lang, found.Evidence.Unknown))
		if err := e.rescore(ctx, hits, q.AsOf); err != nil {
			return nil, err
		}
	}
	out := make([]candidate, len(hits))
	for i, h := range hits {
		out[i] = candidate{document: h.Document, section: h.Section, passage: h.Passage, score: h.Score, subject: governed[h.Section]}
	}
	return out, nil
}

// compose puts the named sections before the ranked ones, drops doubles, and
// loads what a hit shows.
func (e *Engine) compose(ctx context.Context, q Query, named, ranked []candidate) ([]Hit, error) {
	var hits []Hit
	seen := map[string]bool{}
	docs := map[string]corpus.Document{}
	for _, c := range append(named, ranked...) {
		if len(hits) == q.K {
			break
		}
		if seen[c.section] {
			continue
		}
		seen[c.section] = true
		hit, err := e.hit(ctx, c, q.AsOf, docs)
		if errors.Is(err, corpus.ErrNotFound) {
			continue // deleted since the index was asked
		}
		if err != nil {
			return nil, err
		}
		hit.Rank = len(hits) + 1
		hits = append(hits, hit)
	}
	return hits, nil
}

func (e *Engine) hit(ctx context.Context, c candidate, day corpus.Date, docs map[string]corpus.Document) (Hit, error) {
	doc, ok := docs[c.document]
	if !ok {
		var err error
		if doc, err = e.store.Document(ctx, c.document); err != nil {
			return Hit{}, err
		}
		docs[c.document] = doc
	}
	sec, err := e.store.Section(ctx, c.section)
	if err != nil {
		return Hit{}, err
	}
	start, end, err := e.snippet(ctx, &sec, c)
	if err != nil {
		return Hit{}, err
	}
	return Hit{
		Score: c.score, Document: doc.ID, Section: sec.ID, Passage: c.passage,
		Reference: Reference(&doc, &sec, c.part), Title: doc.Title, Path: sec.Path, Heading: sec.Heading,
		Snippet: sec.Text[start:end], Start: start, End: end, URL: doc.URL, Kind: doc.Kind, Issued: doc.Issued,
		InForce: doc.InForce(day), Page: sec.Page(start), Exact: c.exact,
		Subject: c.subject.Phrase, Register: c.subject,
	}, nil
}

// Reference names a section, and a part of it, as a caseworker would cite it:
// "serviceloven § 85, stk. 2"; "Vejledning om BPA, 3.2 Udmåling".
func Reference(doc *corpus.Document, sec *corpus.Section, part string) string {
	name := doc.Title
	if len(doc.ShortTitles) > 0 {
		name = doc.ShortTitles[0]
	}
	if strings.HasPrefix(sec.Label, "§") {
		if len(sec.Path) > 1 && strings.Contains(sec.ID, "~") {
			// A closing provision of an amending act, reprinted at the end of the
			// consolidated one: not the act's own § of that number.
			name += ", " + sec.Path[0] + ","
		}
		name += " " + sec.Label
		if part != "" {
			name += ", " + part
		}
		return name
	}
	switch {
	case sec.Heading != "" && strings.Contains(sec.Heading, sec.Label):
		return name + ", " + sec.Heading
	case sec.Label != "" || sec.Heading != "":
		return name + ", " + strings.TrimSpace(sec.Label+" "+sec.Heading)
	}
	return name
}
