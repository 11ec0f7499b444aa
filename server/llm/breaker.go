package llm

import (
	"sync"
	"time"
)

// breaker refuses calls for a while after several failures in a row, then lets
// one through to see whether the server is back.
type breaker struct {
	after    int
	cooldown time.Duration

	mu      sync.Mutex
	failed  int
	until   time.Time // refuses until then; zero while closed
	probing bool
}

func newBreaker(after int, cooldown time.Duration) *breaker {
	return &breaker{after: after, cooldown: cooldown}
}

// allow tells whether a call may be made. Each allowed call must be followed by
// done or forget.
func (b *breaker) allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return true
	case b.probing || time.Now().Before(b.until):
		return false
	}
	b.probing = true
	return true
}

// done tells how a call went.
func (b *breaker) done(ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
	if ok {
		b.failed, b.until = 0, time.Time{}
		return
	}
	b.failed++
	if b.failed >= b.after {
		b.until = time.Now().Add(b.cooldown)
	}
}

// forget ends a call that says nothing of the server: the caller left.
func (b *breaker) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
