package activity

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/server/assistant"
)

func TestConversationAsDOCX(t *testing.T) {
	a := answered("Kommunalbestyrelsen skal yde\nhjælp.", "Hjælpen ophører senest 14 uger efter.")
	a.Answer[1].Role = assistant.RoleDeadline
	a.Sources[0].URL, a.Sources[1].URL = "https://www.retsinformation.dk/eli/lta/2025/282", "javascript:alert(1)"
	a.Sources[0].InForce, a.Sources[1].InForce = true, true
	none := assistant.Answer{AsOf: "2026-11-24", Refused: "Ingen kilde fundet."}
	turns := []Turn{{Asked: noon, Question: "Hvornår yder vi hjælp?", Answer: a}, {Asked: noon, Question: "Hvem vinder superligaen?", Answer: none}}
	var b bytes.Buffer
	if err := WriteDOCX(&b, "Hjælp til børn", turns); err != nil {
		t.Fatal(err)
	}
	doc, err := parse.Parse(t.Context(), "samtale.docx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range doc.Blocks {
		lines = append(lines, block.Text)
	}
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"Hjælp til børn", "ikke en afgørelse", "Hvornår yder vi hjælp?", "Svar", "Kommunalbestyrelsen skal yde hjælp. [1]", "Frister",
		"[1] barnets lov § 87, Barnets lov, https://www.retsinformation.dk/eli/lta/2025/282", "»Hjælpen ophører senest 14 uger efter.«", "Ingen kilde fundet.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "javascript") {
		t.Error("an address that is none is shown")
	}
}
