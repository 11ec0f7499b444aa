package gaps

import (
	"context"
	"fmt"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// number checks the number of an act: "LBK nr 1089 af 16/08/2023". It tells
// whether all is said; else the § of the reference, if any, is still to be
// looked up in the act that f.family names.
func (r *run) number(ctx context.Context, f *reference) (done bool, err error) {
	n := f.ref.Number
	named := f.family
	if named == "" {
		named = actOfNumber(f.from.Text, f.ref.Start, f.ref.End)
	}
	cited := r.byID[n.ID()]
	switch {
	case cited != nil && cited.Family != "" && named != "" && named != cited.Family:
		r.wrongNumber(f, cited, named)
		return f.ref.Section == "", nil
	case cited != nil && cited.Family != "":
		f.family = cited.Family
		return r.numberInForce(f, cited, n), nil
	case named == "" || r.current[named] == nil || n.Type == "LOV" || n.Type == "BEK" || n.Type == "VEJ" || n.Type == "CIR" || n.Type == "CIS":
		r.unchecked(f, fmt.Sprintf("%s er ikke i samlingen", n))
		return true, nil
	}
	f.family = named
	return r.otherNumber(f, r.current[named], n), nil
}

// numberInForce compares the number of a version that the collection has with
// the version in force.
func (r *run) numberInForce(f *reference, cited *corpus.Document, n citation.Number) (done bool) {
	current := r.current[cited.Family]
	switch {
	case cited.ID != current.ID:
		r.superseded(f, r.law.act(cited), current, 0.97)
	case n.Date != "" && cited.Issued != "" && corpus.Date(n.Date) != cited.Issued:
		r.found(OfReference, Finding{
			Kind: UnknownRef, At: f.at(), Law: r.law.act(cited), Confidence: 0.9,
			Explanation: fmt.Sprintf("Datoen passer ikke til nummeret: det er %s.", cited.Number),
		})
	case f.ref.Section == "":
		r.inOrder(f, r.law.act(cited))
	default:
		return false
	}
	return f.ref.Section == ""
}

// otherNumber compares the number of a version that the collection lacks with
// the version in force of the act that is named beside it.
func (r *run) otherNumber(f *reference, current *corpus.Document, n citation.Number) (done bool) {
	have, ok := citation.ParseNumber(current.Number)
	date := corpus.Date(n.Date)
	if date == "" {
		date = corpus.Date(fmt.Sprint(n.Year))
	}
	switch {
	case !ok || current.Issued == "":
		r.unchecked(f, fmt.Sprintf("%s er ikke i samlingen", n))
	case have.No == n.No || date == current.Issued:
		r.found(OfReference, Finding{
			Kind: UnknownRef, At: f.at(), Law: r.law.act(current), Confidence: 0.85,
			Explanation: fmt.Sprintf("Nummer og dato passer ikke sammen: den gældende bekendtgørelse af %s er %s.", name(current), current.Number),
		})
	case date < current.Issued:
		r.superseded(f, nil, current, 0.92)
	default:
		r.unchecked(f, fmt.Sprintf("%s er nyere end samlingens %s: opdatér samlingen", n, current.Number))
	}
	return f.ref.Section == ""
}

func (r *run) superseded(f *reference, cited *Law, current *corpus.Document, confidence float64) {
	r.found(OfReference, Finding{
		Kind: Outdated, At: f.at(), Law: cited, Now: r.law.act(current), Confidence: confidence,
		Explanation: fmt.Sprintf("%s er afløst af %s.", f.ref.Number, current.Number),
	})
}

// wrongNumber records a number that is another act's.
func (r *run) wrongNumber(f *reference, cited *corpus.Document, named string) {
	finding := Finding{Kind: UnknownRef, At: f.at(), Law: r.law.act(cited), Confidence: 0.9}
	finding.Explanation = fmt.Sprintf("%s er %s, ikke den lov, som teksten nævner.", f.ref.Number, cited.Title)
	if d := r.current[named]; d != nil {
		finding.Now = r.law.act(d)
		finding.Explanation = fmt.Sprintf("%s er %s. %s er %s.", f.ref.Number, cited.Title, upper(name(d)), d.Number)
	}
	f.family = named
	r.found(OfReference, finding)
}
