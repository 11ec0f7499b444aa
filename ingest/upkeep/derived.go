package upkeep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
)

// derived compares the indexes with the store.
func (r *Report) derived(ctx context.Context, dir, model string, dim int) (err error) {
	store, err := corpus.OpenExisting(ctx, dir)
	if corpus.Fault(err) == corpus.ErrReadOnly {
		return nil // said of the folder already
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	want, err := store.Revisions(ctx)
	if err != nil {
		return err
	}
	r.words(ctx, dir, want)
	if model != "" {
		if err := r.meaning(ctx, store, dir, model, dim, want); err != nil {
			return err
		}
	}
	newest, err := newestIngest(ctx, store)
	r.clock(newest)
	return err
}

const rebuilt = "Intet: det bygges op igen fra databasen, næste gang »hjemmel serve« eller »hjemmel ingest« starter."

func (r *Report) words(ctx context.Context, dir string, want map[string]int64) {
	const name, title = "index", "Ordindekset"
	path := filepath.Join(dir, ingest.IndexFolder)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		r.add(name, title, Warning, rebuilt, "Der er intet indeks endnu.")
		return
	}
	index, err := lexical.Open(path, true)
	if err == nil {
		defer index.Close()
		err = index.Verify(ctx)
	}
	var have map[string]int64
	if err == nil {
		have, err = index.Revisions(ctx)
	}
	switch {
	case errors.Is(err, lexical.ErrCorrupt):
		r.add(name, title, Broken, rebuilt, "Indekset er beskadiget.")
	case errors.Is(err, lexical.ErrVersion):
		r.add(name, title, Warning, rebuilt, "Indekset er lavet af en anden version.")
	case err != nil:
		r.add(name, title, Broken, "", "Indekset kan ikke læses: %v.", err)
	default:
		r.step(name, title, want, have)
	}
}

// step reports how far an index lags behind the store.
func (r *Report) step(name, title string, want, have map[string]int64) {
	missing, left := 0, 0
	for id, revision := range want {
		if have[id] != revision {
			missing++
		}
	}
	for id := range have {
		if _, ok := want[id]; !ok {
			left++
		}
	}
	if missing+left == 0 {
		r.add(name, title, OK, "", "Følger databasen: %d dokumenter.", len(want))
		return
	}
	r.add(name, title, Warning, "Intet, hvis der indlæses lige nu. Ellers følger det efter ved næste start.",
		"Er ikke fulgt med databasen: %d af %d dokumenter mangler eller er ældre, %d er slettet siden.", missing, len(want), left)
}

func (r *Report) meaning(ctx context.Context, store *corpus.Store, dir, model string, dim int, want map[string]int64) error {
	const name, title = "vectors", "Betydningssøgning"
	done, total, err := store.VectorCoverage(ctx, model)
	if err != nil {
		return err
	}
	index, err := exact.Open(filepath.Join(dir, ingest.VectorFolder), exact.Options{Model: model, Dim: dim, ReadOnly: true})
	if err != nil {
		r.add(name, title, Warning, rebuilt, "Vektorindekset kan ikke læses: %v.", err)
		return nil
	}
	defer index.Close()
	have := index.Len()
	says := fmt.Sprintf("%d af %d passager har en vektor (%s), %d er i indekset.", done, total, model, have)
	switch {
	case have < done && len(want) > 0:
		r.add(name, title, Warning, "Intet, hvis serveren lige er startet. Ellers følger indekset efter ved næste start.", "%s", says)
	case done < total:
		r.add(name, title, OK, "", "%s Resten laves i baggrunden af »hjemmel serve«.", says)
	default:
		r.add(name, title, OK, "", "%s", says)
	}
	return nil
}

func newestIngest(ctx context.Context, store *corpus.Store) (newest time.Time, err error) {
	docs, err := store.Documents(ctx, corpus.DocumentFilter{})
	for _, d := range docs {
		if at, err := time.Parse(time.RFC3339, d.IngestedAt); err == nil && at.After(newest) {
			newest = at
		}
	}
	return newest, err
}
