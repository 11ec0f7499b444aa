package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// sources are the arguments of ingest: files and addresses, which are items
// already, and acts, of which some are found by what the collection holds.
type sources struct {
	web   *source.Web
	found []source.Item
	acts  []source.ActAddress
}

// sources sorts the arguments. What looks like no address is a path.
func (a *app) sources(args []string, find source.Options) (sources, error) {
	out := sources{web: source.NewWeb(source.WebOptions{
		Contact: a.config.WebContact, Pause: a.config.WebPause, Private: a.config.WebPrivate,
		Marks: filepath.Join(a.config.Data, "web"), Base: a.config.Retsinformation,
	})}
	var paths []string
	for _, arg := range args {
		act, isAct, err := source.ParseAct(arg)
		switch {
		case err != nil:
			return out, err
		case isAct:
			out.acts = append(out.acts, act)
		case strings.HasPrefix(arg, "http://"), strings.HasPrefix(arg, "https://"):
			item, err := out.web.Item(arg)
			if err != nil {
				return out, err
			}
			out.found = append(out.found, item)
		default:
			paths = append(paths, arg)
		}
	}
	items, err := source.Find(find, paths...)
	out.found = append(items, out.found...)
	return out, err
}

// items completes the sources with the acts.
func (s sources) items(ctx context.Context, store *corpus.Store) ([]source.Item, error) {
	items := s.found
	for _, act := range s.acts {
		if act.Family != "" {
			newest, err := newestVersion(ctx, store, act.Family)
			if err != nil {
				return nil, err
			}
			act = newest
		}
		items = append(items, s.web.Act(act))
	}
	return items, nil
}

// newestVersion is the address of the act's newest version in the collection:
// asking for it again tells whether it has become historical.
func newestVersion(ctx context.Context, store *corpus.Store, family string) (source.ActAddress, error) {
	docs, err := store.Documents(ctx, corpus.DocumentFilter{Kind: corpus.KindAct})
	if err != nil {
		return source.ActAddress{}, err
	}
	var newest corpus.Document
	for _, d := range docs {
		if d.Family == family && !d.Sample && d.Issued >= newest.Issued {
			newest = d
		}
	}
	if number, ok := citation.ParseNumber(newest.Number); ok {
		if act, ok := source.NumberedAct(number); ok {
			return act, nil
		}
	}
	return source.ActAddress{}, fmt.Errorf("%s er ikke i samlingen: angiv lovens nummer første gang, fx retsinformation:lbk/2025/1129", family)
}
