package policy

import (
	"fmt"
	"strings"
)

// Explanation is the part of the policy that people read.
type Explanation struct {
	Catalogue []Task `json:"catalogue"`
	Rules     []Rule `json:"rules"`
}

// Explain returns the catalogue of tasks and the rules.
func (p *Policy) Explain() Explanation {
	return Explanation{Catalogue: p.file.Catalogue, Rules: p.file.Rules}
}

// figure is the AI strategy's figure: the groups in which tasks are shown.
var figure = []struct{ side, sensitivity, title string }{
	{"internal", "low", "Interne opgaver, lav følsomhed"},
	{"internal", "high", "Interne opgaver, høj følsomhed"},
	{"citizen", "low", "Opgaver, der vender mod borgeren, lav følsomhed"},
	{"citizen", "high", "Opgaver, der vender mod borgeren, høj følsomhed"},
}

var risks = map[string]string{"low": "lav", "high": "høj", "prohibited": "forbudt"}

// Markdown writes the explanation for a reader.
func (e Explanation) Markdown() string {
	var b strings.Builder
	b.WriteString("# Hvad Hjemmel må bruges til\n\nHjemmel finder, citerer og sammenholder regler. Medarbejderen vurderer, afgør og skriver.\n")
	for _, group := range figure {
		var rows []Task
		for _, t := range e.Catalogue {
			if t.Side == group.side && t.Sensitivity == group.sensitivity {
				rows = append(rows, t)
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| Opgave | AI-risiko | Hjemmel må | Hjemmel må ikke | Grundlag |\n| --- | --- | --- | --- | --- |\n", group.title)
		for _, t := range rows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", cell(t.Task), risks[t.Risk], cell(t.May), cell(t.MayNot), cell(t.Ground))
		}
	}
	b.WriteString("\n# Hvad der afvises\n\nEt spørgsmål om reglerne besvares altid, uanset hvad reglerne handler om. En afvist tekst gemmes ikke.\n")
	for _, r := range e.Rules {
		fmt.Fprintf(&b, "\n## %s (`%s`)\n\n%s\n\n- **Hjemmel:** %s\n- **I stedet:** %s\n- **I dokumenter:** %s\n", r.Title, r.Class, r.Reason, r.Ground, r.Instead, r.DocumentInstead)
	}
	return b.String()
}

// cell keeps a text inside its table cell.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}
