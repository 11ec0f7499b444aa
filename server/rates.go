package server

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/teams"
)

// Rates bound how much one person or program, or one address that nobody is
// logged in from, may ask for. 0 means no limit.
type Rates struct {
	Requests int // a minute, of the API and the login
	Answers  int // a minute: answers, summaries, comparisons and uploads, which cost most
}

// DefaultRates leave room for the fastest reader and for a page that loads much.
func DefaultRates() Rates { return Rates{Requests: 600, Answers: 30} }

// burst is how long somebody who was quiet may go faster: the share of a minute's
// requests that may come at once.
const burst = 0.5

// maxCallers bounds whose rates are remembered: those seen last.
const maxCallers = 20_000

// rates keeps a bucket of tokens for each caller. Nil lets everything pass.
type rates struct {
	requests, answers *buckets
}

type buckets struct {
	minute int
	known  *lru.Cache[string, *rate.Limiter]
}

func newBuckets(minute int) *buckets {
	if minute <= 0 {
		return nil
	}
	known, err := lru.New[string, *rate.Limiter](maxCallers)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return &buckets{minute, known}
}

// take takes a token for a caller, or says how long to wait for one.
func (b *buckets) take(caller string, now time.Time) (wait time.Duration, ok bool) {
	if b == nil {
		return 0, true
	}
	limiter, known := b.known.Get(caller)
	if !known {
		limiter = rate.NewLimiter(rate.Limit(float64(b.minute)/60), max(1, int(burst*float64(b.minute))))
		if first, present, _ := b.known.PeekOrAdd(caller, limiter); present {
			limiter = first
		}
	}
	reservation := limiter.ReserveN(now, 1)
	if wait = reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// costly are the routes whose work is counted by Rates.Answers.
var costly = []string{"/api/v1/chat", "/api/v1/summaries", "/api/v1/gaps", "/api/v1/documents", "/v1/chat/completions"}

// limitRate holds back who asks for more than the rates allow. Where no login is
// set up there is one person at one machine, and nothing to hold back. What comes
// from Teams comes from few addresses: the bot counts it by person.
func (s *Server) limitRate(c *gin.Context) {
	path := c.FullPath()
	if s.cfg.Access == nil || path == teams.Path || path == "" || isPage(path) || strings.HasPrefix(path, assetPrefix) || path == "/healthz" || path == "/readyz" {
		return
	}
	caller := access.From(c.Request.Context()).Subject
	if caller == "" {
		caller = "address " + s.proxies.client(c.Request).String()
	}
	now := time.Now()
	wait, ok := s.rates.requests.take(caller, now)
	if ok && c.Request.Method == http.MethodPost && slices.Contains(costly, path) {
		wait, ok = s.rates.answers.take(caller, now)
	}
	if !ok {
		problem(c, tooFast(wait))
	}
}

// tooFast is the fault of who must wait before asking more.
func tooFast(wait time.Duration) *api.Error {
	return &api.Error{Status: http.StatusTooManyRequests, RetryAfter: wait,
		Detail: fmt.Sprintf("Det går lidt for hurtigt: der er en grænse for, hvor meget hver bruger kan spørge om i minuttet. Prøv igen om %s.", inSeconds(int(math.Ceil(wait.Seconds()))))}
}

func inSeconds(n int) string {
	if n == 1 {
		return "1 sekund"
	}
	return fmt.Sprintf("%d sekunder", n)
}
