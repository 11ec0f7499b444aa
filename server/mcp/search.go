package mcp

import (
	"context"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
)

// hits are how many sections a search returns: a model's context is not a screen.
const (
	defaultHits = 8
	maxHits     = 30
)

type searchInput struct {
	Query       string   `json:"query" jsonschema:"Søgeord, et spørgsmål eller en henvisning, fx »tabt arbejdsfortjeneste« eller »SEL § 85, stk. 2«. Ingen personoplysninger."`
	K           int      `json:"k,omitempty" jsonschema:"Hvor mange bestemmelser, 1 til 30. Standard 8."`
	AsOf        string   `json:"as_of,omitempty" jsonschema:"Søg i det, der gjaldt denne dag (ÅÅÅÅ-MM-DD). Standard i dag."`
	Collections []string `json:"collections,omitempty" jsonschema:"Kun disse samlinger."`
	Documents   []string `json:"documents,omitempty" jsonschema:"Kun disse dokumenter (id)."`
}

type searchOutput struct {
	Hits     []hit  `json:"hits" jsonschema:"De bestemmelser og afsnit, der passer bedst, den bedste først."`
	AsOf     string `json:"as_of" jsonschema:"Den dag, der er søgt for."`
	Degraded string `json:"degraded,omitempty" jsonschema:"Hvorfor der kun er søgt på ord, hvis betydningssøgningen ikke var med."`
}

type hit struct {
	Section   string   `json:"section" jsonschema:"Bestemmelsens id, til get_section og summarize."`
	Document  string   `json:"document" jsonschema:"Dokumentets id, til summarize, check_references og find_gaps."`
	Reference string   `json:"reference" jsonschema:"Henvisningen, som den citeres."`
	Title     string   `json:"title" jsonschema:"Dokumentets titel."`
	Path      []string `json:"path" jsonschema:"Kapitel og overskrifter over bestemmelsen."`
	Heading   string   `json:"heading,omitempty"`
	Quote     string   `json:"quote" jsonschema:"Ordret uddrag af bestemmelsen."`
	Kind      string   `json:"kind" jsonschema:"Dokumentets art."`
	InForce   bool     `json:"in_force" jsonschema:"Om dokumentet gælder den dag, der er søgt for."`
	Exact     bool     `json:"exact" jsonschema:"Søgningen nævner netop denne bestemmelse."`
	Page      int      `json:"page,omitempty" jsonschema:"Side i dokumentet, hvis det har sider."`
	URL       string   `json:"url,omitempty" jsonschema:"Den officielle tekst."`
}

func (s *Server) addSearch() {
	add(s, tool{
		name: "search", title: "Søg i lovgivning og vejledninger", task: activity.TaskSearch,
		description: "Finder de bestemmelser i lovgivningen og de afsnit i kommunens vejledninger, der passer bedst til en søgning. " +
			"Giver ordrette uddrag med henvisning og id. Læs hele bestemmelsen med get_section, før den citeres.",
		limit: func(p map[string]*jsonschema.Schema) {
			p["k"].Minimum, p["k"].Maximum = jsonschema.Ptr(1.0), jsonschema.Ptr(float64(maxHits))
		},
	}, s.search)
}

func (s *Server) search(ctx context.Context, in searchInput) (searchOutput, error) {
	q := retrieval.Query{Text: in.Query, K: in.K, Filter: retrieval.Filter{Collections: in.Collections, Documents: in.Documents}}
	if q.K == 0 {
		q.K = defaultHits
	}
	var err error
	if q.AsOf, err = dayOf(in.AsOf); err != nil {
		return searchOutput{}, err
	}
	result, err := s.find(ctx, q)
	if err != nil {
		return searchOutput{}, err
	}
	out := searchOutput{Hits: []hit{}, AsOf: string(result.AsOf), Degraded: result.Degraded}
	var shown []string
	for _, h := range result.Hits {
		out.Hits = append(out.Hits, hit{
			Section: h.Section, Document: h.Document, Reference: h.Reference, Title: h.Title, Path: list(h.Path), Heading: h.Heading,
			Quote: h.Snippet, Kind: string(h.Kind), InForce: h.InForce, Exact: h.Exact, Page: h.Page, URL: h.URL,
		})
		if !slices.Contains(shown, h.Document) {
			shown = append(shown, h.Document)
		}
	}
	s.did(ctx, shown...)
	return out, nil
}

// find searches, past the policy.
func (s *Server) find(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	if err := api.CheckQuery(&q); err != nil {
		return retrieval.Result{}, err
	}
	if v := s.Check(q.Text); !v.Allowed {
		return retrieval.Result{}, api.Refusal(v)
	}
	return s.Searcher.Search(ctx, q)
}

// list is l, or empty where there is none: a schema's array is never null.
func list(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}
