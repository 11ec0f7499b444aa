package eval

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// writeRunFile writes the run in TREC's format: query Q0 text rank score tag.
// Scores fall by one a rank, so that trec_eval, which orders by score in single
// precision and ties by id, gets our order.
func writeRunFile(path string, queries []Query, rankings map[string][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, q := range queries {
		ranking := rankings[q.ID]
		for i, id := range ranking {
			fmt.Fprintf(w, "%s Q0 %s %d %d hjemmel\n", q.ID, id, i+1, len(ranking)-i)
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

// Ranked is one line of a run: a text with its score, which trec_eval keeps in
// single precision.
type Ranked struct {
	ID    string
	Score float32
}

// order sorts a run as trec_eval does: by score, ties by id, both descending.
// It does not read the rank column.
func order(run []Ranked) {
	slices.SortFunc(run, func(a, b Ranked) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return strings.Compare(b.ID, a.ID)
	})
}

// readRunFile reads a run in TREC's format and orders it as trec_eval does.
func readRunFile(path string) (map[string][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	runs, err := parseRun(f)
	if err != nil {
		return nil, fmt.Errorf("%s, %w", path, err)
	}
	return runs, nil
}

func parseRun(r io.Reader) (map[string][]string, error) {
	scored := map[string][]Ranked{}
	seen := map[[2]string]bool{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 6 {
			return nil, fmt.Errorf("line %d: %d columns, not the 6 of query, Q0, text, rank, score, tag", n, len(fields))
		}
		score, err := strconv.ParseFloat(fields[4], 32)
		if err != nil || score != score {
			return nil, fmt.Errorf("line %d: %q is no score", n, fields[4])
		}
		query, text := fields[0], fields[2]
		if seen[[2]string{query, text}] {
			return nil, fmt.Errorf("line %d: %s is ranked twice for query %s", n, text, query)
		}
		seen[[2]string{query, text}] = true
		scored[query] = append(scored[query], Ranked{ID: text, Score: float32(score)})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(scored))
	for query, list := range scored {
		order(list)
		for _, r := range list {
			out[query] = append(out[query], r.ID)
		}
	}
	return out, nil
}
