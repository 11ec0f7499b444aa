package eval

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// WriteItems writes a line an item: as columns its id and its figures, empty
// where one does not apply; else the whole item as JSON.
func (r *Run) WriteItems(w io.Writer, columns bool) error {
	if !columns {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for i := range r.Items {
			if err := enc.Encode(&r.Items[i]); err != nil {
				return err
			}
		}
		return nil
	}
	var b strings.Builder
	b.WriteString("item")
	for _, f := range r.Figures {
		b.WriteString("\t" + f.Metric)
	}
	b.WriteString("\n")
	for i := range r.Items {
		b.WriteString(r.Items[i].ID)
		for _, f := range r.Figures {
			b.WriteString("\t")
			if v, ok := r.Items[i].Values[f.Metric]; ok {
				b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
