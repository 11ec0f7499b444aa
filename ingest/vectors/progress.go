package vectors

import "time"

// Progress says how far embedding is.
type Progress struct {
	Model    string  `json:"model"`
	Done     int     `json:"done"`  // passages that have a vector
	Total    int     `json:"total"` // passages
	Building bool    `json:"building"`
	Rate     float64 `json:"rate"`        // texts embedded a second of late; 0 where unknown
	ETA      float64 `json:"eta_seconds"` // until all is done; 0 where unknown
}

// Complete tells whether every passage has a vector.
func (p Progress) Complete() bool { return p.Done >= p.Total }

// Progress says how far embedding is, as of the last Sync and the batches since.
func (b *Builder) Progress() Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := max(0, b.missing-b.fresh)
	p := Progress{Model: b.model.Model(), Total: b.total, Done: max(0, b.total-left), Building: b.building && left > 0}
	if p.Building {
		if p.Rate = b.pace.rate(); p.Rate > 0 {
			p.ETA = float64(left) / p.Rate
		}
	}
	return p
}

// advance counts texts that were embedded. A text may be that of several
// passages: once the work is done, they are counted exactly.
func (b *Builder) advance(texts int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fresh += texts
	b.pace.add(time.Now(), texts)
}

// pace measures a rate over the last minutes, pauses included.
type pace struct {
	last  time.Time
	texts float64
	spent time.Duration
}

// paceWindow is after how much time older measurements count half.
const paceWindow = time.Minute

func (p *pace) start(now time.Time) { *p = pace{last: now} }

func (p *pace) add(now time.Time, texts int) {
	p.texts += float64(texts)
	p.spent += now.Sub(p.last)
	p.last = now
	if p.spent > paceWindow {
		p.texts, p.spent = p.texts/2, p.spent/2
	}
}

func (p *pace) rate() float64 {
	if p.spent <= 0 {
		return 0
	}
	return p.texts / p.spent.Seconds()
}
