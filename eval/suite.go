package eval

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
)

// Suite is a retrieval suite in BEIR's layout: corpus.jsonl[.gz],
// queries.jsonl[.gz] and qrels/SPLIT.tsv with a header line.
type Suite struct {
	Name    string
	Texts   []Text
	Queries []Query                   // those with relevance judgements, in the file's order
	Qrels   map[string]map[string]int // query → text → relevance
	place   map[string]int            // of each text in Texts
}

// Text is one line of the corpus.
type Text struct {
	ID       string         `json:"_id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Metadata map[string]any `json:"metadata"`
}

// Query is one line of the queries.
type Query struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

// ReadSuite reads a suite's folder. Errors name the file and the line.
func ReadSuite(dir, split string) (*Suite, error) {
	s := &Suite{Name: filepath.Base(filepath.Clean(dir)), Qrels: map[string]map[string]int{}}
	if err := s.readQrels(filepath.Join(dir, "qrels", split+".tsv")); err != nil {
		return nil, err
	}
	s.place = map[string]int{}
	err := readLines(filepath.Join(dir, "corpus.jsonl"), func(t Text) {
		s.place[t.ID] = len(s.Texts)
		s.Texts = append(s.Texts, t)
	})
	if err != nil {
		return nil, err
	}
	err = readLines(queriesFile(dir, split), func(q Query) {
		if len(s.Qrels[q.ID]) > 0 {
			s.Queries = append(s.Queries, q)
		}
	})
	if err != nil {
		return nil, err
	}
	if len(s.Texts) == 0 || len(s.Queries) == 0 {
		return nil, fmt.Errorf("%s: %d texts and %d queries with judgements: nothing to measure", dir, len(s.Texts), len(s.Queries))
	}
	return s, nil
}

// queriesFile names a split's own queries, queries.SPLIT.jsonl, where the suite
// has them, and else the queries of all splits.
func queriesFile(dir, split string) string {
	own := filepath.Join(dir, "queries."+split+".jsonl")
	for _, path := range []string{own, own + ".gz"} {
		if _, err := os.Stat(path); err == nil {
			return own
		}
	}
	return filepath.Join(dir, "queries.jsonl")
}

// readLines reads JSON lines from a file or, where it is absent, from its
// gzipped form.
func readLines[T any](path string, add func(T)) error {
	r, err := openEither(path)
	if err != nil {
		return err
	}
	defer r.Close()
	lines := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("%s: %w", path, err)
		}
		if len(strings.TrimSpace(string(line))) > 0 {
			var v T
			if err := json.Unmarshal(line, &v); err != nil {
				return fmt.Errorf("%s, line %d: %w", path, n, err)
			}
			add(v)
		}
		if err == io.EOF {
			return nil
		}
	}
}

func openEither(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	f, err = os.Open(path + ".gz")
	if err != nil {
		return nil, fmt.Errorf("neither %s nor %s.gz can be read: %w", path, filepath.Base(path), err)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s.gz: %w", path, err), f.Close())
	}
	return &gzipped{z, f}, nil
}

type gzipped struct {
	*gzip.Reader
	file *os.File
}

func (g *gzipped) Close() error { return errors.Join(g.Reader.Close(), g.file.Close()) }

func (s *Suite) readQrels(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		fields := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(fields) != 3 {
			return fmt.Errorf("%s, line %d: %d columns, not the 3 of query-id, corpus-id, score", path, i+1, len(fields))
		}
		score, err := strconv.Atoi(fields[2])
		if err != nil {
			if i == 0 {
				continue // the header
			}
			return fmt.Errorf("%s, line %d: %w", path, i+1, err)
		}
		if s.Qrels[fields[0]] == nil {
			s.Qrels[fields[0]] = map[string]int{}
		}
		s.Qrels[fields[0]][fields[1]] = score
	}
	return nil
}

// relevant returns the texts that answer a query, the most relevant first.
func (s *Suite) relevant(query string) []string {
	qrels := s.Qrels[query]
	var out []string
	for id, relevance := range qrels {
		if relevance > 0 {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(qrels[b], qrels[a]), cmp.Compare(a, b))
	})
	return out
}

// reference names a text: the act's title and the § where it has one.
func (s *Suite) reference(id string) string {
	i, ok := s.place[id]
	if !ok {
		return id
	}
	_, local, _ := strings.Cut(id, "#")
	if local != "" && strings.HasPrefix(s.Texts[i].Text, "§") {
		return s.Texts[i].Title + " " + citation.Label(local, "")
	}
	return s.Texts[i].Title
}

// beginning returns what a report shows of a text.
func (s *Suite) beginning(id string) string {
	if i, ok := s.place[id]; ok {
		return shorten(s.Texts[i].Text)
	}
	return ""
}

// shorten cuts a text to what fits a line or two of a report.
func shorten(text string) string {
	const limit = 200
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit-1]) + "…"
}
