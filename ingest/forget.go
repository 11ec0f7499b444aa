package ingest

import (
	"context"
	"errors"
	"strings"
)

// Gone lists the sources of a collection below a folder's name that are not among
// those given, and counts how many the folder had.
func (p *Pipeline) Gone(ctx context.Context, collection, root string, given map[string]bool) (gone []string, known int, err error) {
	if collection == "" {
		collection = DefaultCollection
	}
	sources, err := p.store.Sources(ctx, collection)
	for _, src := range sources {
		if !strings.HasPrefix(src.Path, root+"/") {
			continue
		}
		known++
		if !given[src.Path] {
			gone = append(gone, src.Path)
		}
	}
	return gone, known, err
}

// Forget removes sources from a collection, and the documents that only they gave.
func (p *Pipeline) Forget(ctx context.Context, collection string, paths []string) (removed []File, err error) {
	if collection == "" {
		collection = DefaultCollection
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	for _, path := range paths {
		before, _, err := p.store.Source(ctx, collection, path)
		if err == nil {
			err = p.store.DeleteSource(ctx, collection, path)
		}
		if err != nil {
			return removed, err
		}
		removed = append(removed, File{Path: path, Status: Removed, Document: before.Document})
	}
	return removed, errors.Join(p.sync(ctx, nil), p.settle(ctx))
}
