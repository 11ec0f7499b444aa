// Package load puts a running server under the load of many caseworkers at once
// and tells how it bears it: errors, times to the first event and to the whole
// answer, memory and goroutines meanwhile and after. It asks over HTTP only, as a
// browser does, and knows nothing of what runs behind.
package load

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options of a run.
type Options struct {
	URL      string        // of the server: http://127.0.0.1:8080
	Streams  int           // people who ask at the same time, each one thing after another
	Duration time.Duration // how long they go on
	Think    time.Duration // how long each reads before asking on, on average; 0 asks at once
	Rest     time.Duration // how long the server may take afterwards to come to rest
	Only     []string      // tasks; none means the mix
	Key      string        // API key of an administrator, who may read the metrics; "" where there is no login
	Seed     uint64        // of the order of tasks
	Tell     func(Sample)  // called now and then; may be nil
}

var (
	//go:embed questions.txt
	questionsText string
	//go:embed topics.txt
	topicsText string
)

// People ask questions, the last one about nothing in the collection, each about
// some topic: so many different ones that no cache of answers or of questions'
// vectors makes the server look faster than it is.
var (
	questions = strings.Split(strings.TrimSpace(questionsText), "\n")
	topics    = strings.Split(strings.TrimSpace(topicsText), "\n")
)

// Run loads the server and reports. The error is about the run as a whole: no
// server, an unknown task. What the server did wrong is in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	mix, err := chosen(o.Only)
	if err != nil {
		return Report{}, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = o.Streams, o.Streams
	c := &client{base: strings.TrimSuffix(o.URL, "/"), key: o.Key, http: &http.Client{Transport: transport}}
	defer transport.CloseIdleConnections()
	if err := c.learn(ctx); err != nil {
		return Report{}, fmt.Errorf("looking at %s: %w", o.URL, err)
	}
	watch, err := startWatch(ctx, c, o.Tell)
	if err != nil {
		return Report{}, fmt.Errorf("reading the metrics of %s: %w", o.URL, err)
	}
	start := time.Now()
	results := ask(ctx, c, o, mix)
	took := time.Since(start)
	transport.CloseIdleConnections()
	r := report(o, results, took)
	r.Resources = watch.end(ctx, o.Rest)
	return r, ctx.Err()
}

// ask lets the streams ask until the time is over; what runs then is finished.
func ask(ctx context.Context, c *client, o Options, mix []task) []result {
	until, cancel := context.WithTimeout(ctx, o.Duration)
	defer cancel()
	each := make([][]result, o.Streams)
	var streams sync.WaitGroup
	for i := range o.Streams {
		streams.Go(func() {
			p := &person{client: c, rng: rand.New(rand.NewPCG(o.Seed, uint64(i)))}
			pause(until, time.Duration(p.rng.Float64()*float64(max(o.Think, time.Second)))) // not all in the same moment
			for until.Err() == nil {
				each[i] = append(each[i], p.do(ctx, pick(mix, p.rng)))
				if o.Think > 0 {
					pause(until, time.Duration(p.rng.ExpFloat64()*float64(o.Think)))
				}
			}
		})
	}
	streams.Wait()
	var all []result
	for _, list := range each {
		all = append(all, list...)
	}
	return all
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// result is one thing asked.
type result struct {
	task  string
	first time.Duration // to the first event, or to the reply's head
	whole time.Duration
	err   error
}

// person is one stream: it remembers what it asked last.
type person struct {
	*client
	rng  *rand.Rand
	last turn
}

func (p *person) do(ctx context.Context, t task) result {
	r := result{task: t.name}
	start := time.Now()
	err := t.do(ctx, p, func() {
		if r.first == 0 {
			r.first = time.Since(start)
		}
	})
	r.whole = time.Since(start)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errLeft) {
		r.err = err
	}
	return r
}
