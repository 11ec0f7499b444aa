package mcp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
)

type sectionInput struct {
	Section   string `json:"section,omitempty" jsonschema:"Bestemmelsens id, fx »lbk-2025-282#138«. Angiv section eller reference."`
	Reference string `json:"reference,omitempty" jsonschema:"En henvisning, fx »barnets lov § 138« eller »SEL § 85, stk. 2«. Angiv section eller reference."`
	AsOf      string `json:"as_of,omitempty" jsonschema:"Den dag, henvisningen skal forstås for, og gyldigheden fortælles for (ÅÅÅÅ-MM-DD). Standard i dag."`
}

type sectionOutput struct {
	Section      string      `json:"section" jsonschema:"Bestemmelsens id."`
	Document     string      `json:"document" jsonschema:"Dokumentets id."`
	Title        string      `json:"title" jsonschema:"Dokumentets titel."`
	Reference    string      `json:"reference" jsonschema:"Henvisningen, som den citeres."`
	Path         []string    `json:"path" jsonschema:"Kapitel og overskrifter over bestemmelsen."`
	Heading      string      `json:"heading,omitempty"`
	Text         string      `json:"text" jsonschema:"Hele bestemmelsen, ordret."`
	Kind         string      `json:"kind"`
	Number       string      `json:"number,omitempty" jsonschema:"Dokumentets nummer og dato."`
	InForce      bool        `json:"in_force" jsonschema:"Om dokumentet gælder den dag."`
	InForceFrom  string      `json:"in_force_from,omitempty"`
	InForceTo    string      `json:"in_force_to,omitempty" jsonschema:"Den første dag, dokumentet ikke længere gælder."`
	SupersededBy string      `json:"superseded_by,omitempty" jsonschema:"Id på den nyere udgave, hvis der er en."`
	Repealed     bool        `json:"repealed,omitempty" jsonschema:"Bestemmelsen er ophævet."`
	URL          string      `json:"url,omitempty" jsonschema:"Den officielle tekst."`
	Previous     string      `json:"previous,omitempty" jsonschema:"Id på bestemmelsen før."`
	Next         string      `json:"next,omitempty" jsonschema:"Id på bestemmelsen efter."`
	References   []reference `json:"references" jsonschema:"Det, bestemmelsen henviser til."`
	CitedBy      []reference `json:"cited_by" jsonschema:"Det, der henviser til bestemmelsen."`
}

type reference struct {
	Quote   string `json:"quote" jsonschema:"Henvisningen, ordret."`
	Section string `json:"section,omitempty" jsonschema:"Id på bestemmelsen i den anden ende."`
	Status  string `json:"status" jsonschema:"Om henvisningen kan følges i samlingen."`
}

func (s *Server) addSection() {
	add(s, tool{
		name: "get_section", title: "Læs en bestemmelse", task: activity.TaskSearch,
		description: "Giver hele den ordrette tekst af en bestemmelse eller et afsnit, med gyldighed, naboer, hvad den henviser til, og hvad der henviser til den. " +
			"Slår op efter id fra search eller efter en henvisning.",
	}, s.section)
}

func (s *Server) section(ctx context.Context, in sectionInput) (sectionOutput, error) {
	day, err := dayOf(in.AsOf)
	if err != nil {
		return sectionOutput{}, err
	}
	if (in.Section == "") == (in.Reference == "") {
		return sectionOutput{}, badInput("Angiv enten »section« (et id) eller »reference« (en henvisning).")
	}
	id, label := in.Section, ""
	if in.Reference != "" {
		if id, label, err = s.resolve(ctx, in.Reference, day); err != nil {
			return sectionOutput{}, err
		}
	}
	sec, err := s.Library.Section(ctx, id)
	if err != nil {
		return sectionOutput{}, unknown(err, "Bestemmelsen")
	}
	doc, err := s.Library.Document(ctx, sec.Document)
	if err != nil {
		return sectionOutput{}, unknown(err, "Bestemmelsen")
	}
	if label == "" {
		label = retrieval.Reference(&doc, &sec, "")
	}
	out := sectionOutput{
		Section: sec.ID, Document: doc.ID, Title: doc.Title, Reference: label, Path: list(sec.Path), Heading: sec.Heading, Text: sec.Text,
		Kind: string(doc.Kind), Number: doc.Number, InForce: doc.InForce(day), InForceFrom: string(doc.InForceFrom), InForceTo: string(doc.InForceTo),
		SupersededBy: doc.SupersededBy, Repealed: sec.Repealed, URL: doc.URL,
	}
	if err := s.around(ctx, &out); err != nil {
		return sectionOutput{}, err
	}
	s.did(ctx, doc.ID)
	return out, nil
}

// resolve finds the section that a reference names.
func (s *Server) resolve(ctx context.Context, ref string, day corpus.Date) (id, label string, err error) {
	result, err := s.find(ctx, retrieval.Query{Text: ref, K: 3, AsOf: day})
	if err != nil {
		return "", "", err
	}
	at := slices.IndexFunc(result.Hits, func(h retrieval.Hit) bool { return h.Exact })
	if at < 0 {
		return "", "", unknown(corpus.ErrNotFound, "En bestemmelse med den henvisning")
	}
	return result.Hits[at].Section, result.Hits[at].Reference, nil
}

// around fills in what stands before and after, and what refers where.
func (s *Server) around(ctx context.Context, out *sectionOutput) error {
	sections, err := s.Library.SectionsOf(ctx, out.Document)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(sections, func(sec corpus.Section) bool { return sec.ID == out.Section })
	if at > 0 {
		out.Previous = sections[at-1].ID
	}
	if at >= 0 && at+1 < len(sections) {
		out.Next = sections[at+1].ID
	}
	refs, err := s.Library.References(ctx, out.Section)
	cited, err2 := s.Library.CitedBy(ctx, out.Section)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	out.References, out.CitedBy = []reference{}, []reference{}
	for _, r := range refs {
		out.References = append(out.References, reference{r.Raw, r.Section, string(r.Status)})
	}
	for _, r := range cited {
		entry := reference{strings.TrimSpace(r.Raw), r.From, string(r.Status)}
		if !slices.Contains(out.CitedBy, entry) {
			out.CitedBy = append(out.CitedBy, entry)
		}
	}
	return nil
}
