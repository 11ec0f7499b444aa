package assistant

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/prompts"
	"github.com/hjemmel/hjemmel/server/assistant/verify"
	"github.com/hjemmel/hjemmel/server/llm"
)

// Model writes text; *llm.Model is one.
type Model interface {
	Name() string
	Stream(ctx context.Context, p llm.Prompt, each func(text string) error) (llm.Usage, error)
}

// Composition lets a model word answers from the sources that were chosen
// without it.
type Composition struct {
	Model   Model
	Prompts *prompts.Set
	// Judge may be nil. It is asked about each sentence that was verified, and
	// can only stop it.
	Judge verify.Judge
	// Observe may be nil. It is told of every sentence that the model wrote, shown
	// or not, for suites; nothing of it is to be kept in operation.
	Observe func(sentence string, result verify.Result)
}

// WithModel returns an assistant that lets c's model word the answers to
// questions, and otherwise does the same as a.
func (a *Assistant) WithModel(c Composition) *Assistant {
	with := *a
	with.composition = &c
	return &with
}

// maxWorded is how many sentences of a model are shown.
const maxWorded = 8

// wording is one answer in the making.
type wording struct {
	*Composition
	out     *stream
	pieces  []*piece
	cites   [][]int // the numbers of each piece's sources
	sources []verify.Source
	said    []bool // pieces that a sentence cites or that were quoted
	role    int    // roles come in their order
	shown   map[string]bool
	checked Checked
}

var errEnough = errors.New("the answer is long enough")

// word lets the model tell what the pieces say, sentence by sentence, each
// verified before it is shown. Whatever goes wrong, the pieces' own quotations
// answer instead, and the answer says why.
func (a *Assistant) word(ctx context.Context, question string, pieces []*piece, out *stream) error {
	w := &wording{Composition: a.composition, out: out, pieces: pieces, said: make([]bool, len(pieces)), shown: map[string]bool{}}
	if err := w.source(); err != nil {
		return err
	}
	if err := out.status("Formulerer svaret …"); err != nil {
		return err
	}
	out.answer.Model = w.Model.Name()
	fault, err := w.stream(ctx, question)
	if err != nil {
		return err
	}
	switch {
	case w.checked.Worded == 0 && fault == "":
		fault = "Sprogmodellens svar kunne ikke bekræftes af kilderne; svaret består af citater."
	case fault != "" && w.checked.Worded > 0:
		fault = strings.TrimSuffix(fault, "svaret består af citater.") + "resten af svaret består af citater."
	}
	if err := w.complete(fault != ""); err != nil {
		return err
	}
	out.answer.Checked = &w.checked
	out.answer.Notice = fault
	if fault == "" && w.checked.Quoted+w.checked.Dropped > 0 {
		out.answer.Notice = "Noget af det, sprogmodellen skrev, kunne ikke bekræftes af kilderne; det er udeladt eller erstattet af citater."
	}
	return nil
}

// source emits the sources, and keeps what sentences are held against.
func (w *wording) source() error {
	warned := false
	for i, p := range w.pieces {
		text, cites, err := w.out.cited(p, &warned)
		if err != nil {
			return err
		}
		src := w.out.answer.Sources[cites[0]-1]
		w.cites = append(w.cites, cites)
		w.sources = append(w.sources, verify.Source{
			N: i + 1, Text: text, Reference: src.Reference,
			Context: src.Title + " \n " + src.Heading + " \n " + strings.Join(src.Path, " \n "),
		})
	}
	return nil
}

