package load

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake answers like a server whose every tenth chat fails and every tenth is cut
// off, and which says that it keeps a goroutine for each section that is opened;
// or, where it is sound, does none of that.
type fake struct {
	*httptest.Server
	chats, left, leaks atomic.Int64
	sound              bool
}

func newFake(t *testing.T, sound bool) *fake {
	f := &fake{sound: sound}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# HELP x\ngo_goroutines %d\nprocess_resident_memory_bytes 1.048576e+08\nprocess_cpu_seconds_total 1.5\n", 20+f.leaks.Load())
	})
	mux.HandleFunc("GET /api/v1/documents", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"documents":[{"id":"lov"}]}`) })
	mux.HandleFunc("GET /api/v1/documents/lov", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"document":{},"outline":[{"id":"lov#85"}]}`)
	})
	mux.HandleFunc("GET /api/v1/documents/lov/sections/85", func(w http.ResponseWriter, _ *http.Request) {
		if !f.sound {
			f.leaks.Add(1)
		}
		fmt.Fprint(w, `{}`)
	})
	mux.HandleFunc("GET /api/v1/search", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	mux.HandleFunc("POST /api/v1/gaps", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	mux.HandleFunc("POST /api/v1/chat", f.chat)
	mux.HandleFunc("POST /api/v1/summaries", f.chat)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) chat(w http.ResponseWriter, r *http.Request) {
	n := f.chats.Add(1)
	if !f.sound && n%10 == 0 {
		http.Error(w, "optaget", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprint(w, "event: source\ndata: {\"source\":{\"section\":\"lov#85\"}}\n\n")
	_ = http.NewResponseController(w).Flush()
	select {
	case <-time.After(5 * time.Millisecond):
	case <-r.Context().Done():
		f.left.Add(1)
		return
	}
	if f.sound || n%10 != 5 {
		fmt.Fprint(w, "event: done\ndata: {}\n\n")
	}
}

func TestLoadOnASoundServer(t *testing.T) {
	f := newFake(t, true)
	r, err := Run(t.Context(), Options{URL: f.URL, Streams: 20, Duration: 1500 * time.Millisecond, Rest: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors != 0 || !r.Resources.AtRest || r.Resources.PeakMB != 100 {
		t.Errorf("%+v", r)
	}
	for _, task := range tasks {
		if r.Tasks[task.name].N == 0 {
			t.Errorf("%s was not done", task.name)
		}
	}
	chats := r.Chats
	if chats.P50 < 0.005 || chats.FirstP50 >= chats.P50 || chats.P99 < chats.P50 || chats.Max < chats.P99 {
		t.Errorf("times %+v", chats)
	}
	if slow := r.Tasks["slow reader"]; slow.P50 < readingPause.Seconds() {
		t.Errorf("slow readers took %.3f s", slow.P50)
	}
	if f.left.Load() == 0 {
		t.Error("no client went away")
	}
}

func TestLoadFindsWhatIsWrong(t *testing.T) {
	f := newFake(t, false)
	r, err := Run(t.Context(), Options{URL: f.URL, Streams: 20, Duration: time.Second, Rest: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors == 0 || r.Reasons["lookup: status 503"] == 0 || r.Reasons["lookup: "+errCut.Error()] == 0 {
		t.Errorf("errors %v", r.Reasons)
	}
	if r.Resources.AtRest || r.Resources.Left <= slack {
		t.Errorf("a server that does not come to rest: %+v", r.Resources)
	}
	if v, ok := r.Value("error-rate"); !ok || v < 0.05 || v > 0.3 {
		t.Errorf("error rate %v", v)
	}
	if _, ok := r.Value("p98"); ok {
		t.Error("a figure that there is not")
	}
}

func TestLoadNeedsAServer(t *testing.T) {
	f := newFake(t, true)
	if _, err := Run(t.Context(), Options{URL: f.URL, Only: []string{"bagning"}}); err == nil || !strings.Contains(err.Error(), "slow reader") {
		t.Errorf("unknown task: %v", err)
	}
	f.Close()
	if _, err := Run(t.Context(), Options{URL: f.URL, Streams: 1}); err == nil {
		t.Error("no server, and no error")
	}
}

func TestPercentileAndMix(t *testing.T) {
	for _, c := range []struct{ p, want float64 }{{0.5, 50}, {0.99, 99}, {1, 100}, {0, 1}} {
		list := make([]float64, 100)
		for i := range list {
			list[i] = float64(i + 1)
		}
		if got := percentile(list, c.p); got != c.want {
			t.Errorf("percentile %v of 1 to 100: %v, want %v", c.p, got, c.want)
		}
	}
	if percentile(nil, 0.99) != 0 {
		t.Error("of nothing")
	}
	shares, rng := map[string]int{}, rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		shares[pick(tasks, rng).name]++
	}
	for _, task := range tasks {
		if got := float64(shares[task.name]) / 100; got < float64(task.share)*0.7-0.5 || got > float64(task.share)*1.3+0.5 {
			t.Errorf("%s has a share of %.1f, want %d", task.name, got, task.share)
		}
	}
}
