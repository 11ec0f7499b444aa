package load

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Sample is what the server says of itself at one moment.
type Sample struct {
	Seconds    float64 `json:"s"` // since the run began
	Goroutines int     `json:"goroutines"`
	ResidentMB float64 `json:"resident_mb"`
	HeapMB     float64 `json:"heap_mb"`
	InFlight   int     `json:"in_flight"` // requests being answered
	CPU        float64 `json:"cpu_s"`     // seconds of processor time since the process began
}

// Resources tells what the load cost the server, and whether it let go of it.
type Resources struct {
	Before  Sample   `json:"before"`
	After   Sample   `json:"after"`         // when it had come to rest, or the time for it was over
	CPU     float64  `json:"cpu_s"`         // processor time that the load cost: says more than times where others use the machine too
	Rested  float64  `json:"rested_s"`      // how long after the last request it came to rest
	AtRest  bool     `json:"at_rest"`       // no more goroutines than before, but a few
	Left    int      `json:"left"`          // goroutines more than before
	PeakMB  float64  `json:"peak_mb"`       // resident memory
	PeakGo  int      `json:"peak_routines"` // goroutines
	Samples []Sample `json:"samples"`
}

// slack is how many goroutines a server at rest may have beyond those before the
// load: of the runtime, of pools, of the connection that asks for the metrics.
const slack = 10

const sampleEvery = time.Second

// watch samples the server's metrics beside the load.
type watch struct {
	client  *client
	start   time.Time
	stop    context.CancelFunc
	done    sync.WaitGroup
	mu      sync.Mutex
	samples []Sample
}

func startWatch(ctx context.Context, c *client, tell func(Sample)) (*watch, error) {
	w := &watch{client: c, start: time.Now()}
	if _, err := w.sample(ctx); err != nil {
		return nil, err
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.done.Go(func() {
		for ctx.Err() == nil {
			pause(ctx, sampleEvery)
			if s, err := w.sample(ctx); err == nil && tell != nil && len(w.samples)%10 == 0 {
				tell(s)
			}
		}
	})
	return w, nil
}

func (w *watch) sample(ctx context.Context) (Sample, error) {
	res, err := w.client.send(ctx, http.MethodGet, "/metrics", nil, "text/plain")
	if err != nil {
		return Sample{}, err
	}
	defer res.Body.Close()
	values := map[string]float64{}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok && !strings.HasPrefix(name, "#") {
			if v, err := strconv.ParseFloat(value, 64); err == nil {
				values[name] = v
			}
		}
	}
	if values["go_goroutines"] == 0 {
		return Sample{}, errors.New("no go_goroutines among them")
	}
	s := Sample{
		Seconds: time.Since(w.start).Seconds(), Goroutines: int(values["go_goroutines"]),
		ResidentMB: values["process_resident_memory_bytes"] / (1 << 20), HeapMB: values["go_memstats_heap_inuse_bytes"] / (1 << 20),
		InFlight: int(values["hjemmel_http_requests_in_flight"]), CPU: values["process_cpu_seconds_total"],
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.samples = append(w.samples, s)
	return s, nil
}

// end waits until the server has come to rest, for at most patience.
func (w *watch) end(ctx context.Context, patience time.Duration) Resources {
	w.stop()
	w.done.Wait()
	w.mu.Lock()
	r := Resources{Before: w.samples[0]}
	w.mu.Unlock()
	for begin := time.Now(); ; pause(ctx, sampleEvery/4) {
		s, err := w.sample(ctx)
		r.Rested = time.Since(begin).Seconds()
		if err == nil {
			r.After, r.Left = s, max(0, s.Goroutines-r.Before.Goroutines)
			r.AtRest = r.Left <= slack
		}
		if r.AtRest || time.Since(begin) > patience || ctx.Err() != nil {
			break
		}
	}
	r.Samples, r.CPU = w.samples, r.After.CPU-r.Before.CPU
	for _, s := range r.Samples {
		r.PeakMB, r.PeakGo = max(r.PeakMB, s.ResidentMB), max(r.PeakGo, s.Goroutines)
	}
	return r
}
