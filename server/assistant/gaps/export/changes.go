package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/versions"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

var statusNames = map[versions.Status]string{
	versions.Unchanged: "uændret", versions.Changed: "ændret", versions.Renumbered: "nyt nummer", versions.Moved: "flyttet til anden lov",
	versions.Gone: "udgået", versions.New: "ny",
}

var statuses = []versions.Status{versions.Unchanged, versions.Changed, versions.Renumbered, versions.Moved, versions.Gone, versions.New}

// WriteChanges writes a comparison of two versions as text, JSON or Markdown.
func WriteChanges(w io.Writer, f Format, c *gaps.Changes) error {
	switch f {
	case JSON:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(c)
	case Text, Markdown:
		var b bytes.Buffer
		writeChanges(&b, c, f == Markdown)
		_, err := w.Write(b.Bytes())
		return err
	}
	return fmt.Errorf("format %q: use text, json or md", f)
}

func writeChanges(b *bytes.Buffer, c *gaps.Changes, markdown bool) {
	escape, heading, item := oneLine, "", "  "
	if markdown {
		escape, heading, item = md, "## ", "- "
		b.WriteString("# ")
	}
	fmt.Fprintf(b, "%s: %s → %s\n\n", escape(c.Title), c.Old, c.New)
	var counts []string
	for _, s := range statuses {
		if n := c.Counts[s]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, statusNames[s]))
		}
	}
	b.WriteString(strings.Join(counts, " · ") + "\n")
	for _, s := range c.Sections {
		if s.Status == versions.Unchanged {
			continue
		}
		fmt.Fprintf(b, "\n%s%s: %s\n", heading, escape(subjectOf(&s)), statusNames[s.Status])
		if markdown {
			b.WriteString("\n")
		}
		switch {
		case len(s.Words) > 0:
			fmt.Fprintf(b, "%s%s\n", item, marked(s.Words, escape, markdown))
		case s.Status == versions.Gone:
			fmt.Fprintf(b, "%s%s\n", item, escape(short(s.Old.Quote)))
		case s.Status == versions.New:
			fmt.Fprintf(b, "%s%s\n", item, escape(short(s.New.Quote)))
		}
		for _, at := range s.CitedBy {
			fmt.Fprintf(b, "%snævnt i %s: »%s«\n", item, escape(at.Reference), escape(at.Raw))
		}
	}
}

func subjectOf(c *gaps.Change) string {
	switch {
	case c.Old == nil:
		return c.New.Reference
	case c.New == nil || c.Status == versions.Changed:
		return c.Old.Reference
	}
	return c.Old.Reference + " → " + c.New.Reference
}

// contextWords is how much unchanged text is shown on each side of a change.
const contextWords = 6

// marked writes a word comparison: [-deleted-] and {+inserted+}, or struck and
// bold in Markdown.
func marked(edits []versions.Edit, escape func(string) string, markdown bool) string {
	deleted, inserted := [2]string{"[-", "-]"}, [2]string{"{+", "+}"}
	if markdown {
		deleted, inserted = [2]string{"~~", "~~"}, [2]string{"**", "**"}
	}
	var out []string
	for i, e := range edits {
		text := escape(e.Text)
		switch {
		case text == "":
		case e.Op == versions.Delete:
			out = append(out, deleted[0]+text+deleted[1])
		case e.Op == versions.Insert:
			out = append(out, inserted[0]+text+inserted[1])
		default:
			out = append(out, around(text, i > 0, i+1 < len(edits)))
		}
	}
	return strings.Join(out, " ")
}

// around shortens unchanged text to what stands next to a change.
func around(text string, before, after bool) string {
	words := strings.Fields(text)
	keep := 0
	if before {
		keep += contextWords
	}
	if after {
		keep += contextWords
	}
	if len(words) <= keep+1 {
		return text
	}
	var parts []string
	if before {
		parts = append(parts, words[:contextWords]...)
	}
	parts = append(parts, "…")
	if after {
		parts = append(parts, words[len(words)-contextWords:]...)
	}
	return strings.Join(parts, " ")
}
