package api

import (
	"runtime"
	"time"
)

// DefaultLimits returns limits for a server on the caseworker's own machine or
// a small one beside it.
func DefaultLimits() Limits {
	cores := runtime.GOMAXPROCS(0)
	return Limits{
		Body:        64 << 10,
		Upload:      200 << 20,
		UploadTotal: 1 << 30,
		UploadFiles: 1000,
		Chats:       4 * cores, // an extractive answer is all CPU: more at once only makes each slower
		Renders:     cores,
		Uploads:     4,
		Queue:       10 * time.Second,
		Answer:      2 * time.Minute,
		Heartbeat:   15 * time.Second,
		WriteStall:  10 * time.Second,
		ReadStall:   time.Minute,
		Write:       10 * time.Minute, // a change waits for an ingest that is running
	}
}

// WithDefaults fills the fields that are zero.
func (l Limits) WithDefaults() Limits {
	d := DefaultLimits()
	l.Body, l.Upload = or(l.Body, d.Body), or(l.Upload, d.Upload)
	l.UploadTotal, l.UploadFiles = or(l.UploadTotal, max(d.UploadTotal, l.Upload)), or(l.UploadFiles, d.UploadFiles)
	l.Chats, l.Renders, l.Uploads = or(l.Chats, d.Chats), or(l.Renders, d.Renders), or(l.Uploads, d.Uploads)
	l.Queue, l.Answer = or(l.Queue, d.Queue), or(l.Answer, d.Answer)
	l.Heartbeat, l.WriteStall = or(l.Heartbeat, d.Heartbeat), or(l.WriteStall, d.WriteStall)
	l.ReadStall, l.Write = or(l.ReadStall, d.ReadStall), or(l.Write, d.Write)
	return l
}

func or[T int | int64 | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}
