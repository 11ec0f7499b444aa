package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// task is one kind of thing that people do.
type task struct {
	name  string
	share int // of a hundred
	do    func(ctx context.Context, p *person, began func()) error
}

// tasks are the mix of a working day: mostly questions, and two kinds of clients
// that servers suffer from.
var tasks = []task{
	{"lookup", 40, lookup},
	{"follow-up", 15, followUp},
	{"search", 15, search},
	{"section", 15, section},
	{"summary", 4, summary},
	{"gaps", 1, gaps},
	{"slow reader", 5, slowReader},
	{"vanishing", 5, vanishing},
}

// chosen returns the tasks of the names, or all.
func chosen(names []string) ([]task, error) {
	if len(names) == 0 {
		return tasks, nil
	}
	var out []task
	for _, name := range names {
		at := slices.IndexFunc(tasks, func(t task) bool { return t.name == name })
		if at < 0 {
			known := make([]string, len(tasks))
			for i, t := range tasks {
				known[i] = t.name
			}
			return nil, fmt.Errorf("unknown task %q: the tasks are %s", name, strings.Join(known, ", "))
		}
		out = append(out, tasks[at])
	}
	return out, nil
}

func pick(mix []task, rng *rand.Rand) task {
	total := 0
	for _, t := range mix {
		total += t.share
	}
	at := rng.IntN(total)
	for _, t := range mix {
		if at -= t.share; at < 0 {
			return t
		}
	}
	return mix[0]
}

// errLeft ends a task whose client went away on purpose.
var errLeft = errors.New("the client left")

// turn is a question with the sections that its answer cited.
type turn struct {
	Question string   `json:"question"`
	Sections []string `json:"sections,omitempty"`
}

func (p *person) question() string {
	question := questions[p.rng.IntN(len(questions))]
	return strings.TrimSuffix(question, "?") + ", når det drejer sig om " + topics[p.rng.IntN(len(topics))] + "?"
}

func lookup(ctx context.Context, p *person, began func()) error {
	question := p.question()
	cited, err := p.stream(ctx, "/api/v1/chat", map[string]any{"question": question}, began, nil)
	p.last = turn{question, cited}
	return err
}

func followUp(ctx context.Context, p *person, began func()) error {
	if len(p.last.Sections) == 0 {
		return lookup(ctx, p, began)
	}
	_, err := p.stream(ctx, "/api/v1/chat", map[string]any{"question": "Hvad med stk. 2?", "history": []turn{p.last}}, began, nil)
	return err
}

func search(ctx context.Context, p *person, began func()) error {
	return p.get(ctx, "/api/v1/search?q="+url.QueryEscape(strings.TrimSuffix(p.question(), "?")), began)
}

func section(ctx context.Context, p *person, began func()) error {
	at := p.sections[p.rng.IntN(len(p.sections))]
	return p.get(ctx, "/api/v1/documents/"+url.PathEscape(at.document)+"/sections/"+url.PathEscape(at.section), began)
}

func summary(ctx context.Context, p *person, began func()) error {
	at := p.sections[p.rng.IntN(len(p.sections))]
	_, err := p.stream(ctx, "/api/v1/summaries", map[string]any{"section": at.document + "#" + at.section}, began, nil)
	return err
}

func gaps(ctx context.Context, p *person, began func()) error {
	text := "# Lokal retningslinje\n\nVi partshører borgeren, jf. forvaltningslovens § 19, og svarer inden 14 dage.\n\nHjælp ydes efter servicelovens § 85 eller servicelovens § 41."
	res, err := p.send(ctx, http.MethodPost, "/api/v1/gaps", map[string]any{"text": text}, "application/json")
	if err != nil {
		return err
	}
	began()
	return drain(res)
}

// readingPause is how long a slow reader waits between two pieces of the answer.
const readingPause = 100 * time.Millisecond

func slowReader(ctx context.Context, p *person, began func()) error {
	_, err := p.stream(ctx, "/api/v1/chat", map[string]any{"question": p.question()}, began, func() error {
		pause(ctx, readingPause)
		return nil
	})
	return err
}

// vanishing goes away at the first event, as a browser whose tab is closed.
func vanishing(ctx context.Context, p *person, began func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err := p.stream(ctx, "/api/v1/chat", map[string]any{"question": p.question()}, began, func() error {
		cancel()
		return errLeft
	})
	return err
}

// encode is for bodies of strings and lists only.
func encode(value any) *bytes.Reader {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(data)
}
