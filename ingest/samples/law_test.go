package samples

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// acts maps the short names that the samples use to files of corpus/law. The
// check here is simpler than package citation on purpose: it must not share its
// mistakes.
var acts = map[string]string{
	"aktivloven":                 "aktiv-socialpolitik",
	"almenboligloven":            "almene-boliger-m-v",
	"barnets lov":                "barnets-lov",
	"beskæftigelsesindsatsloven": "en-aktiv-beskaeftigelsesindsats",
	"boligstøtteloven":           "individuel-boligstoette",
	"byggeloven":                 "byggeloven",
	"dagtilbudsloven":            "dag-fritids-og-klubtilbud-m-v-til-boern-og-unge-dagtilbudslo",
	"folkeskoleloven":            "folkeskolen",
	"forvaltningsloven":          "forvaltningsloven",
	"kommunestyrelsesloven":      "kommunernes-styrelse",
	"miljøbeskyttelsesloven":     "miljoebeskyttelse",
	"offentlighedsloven":         "offentlighed-i-forvaltningen",
	"planloven":                  "planlaegning",
	"retssikkerhedsloven":        "retssikkerhed-og-administration-paa-det-sociale-omraade",
	"serviceloven":               "social-service",
	"sygedagpengeloven":          "sygedagpenge",
	"ældreloven":                 "aeldrelov",
}

var reference = regexp.MustCompile(`(barnets lov|\pL+loven)s? §§? (\d+(?: [a-zA-Z]\b)?)(?:, stk\. (\d+))?(?:, nr\. (\d+))?`)

func TestReferencesExistInTheLaw(t *testing.T) {
	laws := sharedtest.Dir(t, "corpus", "law")
	texts := map[string]string{}
	for _, file := range acts {
		texts[file] = readAct(t, laws, file)
	}
	var wrong []string
	checked := 0
	for _, name := range names(t) {
		for _, m := range reference.FindAllStringSubmatch(source(t, name), -1) {
			checked++
			file, known := acts[m[1]]
			if !known {
				t.Errorf("%s: unknown act in %q", name, m[0])
				continue
			}
			if !exists(paragraph(texts[file], m[2]), m[3], m[4]) {
				wrong = append(wrong, name+": "+m[0])
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d references found", checked)
	}
	// The outdated reference is planted: see DEFECTS.md.
	if want := []string{"kompensationsydelse-voksne.docx: servicelovens § 41"}; !slices.Equal(wrong, want) {
		t.Errorf("references that the law does not have: %q, want %q", wrong, want)
	}
}

// exists tells whether a § with this text has the stk. and nr., either of
// which may be empty.
func exists(text, stk, nr string) bool {
	if text == "" {
		return false
	}
	if stk != "" && stk != "1" {
		_, after, found := strings.Cut(text, "\nStk. "+stk+".")
		if !found {
			return false
		}
		text = after
	}
	if stk != "" {
		text, _, _ = strings.Cut(text, "\nStk. ")
	}
	return nr == "" || strings.Contains(text, "\n"+nr+") ")
}

// paragraph cuts one § out of an act, or returns "".
func paragraph(act, number string) string {
	_, body, _ := strings.Cut(act, "\n§ "+number+". ")
	body, _, _ = strings.Cut(body, "\n§")
	return body
}

func readAct(t *testing.T, laws, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(laws, file+".md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
