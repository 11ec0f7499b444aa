package gaps

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// wrongPart returns the part of a reference that the section does not have
// ("stk. 7"), or "".
func wrongPart(s *corpus.Section, ref *citation.Ref) string {
	have := map[string]bool{}
	stks, numbered := 0, map[string]bool{}
	for _, p := range s.Parts {
		have[p.Label] = true
		if strings.HasPrefix(p.Label, "stk. ") && !strings.Contains(p.Label, ",") {
			stks++
		}
		if i := strings.LastIndex(p.Label, ", "); i >= 0 {
			numbered[p.Label[:i]] = true
		}
	}
	if stks == 0 {
		return "" // a section whose stk. are not known
	}
	path := ""
	for level := range strings.SplitSeq(ref.Part, ", ") {
		if level == "" || strings.HasSuffix(level, "pkt.") {
			break
		}
		if path == "" && !strings.HasPrefix(level, "stk. ") {
			path = "stk. 1"
		}
		parent := path
		if path != "" {
			path += ", "
		}
		path += level
		if !have[path] && (parent == "" || numbered[parent] || strings.HasPrefix(level, "nr. ")) {
			return path
		}
	}
	for _, stk := range furtherStk(ref.Raw) {
		if !have[stk] {
			return stk
		}
	}
	return ""
}

var stkList = regexp.MustCompile(`stk\.? ?(\d+)((?: ?(?:,|og|eller|-|–) ?\d+)+)(\.? ?pkt)?`)

// furtherStk returns the stk. of "stk. 2 og 3", "stk. 3-5" behind the first.
func furtherStk(raw string) []string {
	m := stkList.FindStringSubmatch(strings.ReplaceAll(raw, "\u00a0", " "))
	if m == nil || m[3] != "" {
		return nil
	}
	var out []string
	for _, n := range regexp.MustCompile(`\d+`).FindAllString(m[2], -1) {
		if v, err := strconv.Atoi(n); err == nil && v < 40 {
			out = append(out, "stk. "+n)
		}
	}
	return out
}

// noPart records a stk. or nr. that the section in force does not have. Where an
// older version had it, the reference is outdated.
func (r *run) noPart(ctx context.Context, f *reference, s *corpus.Section, wrong string) error {
	finding := Finding{Kind: UnknownRef, At: f.at(), Law: r.whole(s), Confidence: 0.92}
	if f.inferred {
		finding.Confidence = 0.6
	}
	finding.Explanation = fmt.Sprintf("%s har ingen %s.", finding.Law.Reference, wrong)
	for _, d := range r.families[f.doc.Family] {
		if d.ID == f.doc.ID || d.Issued > f.doc.Issued {
			continue
		}
		o, err := r.outline(ctx, d.ID)
		if err != nil {
			return err
		}
		if was := o.find(local(s.ID)); was != nil && wrongPart(was, &f.ref) == "" {
			finding.Kind = Outdated
			finding.Now = r.whole(s)
			finding.Law = r.whole(was)
			finding.Explanation = fmt.Sprintf("%s har ikke længere %s.", finding.Now.Reference, wrong)
			break
		}
	}
	f.part = ""
	r.refs = append(r.refs, *f)
	r.found(OfReference, finding)
	return nil
}

// sentenceAround returns the sentence that holds [start, end), without the
// reference itself, and with the one before it where it is short.
func sentenceAround(text string, start, end int) string {
	const short = 60
	list := danish.Sentences(text)
	for i, s := range list {
		if s[0] <= start && start < s[1] {
			from := s[0]
			if s[1]-s[0] < short && i > 0 {
				from = list[i-1][0]
			}
			return text[from:start] + " " + text[min(end, s[1]):s[1]]
		}
	}
	return ""
}
