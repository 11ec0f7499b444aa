package statute

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func itoa(n int) string { return strconv.Itoa(n) }

var (
	actNumber = regexp.MustCompile(`\b(?:LBK|LOV|BEK|CIR|CIS|VEJ|SKR)\.? nr\.? ?\d+ af (\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})`)
	titleAct  = regexp.MustCompile(`(?i)^(?:(?:lov)?bekendtgørelse af .*|forslag til )?(?:lov(?: nr\.? .*)? om|.*loven\b|.*lov\b|lov for|anordning om ikrafttræden|barnets lov)`)
)

// describe gathers what the document says of itself.
func describe(doc *parse.Document) Outline {
	out := Outline{Title: doc.Meta["title"], Number: doc.Meta["number"], URL: doc.Meta["url"], Language: languageCode(doc.Meta)}
	if out.Title == "" {
		out.Title = doc.Title
	}
	if out.Number == "" {
		out.Number = numberIn(doc.Blocks)
	}
	for _, key := range []string{"issued", "date", "dato"} {
		if d, err := corpus.ParseDate(doc.Meta[key]); err == nil {
			out.Issued = d
			return out
		}
	}
	if m := actNumber.FindStringSubmatch(out.Number); m != nil {
		if d, err := corpus.ParseDate(m[1]); err == nil {
			out.Issued = d
		}
	}
	return out
}

var (
	signedOn = regexp.MustCompile(`, den (\d{1,2})\. (\pL+) (\d{4})`)
	months   = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}
)

// signedDate returns the day under which a statute is signed: "Givet på
// Amalienborg, den 11. juni 2021".
func signedDate(sections []corpus.Section) corpus.Date {
	for _, s := range sections {
		if s.ID != "slut" {
			continue
		}
		m := signedOn.FindStringSubmatch(s.Text)
		if m == nil {
			return ""
		}
		month := slices.Index(months, strings.ToLower(m[2])) + 1
		d, err := corpus.ParseDate(m[1] + "." + strconv.Itoa(month) + "." + m[3])
		if err != nil {
			return ""
		}
		return d
	}
	return ""
}

// numberIn looks for the document's own number where official prints carry it:
// a short block near the top. Numbers inside sentences belong to other acts.
func numberIn(blocks []parse.Block) string {
	for _, b := range blocks[:min(len(blocks), 12)] {
		if m := actNumber.FindString(b.Text); m != "" && len(b.Text) < len(m)+60 {
			return m
		}
	}
	return ""
}

func languageCode(meta map[string]string) string {
	for _, key := range []string{"language", "lang", "sprog"} {
		if v := strings.ToLower(meta[key]); v != "" {
			code, _, _ := strings.Cut(strings.ReplaceAll(v, "_", "-"), "-")
			return code
		}
	}
	return ""
}

// kindOf decides the kind by the number's type, then the title, then the text.
// What is neither law nor an official guideline is the municipality's own.
func kindOf(out *Outline) corpus.Kind {
	title := strings.ToLower(out.Title)
	switch number := strings.ToUpper(out.Number); {
	case strings.HasPrefix(number, "LBK"), strings.HasPrefix(number, "LOV"):
		return corpus.KindAct
	case strings.HasPrefix(number, "BEK"), strings.HasPrefix(number, "CIR"), strings.HasPrefix(number, "CIS"):
		return corpus.KindOrder
	case strings.HasPrefix(number, "VEJ"), strings.HasPrefix(number, "SKR"):
		return corpus.KindGuideline
	}
	switch {
	case out.Statute && (strings.HasPrefix(title, "bekendtgørelse om") || strings.HasPrefix(title, "cirkulære")):
		return corpus.KindOrder
	case out.Statute && titleAct.MatchString(out.Title):
		return corpus.KindAct
	case strings.Contains(title, "kommune"), strings.Contains(title, "kvalitetsstandard"):
		return corpus.KindLocal
	case strings.HasPrefix(title, "vejledning"), strings.HasPrefix(title, "cirkulæreskrivelse"):
		return corpus.KindGuideline
	}
	return corpus.KindOther
}
