package eval

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/statute"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/server/assistant/verify"
)

// VerifyOptions say what the verification of a model's sentences is measured on.
type VerifyOptions struct {
	Acts        string // folder of acts as Markdown
	Paraphrases string // TSV: split, section (file#id), sentence; "" for none
	Sentences   int    // sentences of the acts to falsify, each in every way that applies; 0 is 600
	Seed        uint64
}

// VerifyReport counts what was let through. A sentence counts as falsified only
// if the change made it another one.
type VerifyReport struct {
	Kinds    []VerifyKind `json:"kinds"`
	Faithful []VerifyKind `json:"faithful"` // "verbatim", and paraphrases by split
	Passed   []VerifyItem `json:"passed"`   // falsified and yet verified
	Lost     []VerifyItem `json:"lost"`     // faithful and yet not verified
}

// VerifyKind counts the sentences of one kind.
type VerifyKind struct {
	Name     string `json:"name"`
	Gate     bool   `json:"gate,omitempty"`
	Total    int    `json:"total"`
	Verified int    `json:"verified"`
}

// VerifyItem is one sentence with the outcome.
type VerifyItem struct {
	Kind     string        `json:"kind"`
	Section  string        `json:"section"`
	Sentence string        `json:"sentence"`
	Original string        `json:"original,omitempty"`
	Reason   verify.Reason `json:"reason,omitempty"`
	Detail   string        `json:"detail,omitempty"`
}

// Mutated is how many falsified sentences were tried, and how many passed.
func (r *VerifyReport) Mutated() (total, passed int) {
	for _, k := range r.Kinds {
		total, passed = total+k.Total, passed+k.Verified
	}
	return total, passed
}

// actSection is one section of the acts as a source.
type actSection struct {
	id     string // file#section
	source verify.Source
}

// Verify measures verification on the acts' own sentences, falsified in every
// way of Mutations, and on faithful paraphrases.
func Verify(ctx context.Context, opts VerifyOptions) (*VerifyReport, error) {
	sections, err := readActs(ctx, opts.Acts)
	if err != nil {
		return nil, err
	}
	run := &verifyRun{rand: rand.New(rand.NewPCG(opts.Seed, 5)), sections: sections, report: &VerifyReport{}}
	if opts.Sentences == 0 {
		opts.Sentences = 600
	}
	if err := run.acts(ctx, opts.Sentences); err != nil {
		return nil, err
	}
	if opts.Paraphrases != "" {
		if err := run.paraphrases(opts.Paraphrases); err != nil {
			return nil, err
		}
	}
	return run.report, nil
}

type verifyRun struct {
	rand     *rand.Rand
	sections []actSection
	report   *VerifyReport
}

func (r *verifyRun) acts(ctx context.Context, n int) error {
	type item struct {
		section  *actSection
		sentence string
	}
	var all []item
	for i := range r.sections {
		s := &r.sections[i]
		for _, at := range danish.Sentences(s.source.Text) {
			if sentence := s.source.Text[at[0]:at[1]]; quotable(sentence) {
				all = append(all, item{s, stripNumbering(sentence)})
			}
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("no sentences in the acts")
	}
	for range min(n, len(all)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		it := all[r.rand.IntN(len(all))]
		r.faithful("verbatim", it.section, it.sentence)
		r.falsify(it.section, it.sentence, "")
	}
	return nil
}

// falsify tries a sentence in every way that applies, and under wrong citations.
func (r *verifyRun) falsify(s *actSection, sentence, suffix string) {
	for _, m := range Mutations {
		if changed := m.mutate(sentence, r.rand); changed != "" && changed != sentence && !strings.Contains(s.source.Text, changed) {
			r.count(&r.report.Kinds, VerifyItem{Kind: m.Name + suffix, Section: s.id, Sentence: changed, Original: sentence}, m.Gate, s.source, 1)
		}
	}
	r.count(&r.report.Kinds, VerifyItem{Kind: "citation invented" + suffix, Section: s.id, Sentence: sentence}, true, s.source, 2)
	other := &r.sections[r.rand.IntN(len(r.sections))]
	if other.id != s.id && !strings.Contains(other.source.Text, sentence) {
		r.count(&r.report.Kinds, VerifyItem{Kind: "citation wrong" + suffix, Section: other.id, Sentence: sentence}, true, other.source, 1)
	}
}

func (r *verifyRun) faithful(kind string, s *actSection, sentence string) {
	r.count(&r.report.Faithful, VerifyItem{Kind: kind, Section: s.id, Sentence: sentence}, false, s.source, 1)
}

func (r *verifyRun) count(kinds *[]VerifyKind, it VerifyItem, gate bool, source verify.Source, cited int) {
	i := slices.IndexFunc(*kinds, func(k VerifyKind) bool { return k.Name == it.Kind })
	if i < 0 {
		*kinds = append(*kinds, VerifyKind{Name: it.Kind, Gate: gate})
		i = len(*kinds) - 1
	}
	result := verify.Check(it.Sentence, []int{cited}, []verify.Source{source})
	it.Reason, it.Detail = result.Reason, result.Detail
	(*kinds)[i].Total++
	if result.OK() {
		(*kinds)[i].Verified++
	}
	switch falsified := kinds == &r.report.Kinds; {
	case falsified && result.OK():
		r.report.Passed = append(r.report.Passed, it)
	case !falsified && !result.OK():
		r.report.Lost = append(r.report.Lost, it)
	}
}

// paraphrases reads a line each: split, section, sentence.
func (r *verifyRun) paraphrases(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the paraphrases: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			return fmt.Errorf("%s, line %d: want split, section and sentence, separated by tabs", path, n)
		}
		i := slices.IndexFunc(r.sections, func(s actSection) bool { return s.id == fields[1] })
		if i < 0 {
			return fmt.Errorf("%s, line %d: the acts have no section %s", path, n, fields[1])
		}
		r.faithful("paraphrase "+fields[0], &r.sections[i], fields[2])
		r.falsify(&r.sections[i], fields[2], " (paraphrase "+fields[0]+")")
	}
	return lines.Err()
}

// quotable sentences are whole ones of ordinary length.
func quotable(s string) bool {
	return len(s) > 50 && len(s) < 400 && strings.HasSuffix(s, ".") && !strings.Contains(s, "(Ophævet)") && !strings.Contains(s, "\n")
}

func stripNumbering(s string) string {
	for _, mark := range []string{"§ ", "Stk. "} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			if _, text, ok := strings.Cut(rest, ". "); ok {
				return text
			}
		}
	}
	return s
}

func readActs(ctx context.Context, dir string) ([]actSection, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s: no acts (*.md) there: %w", dir, os.ErrNotExist)
	}
	var out []actSection
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("reading an act: %w", err)
		}
		parsed, err := parse.Markdown(ctx, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		act := statute.Structure(parsed)
		doc := corpus.Document{ID: strings.TrimSuffix(filepath.Base(f), ".md"), Title: act.Title, Kind: act.Kind, ShortTitles: []string{citation.ShortTitle(act.Title)}}
		for _, s := range act.Sections {
			out = append(out, actSection{doc.ID + "#" + s.ID, verify.Source{
				N: 1, Text: s.Text, Reference: retrieval.Reference(&doc, &s, ""), Context: doc.Title + " \n " + s.Heading + " \n " + strings.Join(s.Path, " \n "),
			}})
		}
	}
	return out, nil
}
