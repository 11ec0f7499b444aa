package ingest

import (
	"context"
	"fmt"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/statute"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// DraftID is the id of every draft: it is nobody's version and supersedes
// nothing that is stored.
const DraftID = "kladde"

// Draft reads a file as Pipeline.Run would and stores nothing: for a text that
// is to be looked at once. check is the policy, as for NewPipeline. Errors name
// the file and are fit to show.
func Draft(ctx context.Context, name string, data []byte, check func(text string) error) (*corpus.Contents, error) {
	doc, err := parse.Parse(ctx, name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := Pipeline{check: check}
	if err := p.checkText(doc, name); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	outline := statute.Structure(doc)
	d := describe(doc, &outline, Options{Collection: DraftID}, name)
	d.ID = DraftID
	c := Contents(d, outline.Sections)
	if len(c.Passages) == 0 {
		return nil, fmt.Errorf("%s: %w", name, parse.ErrNoText)
	}
	return c, nil
}