// stream asks the model. fault says in Danish what went wrong on its side; err
// is what ends the answer.
func (w *wording) stream(ctx context.Context, question string) (fault string, err error) {
	sources := make([]prompts.Source, len(w.sources))
	for i, s := range w.sources {
		sources[i] = prompts.Source{N: s.N, Reference: s.Reference, Text: s.Text}
	}
	prompt, err := w.Prompts.Prompt(question, sources)
	if err != nil {
		return "", failed(err, "wording the answer")
	}
	var reader replyReader
	var failure error // of ours, while the model writes
	usage, err := w.Model.Stream(ctx, prompt, func(text string) error {
		for _, s := range reader.write(text) {
			if failure = w.take(ctx, s); failure != nil {
				return failure
			}
		}
		return nil
	})
	w.out.answer.Usage.add(usage)
	if failure != nil && !errors.Is(failure, errEnough) {
		return "", failure
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil && failure == nil {
		return faultText(err), nil
	}
	for _, s := range reader.end() { // of a reply that is complete only
		if err := w.take(ctx, s); err != nil && !errors.Is(err, errEnough) {
			return "", err
		}
	}
	if w.checked == (Checked{}) {
		return "Sprogmodellen gav intet brugbart svar; svaret består af citater.", nil
	}
	return "", nil
}

// take verifies a sentence and shows it, or the quotation that it should have
// been.
func (w *wording) take(ctx context.Context, s statement) error {
	key := strings.ToLower(s.text)
	if w.shown[key] {
		return nil
	}
	if w.checked.Worded >= maxWorded {
		return errEnough
	}
	w.shown[key] = true
	result := verify.Check(s.text, s.cited, w.sources)
	if result.OK() && hasAddress(s.text) {
		result.Reason = verify.Name
	}
	if result.OK() && w.Judge != nil {
		follows, err := w.Judge.Follows(ctx, s.text, w.sources[result.Source-1].Text)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !follows {
			result.Reason = verify.Judged
		}
	}
	if w.Observe != nil {
		w.Observe(s.text, result)
	}
	if !result.OK() {
		return w.instead(s, result)
	}
	w.checked.Worded++
	var cites []int
	for _, n := range s.cited {
		if n == result.Source || len(s.cited) == 1 {
			w.said[n-1] = true
			cites = append(cites, w.cites[n-1]...)
		}
	}
	w.role = max(w.role, slices.Index(order, w.pieces[result.Source-1].role))
	return w.out.sentence(Sentence{Text: s.text, Role: order[w.role], Citations: cites, Verified: true, Worded: true})
}

// instead quotes the source that an unverified sentence was about, where it was
// about one and that is not quoted yet.
func (w *wording) instead(s statement, r verify.Result) error {
	at := r.Source - 1
	if at < 0 || r.Reason == verify.Uncovered || w.said[at] {
		w.checked.Dropped++
		return nil
	}
	w.checked.Quoted++
	return w.quote(at)
}

func (w *wording) quote(at int) error {
	w.said[at] = true
	w.role = max(w.role, slices.Index(order, w.pieces[at].role))
	return w.out.sentence(Sentence{Text: w.sources[at].Text, Role: order[w.role], Citations: w.cites[at], Verified: true})
}

// complete quotes what the model left out: after a failure everything, else the
// best source and the rule on appeal.
func (w *wording) complete(all bool) error {
	for i, p := range w.pieces {
		if !w.said[i] && (all || i == 0 || p.role == RoleAppeal) {
			if err := w.quote(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// faultText says what a caseworker is told of a model that failed.
func faultText(err error) string {
	const quotes = "; svaret består af citater."
	var fault *llm.Error
	if !errors.As(err, &fault) {
		return "Sprogmodellen fejlede" + quotes
	}
	switch fault.Fault {
	case llm.FaultTimeout:
		return "Sprogmodellen svarede ikke i tide" + quotes
	case llm.FaultBusy:
		return "Sprogmodellen er optaget" + quotes
	case llm.FaultBroken:
		return "Sprogmodellens svar blev afbrudt" + quotes
	case llm.FaultForm:
		return "Sprogmodellen svarede i en forkert form" + quotes
	case llm.FaultTooLong:
		return "Sprogmodellens svar blev for langt" + quotes
	case llm.FaultRejected:
		return "Sprogmodellen afviste forespørgslen" + quotes
	}
	return "Sprogmodellen kan ikke nås" + quotes
}
