package parse

import (
	"strconv"
	"strings"
)

// block makes a paragraph's block and those of its notes.
func (r *docxReader) block(p *docxParagraph, text string) []Block {
	styleID := ""
	if p.props.Style != nil {
		styleID = p.props.Style.Val
	}
	style := r.styles[styleID]
	if strings.HasPrefix(style.name, "toc ") || strings.HasPrefix(strings.ToLower(styleID), "toc") {
		return nil
	}
	b := Block{Kind: Paragraph, Text: text, Style: style.name, Bold: !p.plain && text != ""}
	if b.Level = style.outline; p.props.Outline != nil {
		b.Level = outlineLevel(p.props.Outline.Val)
	}
	if style.name == "title" || style.name == "titel" {
		if r.title == "" {
			r.title = text
		}
		b.Level = 1
	}
	marker, depth := "", 0
	if text != "" {
		marker, depth = r.listMarker(p, styleID, style)
	}
	switch {
	case b.Level > 0:
		b.Kind, b.Bold = Heading, false
		if marker == "•" {
			marker = ""
		}
	case marker != "":
		b.Kind, b.Level = ListItem, depth
	}
	if marker != "" {
		b.Text = marker + " " + text
	}
	var out []Block
	if b.Text != "" {
		out = append(out, b)
	}
	for _, key := range p.notes {
		if note := r.notes[key]; note != "" {
			r.noted++
			out = append(out, Block{Kind: Footnote, Text: strconv.Itoa(r.noted) + ") " + note})
		}
	}
	return out
}

// listMarker returns what Word prints before the paragraph, and its depth.
func (r *docxReader) listMarker(p *docxParagraph, styleID string, style docxStyle) (string, int) {
	id, level := style.number, style.level
	if id != "" {
		level = r.numbering.levelOf(id, styleID, level)
	}
	if n := p.props.Number; n != nil {
		if n.ID != nil {
			id = n.ID.Val
		}
		if n.Level != nil {
			level = atoi(n.Level.Val)
		}
	}
	if id == "" || id == "0" {
		return "", 0
	}
	return r.numbering.marker(id, level), level + 1
}
