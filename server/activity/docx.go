package activity

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/docx"
)

// proposal stands in every document that leaves Hjemmel: what it holds decides
// nothing.
const proposal = "Forslag fundet i kilderne med Hjemmel – ikke en afgørelse. Citaterne er ordrette; vurderingen og afgørelsen er sagsbehandlerens."

// WriteDOCX writes turns as a Word document with every quotation and reference.
func WriteDOCX(w io.Writer, title string, turns []Turn) error {
	var d docx.Document
	d.Heading(1, title)
	d.Paragraph(proposal)
	for i := range turns {
		addTurn(&d, &turns[i])
	}
	return d.Write(w)
}

func addTurn(d *docx.Document, t *Turn) {
	a := &t.Answer
	d.Heading(2, t.Question)
	about := fmt.Sprintf("Spurgt den %s. Gælder pr. %s.", t.Asked.Local().Format("2.1.2006 kl. 15.04"), danishDate(string(a.AsOf)))
	if a.Model != "" {
		about += " Sprogmodel: " + a.Model + "; omskrevne sætninger er holdt op mod kilden."
	}
	d.Paragraph(about)
	if !a.Answered {
		d.Paragraph(a.Refused)
		return
	}
	if a.Notice != "" {
		d.Paragraph(a.Notice)
	}
	var role assistant.Role
	part := ""
	for _, s := range a.Answer {
		if s.Role != role {
			role = s.Role
			d.Label(role.Title())
		}
		if s.Part != part && s.Part != "" {
			part = s.Part
			d.Label(part)
		}
		d.Paragraph(oneLine(s.Text) + marks(s.Citations))
	}
	d.Label("Kilder")
	for _, s := range a.Sources {
		d.Paragraph(fmt.Sprintf("[%d] %s", s.N, strings.Join(placeOf(&s), ", ")))
		d.Quote("»" + oneLine(s.Quote) + "«")
	}
}

func marks(citations []int) string {
	var b strings.Builder
	for _, n := range citations {
		fmt.Fprintf(&b, " [%d]", n)
	}
	return b.String()
}

func placeOf(s *assistant.Source) []string {
	place := []string{s.Reference}
	if s.Title != s.Reference {
		place = append(place, s.Title)
	}
	if s.Page > 0 {
		place = append(place, fmt.Sprintf("side %d", s.Page))
	}
	if !s.InForce {
		place = append(place, "ikke gældende")
	}
	if s.Sample {
		place = append(place, "eksempel")
	}
	if strings.HasPrefix(s.URL, "https://") || strings.HasPrefix(s.URL, "http://") {
		place = append(place, s.URL)
	}
	return place
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func danishDate(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return day.Format("2.1.2006")
}
