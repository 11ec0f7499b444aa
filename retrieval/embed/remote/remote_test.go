package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type request struct {
	Model      string
	Input      []string
	Dimensions int
}

// vectorFor is what the test's servers answer for a text: not of unit length.
func vectorFor(text string) []float32 { return []float32{float32(len(text)), 3, 4} }

func answer(model string, texts []string) string {
	type datum struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	var data []datum
	for i, text := range texts {
		data = append(data, datum{i, vectorFor(text)})
	}
	b, _ := json.Marshal(map[string]any{"object": "list", "model": model, "data": data})
	return string(b)
}

// serve starts a server and an embedder that asks it.
func serve(t *testing.T, c Config, handle func(w http.ResponseWriter, r *http.Request, q request)) *Embedder {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q request
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Errorf("request: %v", err)
		}
		handle(w, r, q)
	}))
	t.Cleanup(s.Close)
	c.URL, c.Model = s.URL+"/v1/", or(c.Model, "bge-m3")
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func TestBatchesPrefixesAndUnitLength(t *testing.T) {
	var sizes []int
	e := serve(t, Config{Key: "hemmelig", QueryPrefix: "query: ", Batch: 2}, func(w http.ResponseWriter, r *http.Request, q request) {
		if r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer hemmelig" || q.Model != "bge-m3" {
			t.Errorf("asked %s with %q for %s", r.URL.Path, r.Header.Get("Authorization"), q.Model)
		}
		sizes = append(sizes, len(q.Input))
		io.WriteString(w, answer("bge-m3", q.Input))
	})
	if e.Dim() != 0 {
		t.Errorf("Dim is %d before the first answer", e.Dim())
	}
	texts := []string{"Klagefrist", "Bostøtte\ntil voksne", "§ 85"}
	got, err := e.Queries(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(sizes) != "[2 1]" || e.Dim() != 3 {
		t.Errorf("requests of %v texts, Dim %d", sizes, e.Dim())
	}
	for i, text := range texts {
		want := vectorFor("query: " + text)
		length := math.Hypot(float64(want[0]), 5)
		for j := range want {
			if math.Abs(float64(got[i][j])-float64(want[j])/length) > 1e-6 {
				t.Errorf("%q became %v, want %v / %g", text, got[i], want, length)
			}
		}
	}
	if texts[1] != "Bostøtte\ntil voksne" {
		t.Error("the caller's texts were changed")
	}
	if none, err := e.Passages(context.Background(), nil); err != nil || len(none) != 0 {
		t.Errorf("no texts gave %v, %v", none, err)
	}
}

