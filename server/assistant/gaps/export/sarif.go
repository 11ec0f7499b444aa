package export

import (
	"encoding/json"
	"io"
	"net/url"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

// The parts of SARIF 2.1.0 (OASIS, 27 March 2020) that a report needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri,omitempty"`
		Version        string      `json:"version,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID     string          `json:"ruleId"`
		RuleIndex  int             `json:"ruleIndex"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Rank       float64         `json:"rank"` // confidence, 0 to 100
		Properties map[string]any  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifLogical struct {
		Name               string `json:"name"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

var sarifKinds = []gaps.Kind{gaps.Outdated, gaps.Contradiction, gaps.Missing, gaps.UnknownRef}

var sarifLevels = map[gaps.Severity]string{gaps.High: "error", gaps.Medium: "warning", gaps.Low: "note"}

// writeSARIF writes one run. A finding's place is its file and, as offsets count
// within a section and not within the file, its section as a logical location.
func writeSARIF(w io.Writer, version string, reports []gaps.Report) error {
	run := sarifRun{Tool: sarifTool{Driver: sarifDriver{Name: "hjemmel", Version: version}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	index := map[gaps.Kind]int{}
	for i, k := range sarifKinds {
		index[k] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: string(k), ShortDescription: sarifText{kindNames[k]}})
	}
	for i := range reports {
		for _, f := range reports[i].Findings {
			run.Results = append(run.Results, sarifResult{
				RuleID: string(f.Kind), RuleIndex: index[f.Kind], Level: sarifLevels[f.Severity], Rank: 100 * f.Confidence,
				Message: sarifText{place(f.At) + ": »" + oneLine(f.At.Quote) + "«. " + f.Explanation},
				Locations: []sarifLocation{{
					Physical: sarifPhysical{sarifArtifact{(&url.URL{Path: reports[i].Document}).String()}},
					Logical:  []sarifLogical{{Name: place(f.At), FullyQualifiedName: f.At.Section}},
				}},
				Properties: sarifProperties(&f),
			})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifProperties(f *gaps.Finding) map[string]any {
	p := map[string]any{"start": f.At.Start, "end": f.At.End, "quote": f.At.Quote}
	if f.Law != nil {
		p["law"] = f.Law.Reference
	}
	if f.Now != nil {
		p["now"] = f.Now.Reference
	}
	return p
}
