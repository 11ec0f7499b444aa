package mcp

import (
	"context"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

type referencesInput struct {
	Text     string `json:"text,omitempty" jsonschema:"Teksten, hvis henvisninger skal tjekkes (Markdown). Gemmes ikke. Angiv text eller document."`
	Document string `json:"document,omitempty" jsonschema:"Id på et dokument i samlingen. Angiv text eller document."`
	AsOf     string `json:"as_of,omitempty" jsonschema:"Hold op mod det, der gjaldt denne dag (ÅÅÅÅ-MM-DD). Standard i dag."`
}

type gapsInput struct {
	Text          string   `json:"text,omitempty" jsonschema:"Vejledningen som tekst (Markdown). Gemmes ikke. Angiv text eller document."`
	Document      string   `json:"document,omitempty" jsonschema:"Id på en vejledning i samlingen. Angiv text eller document."`
	Against       []string `json:"against,omitempty" jsonschema:"Dokumenter eller bestemmelser (id), der skal holdes op mod. Standard: det, teksten henviser til."`
	AsOf          string   `json:"as_of,omitempty" jsonschema:"Hold op mod det, der gjaldt denne dag (ÅÅÅÅ-MM-DD). Standard i dag."`
	MinConfidence float64  `json:"min_confidence,omitempty" jsonschema:"Udelad fund, der er mindre sikre end dette, 0 til 1. Standard 0,55."`
}

type gapsOutput struct {
	Title    string        `json:"title" jsonschema:"Titlen på den tekst, der er tjekket."`
	AsOf     corpus.Date   `json:"as_of"`
	Against  []string      `json:"against" jsonschema:"Id på de dokumenter, der er holdt op mod."`
	Findings []finding     `json:"findings" jsonschema:"Det, der ser forkert ud, i tekstens rækkefølge. Tom liste: intet fundet."`
	Checked  checkedCounts `json:"checked" jsonschema:"Hvad der blev tjekket: et fund, der mangler, kan være noget, der ikke kunne tjekkes."`
}

// finding is a gaps.Finding in the shape that a model reads.
type finding struct {
	Kind        string    `json:"kind" jsonschema:"outdated: gjaldt engang. contradiction: loven siger noget andet. missing: loven kræver det. unknown_reference: findes ikke."`
	Severity    string    `json:"severity" jsonschema:"high, medium eller low."`
	Place       string    `json:"place" jsonschema:"Afsnittet i den tekst, der er tjekket."`
	Quote       string    `json:"quote" jsonschema:"Tekstens egne ord, ordret."`
	Law         *lawPlace `json:"law,omitempty" jsonschema:"Det sted i loven, der er holdt op mod."`
	Now         *lawPlace `json:"now,omitempty" jsonschema:"Det sted, henvisningen bør gå til nu."`
	Explanation string    `json:"explanation"`
	Confidence  float64   `json:"confidence" jsonschema:"0 til 1. Vis brugeren, hvor sikkert fundet er."`
}

type lawPlace struct {
	Reference string `json:"reference"`
	Section   string `json:"section,omitempty" jsonschema:"Id, til get_section."`
	Document  string `json:"document"`
	Title     string `json:"title"`
	Quote     string `json:"quote" jsonschema:"Lovens egne ord, ordret."`
	URL       string `json:"url,omitempty"`
}

type checkedCounts struct {
	InOrder    int `json:"in_order" jsonschema:"Er i orden."`
	Findings   int `json:"findings"`
	NotChecked int `json:"not_checked" jsonschema:"Kunne ikke tjekkes: det, der skulle holdes op mod, er ikke i samlingen."`
	Unsure     int `json:"unsure" jsonschema:"For usikkert at melde, eller ikke krævet nævnt."`
}

func (s *Server) addGaps() {
	add(s, tool{
		name: "check_references", title: "Tjek henvisninger til loven", task: activity.TaskGaps,
		description: "Tjekker hver henvisning i en tekst eller et dokument: findes loven og paragraffen, gælder den, er den flyttet? " +
			"Giver begge steder ordret, og hvor henvisningen bør gå hen nu.",
	}, func(ctx context.Context, in referencesInput) (gapsOutput, error) {
		return s.compare(ctx, in.Text, in.Document, in.AsOf, gaps.Options{ReferencesOnly: true})
	})
	add(s, tool{
		name: "find_gaps", title: "Hold en vejledning op mod loven", task: activity.TaskGaps,
		description: "Holder en vejledning op mod lovgivningen: forældede henvisninger, frister og beløb, der afviger, pligter, der mangler eller er vendt om. " +
			"Giver begge steder ordret. Fund er forslag, som et menneske skal vurdere.",
		limit: func(p map[string]*jsonschema.Schema) {
			p["min_confidence"].Minimum, p["min_confidence"].Maximum = jsonschema.Ptr(0.0), jsonschema.Ptr(1.0)
		},
	}, func(ctx context.Context, in gapsInput) (gapsOutput, error) {
		return s.compare(ctx, in.Text, in.Document, in.AsOf, gaps.Options{Against: in.Against, MinConfidence: in.MinConfidence})
	})
}

func (s *Server) compare(ctx context.Context, text, document, asOf string, o gaps.Options) (gapsOutput, error) {
	var err error
	if o.AsOf, err = dayOf(asOf); err != nil {
		return gapsOutput{}, err
	}
	report, err := costly(ctx, s, func(ctx context.Context) (gaps.Report, error) {
		guideline, err := s.guideline(ctx, text, document)
		if err != nil {
			return gaps.Report{}, err
		}
		report, err := s.Gaps.Check(ctx, guideline, o)
		return report, unknown(err, "Et af de dokumenter, der skal holdes op mod,")
	})
	if err != nil {
		return gapsOutput{}, err
	}
	return reportOf(&report), nil
}

// draftName is the name of a text that a model sends.
const draftName = "tekst.md"

// guideline reads what is to be compared: a document, or a text past the policy.
func (s *Server) guideline(ctx context.Context, text, document string) (gaps.Text, error) {
	if (document == "") == (strings.TrimSpace(text) == "") {
		return gaps.Text{}, badInput("Angiv enten »text« eller »document«.")
	}
	if document != "" {
		guideline, err := gaps.OfDocument(ctx, s.Library, document)
		return guideline, unknown(err, "Dokumentet")
	}
	draft, err := api.Draft(ctx, s.Library, draftName, []byte(text))
	if err != nil {
		return gaps.Text{}, err
	}
	return gaps.OfDraft(draftName, draft), nil
}

func reportOf(r *gaps.Report) gapsOutput {
	out := gapsOutput{Title: r.Title, AsOf: r.AsOf, Against: list(r.Against), Findings: []finding{}}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, finding{
			Kind: string(f.Kind), Severity: string(f.Severity), Place: f.At.Label, Quote: f.At.Quote,
			Law: placeOf(f.Law), Now: placeOf(f.Now), Explanation: f.Explanation, Confidence: f.Confidence,
		})
	}
	for _, c := range r.Checked {
		switch c.Outcome {
		case gaps.InOrder:
			out.Checked.InOrder++
		case gaps.Found:
			out.Checked.Findings++
		case gaps.NotChecked:
			out.Checked.NotChecked++
		default:
			out.Checked.Unsure++
		}
	}
	return out
}

func placeOf(l *gaps.Law) *lawPlace {
	if l == nil {
		return nil
	}
	return &lawPlace{Reference: l.Reference, Section: l.Section, Document: l.Document, Title: l.Title, Quote: l.Quote, URL: l.URL}
}