func TestKeyOfAnotherServerStaysHere(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "not-yours")
	t.Setenv("OPENAI_ORGANIZATION", "not-yours")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
	e := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request, q request) {
		for name, values := range r.Header {
			if s := strings.Join(values, " "); name == "Authorization" || strings.Contains(s, "not-yours") {
				t.Errorf("header %s: %s", name, s)
			}
		}
		io.WriteString(w, answer("", q.Input))
	})
	if err := e.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestAzure(t *testing.T) {
	e := serve(t, Config{Model: "vektor", Key: "k", AzureVersion: "2024-10-21", Dimensions: 3}, func(w http.ResponseWriter, r *http.Request, q request) {
		if r.URL.Path != "/v1/openai/deployments/vektor/embeddings" || r.URL.RawQuery != "api-version=2024-10-21" || r.Header.Get("api-key") != "k" || q.Dimensions != 3 {
			t.Errorf("asked %s with %v for %d components", r.URL, r.Header, q.Dimensions)
		}
		io.WriteString(w, answer("text-embedding-3-small", q.Input))
	})
	if err := e.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestAnswers covers what servers send that is no answer, or one out of order.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		want       string // in the error; empty for none
		attempts   int
	}{
		{name: "out of order", body: `{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[2,0]}]}`, attempts: 1},
		{name: "not numbered", body: `{"data":[{"embedding":[2,0]},{"embedding":[0,2]}]}`, attempts: 1},
		{name: "numbered wrongly", body: `{"data":[{"index":1,"embedding":[2,0]},{"index":1,"embedding":[0,2]}]}`, want: "numbered wrongly", attempts: 1},
		{name: "too few", body: `{"data":[{"index":0,"embedding":[2,0]}]}`, want: "1 vectors came for 2 texts", attempts: 1},
		{name: "too many", body: `{"data":[{},{},{}]}`, want: "3 vectors came for 2 texts", attempts: 1},
		{name: "two lengths", body: `{"data":[{"index":0,"embedding":[2,0]},{"index":1,"embedding":[2,0,0]}]}`, want: "3 components, want 2", attempts: 1},
		{name: "no direction", body: `{"data":[{"index":0,"embedding":[0,0]},{"index":1,"embedding":[2,0]}]}`, want: "no direction", attempts: 1},
		{name: "empty vector", body: `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`, want: "no direction", attempts: 1},
		{name: "broken JSON", body: `{"data":[{"index":0,"embedding":[2,`, want: "not a list of vectors", attempts: 1},
		{name: "a page", body: `<html>Log ind</html>`, want: "not a list of vectors", attempts: 1},
		{name: "wrong key", status: 401, body: `{"error":{"message":"Incorrect  API key\nprovided"}}`, want: "401 Unauthorized: Incorrect API key provided", attempts: 1},
		{name: "moved", status: 307, body: ``, want: "307 Temporary Redirect", attempts: 1},
		{name: "no such model", status: 404, body: `not found`, want: "404 Not Found", attempts: 1},
		{name: "out of order for good", status: 503, body: ``, want: "after 2 attempts: the server answers 503", attempts: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			attempts := 0
			e := serve(t, Config{Retries: 1}, func(w http.ResponseWriter, _ *http.Request, _ request) {
				attempts++
				if c.status != 0 {
					w.Header().Set("Retry-After", "0")
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(c.status)
				}
				io.WriteString(w, c.body)
			})
			got, err := e.Passages(context.Background(), []string{"a", "b"})
			if attempts != c.attempts {
				t.Errorf("%d attempts, want %d", attempts, c.attempts)
			}
			switch {
			case c.want == "" && (err != nil || got[0][0] != 1 || got[1][1] != 1):
				t.Errorf("got %v, %v", got, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
}

func TestLaterAnswerOfAnotherModel(t *testing.T) {
	for name, c := range map[string]struct{ second, want string }{
		"dimension": {`{"model":"m","data":[{"embedding":[1,0,0]}]}`, "3 components, want 2"},
		"name":      {`{"model":"n","data":[{"embedding":[1,0]}]}`, `as model "n", before as "m"`},
	} {
		t.Run(name, func(t *testing.T) {
			answers := []string{`{"model":"m","data":[{"embedding":[1,0]}]}`, c.second}
			e := serve(t, Config{}, func(w http.ResponseWriter, _ *http.Request, _ request) {
				io.WriteString(w, answers[0])
				answers = answers[1:]
			})
			if err := e.Check(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := e.Check(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
}

func TestCutConnectionIsTriedAgain(t *testing.T) {
	var attempts atomic.Int32
	e := serve(t, Config{}, func(w http.ResponseWriter, _ *http.Request, q request) {
		if attempts.Add(1) == 1 {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"data":[`)
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, answer("m", q.Input))
	})
	if err := e.Check(context.Background()); err != nil || attempts.Load() != 2 {
		t.Errorf("%d attempts, %v", attempts.Load(), err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	e := serve(t, Config{}, func(_ http.ResponseWriter, r *http.Request, _ request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := e.Queries(ctx, []string{"x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// scripted answers in a synctest bubble, where time passes at once.
type scripted func(attempt int, r *http.Request) (*http.Response, error)

type script struct {
	run      scripted
	attempts int
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.attempts++
	return s.run(s.attempts, r)
}

func response(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// check runs Check against a script.
func check(ctx context.Context, t *testing.T, c Config, run scripted) error {
	t.Helper()
	c.URL, c.Model, c.Transport = "https://vektorer.example/v1", "m", &script{run: run}
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e.Check(ctx)
}

func TestRetryAfter(t *testing.T) {
	for name, header := range map[string]func() string{
		"seconds": func() string { return "7" },
		"date":    func() string { return time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var at []time.Duration
				start := time.Now()
				err := check(t.Context(), t, Config{}, func(n int, _ *http.Request) (*http.Response, error) {
					at = append(at, time.Since(start))
					if n < 3 {
						return response(429, "", "Retry-After", header()), nil
					}
					return response(200, answer("m", []string{"lov"})), nil
				})
				if err != nil || len(at) != 3 {
					t.Fatalf("%d attempts, %v", len(at), err)
				}
				for i := 1; i < 3; i++ {
					if d := at[i] - at[i-1]; d <= 6*time.Second || d > 8*time.Second {
						t.Errorf("attempt %d came after %v, asked were 7 s (a date counts whole seconds)", i+1, d)
					}
				}
			})
		})
	}
}

func TestRetryAfterTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := check(t.Context(), t, Config{}, func(int, *http.Request) (*http.Response, error) {
			return response(503, "", "Retry-After", "3600"), nil
		})
		if err == nil || time.Since(start) > time.Second {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		start := time.Now()
		err := check(t.Context(), t, Config{Retries: 8}, func(int, *http.Request) (*http.Response, error) {
			at = append(at, time.Since(start))
			return nil, errors.New("connection refused")
		})
		if err == nil || !strings.Contains(err.Error(), "after 9 attempts: connection refused") || len(at) != 9 {
			t.Fatalf("%d attempts, %v", len(at), err)
		}
		for i := 1; i < len(at); i++ {
			most := min(firstPause<<(i-1), longestPause)
			if d := at[i] - at[i-1]; d < most/2 || d > most {
				t.Errorf("pause %d took %v, want %v to %v", i, d, most/2, most)
			}
		}
	})
}

func TestSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := check(t.Context(), t, Config{Timeout: 3 * time.Second, Retries: -1}, func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		if err == nil || !strings.Contains(err.Error(), "no answer within 3s") {
			t.Errorf("error %v", err)
		}
	})
}

func TestCancelDuringAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		err := check(ctx, t, Config{}, func(int, *http.Request) (*http.Response, error) {
			return response(429, "", "Retry-After", "30"), nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 5*time.Second {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
	})
}

func TestConfig(t *testing.T) {
	for want, c := range map[string]Config{
		"want http":         {URL: "vektorer.example", Model: "m"},
		"holds a password":  {URL: "https://a:b@vektorer.example", Model: "m"},
		"name of a model":   {URL: "https://vektorer.example"},
		"cannot be negativ": {URL: "https://vektorer.example", Model: "m", Batch: -1},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%+v: error %v, want one about %q", c, err, want)
		}
	}
	e, err := New(Config{URL: "https://vektorer.example", Model: "e5-passage", QueryModel: "e5-query", QueryPrefix: "q: ", Dimensions: 256})
	if err != nil {
		t.Fatal(err)
	}
	if want := `e5-passage+e5-query ("q: ", "") [256]`; e.Model() != want || e.Dim() != 256 {
		t.Errorf("model %s of %d, want %s", e.Model(), e.Dim(), want)
	}
}
