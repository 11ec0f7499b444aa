// Package schedule reads the configured sources again and again: folders, files,
// web addresses and acts, each at its interval or its time of day, one at a time.
// It decides when; how documents are found and read is the business of package
// source and of the pipeline.
package schedule

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// Source is one entry of the setting sources.
type Source struct {
	Name       string        // shown and remembered by; default: From
	From       string        // a folder, a file, an address, retsinformation:ACT
	Collection string        // where its documents go
	Groups     []string      // who may see them; none means everyone
	Include    []string      // patterns as of ingest --include
	Exclude    []string      // patterns as of ingest --exclude
	Every      time.Duration // between the beginnings of two runs; 0 where At is set
	At         string        // time of day, 03:30; "" where Every is set
}

// leastInterval keeps a slip of the pen from asking a server every second.
const leastInterval = time.Minute

// Check completes a source and says what is wrong with it. judge refuses names
// that may not be stored.
func (s *Source) Check(judge func(name string) error) error {
	if strings.TrimSpace(s.From) == "" {
		return errors.New("from is missing: name a folder, a file, an address or retsinformation:ACT")
	}
	if s.Name == "" {
		s.Name = s.From
	}
	switch {
	case s.Every != 0 && s.At != "":
		return fmt.Errorf("%s: use every or at, not both", s.Name)
	case s.Every == 0 && s.At == "":
		return fmt.Errorf("%s: say every (15m, 12h) or at (03:30)", s.Name)
	case s.At == "" && s.Every < leastInterval:
		return fmt.Errorf("%s: every %s: the shortest interval is %s", s.Name, s.Every, leastInterval)
	}
	if s.At != "" {
		if _, err := time.Parse("15:04", s.At); err != nil {
			return fmt.Errorf("%s: at %q: write a time of day, for example 03:30", s.Name, s.At)
		}
	}
	for _, name := range []string{s.Name, s.From, s.Collection} {
		if err := judge(name); err != nil {
			return fmt.Errorf("a source's name, place or collection: %w", err)
		}
	}
	return nil
}

// CheckAll checks every source, and that no two are mistaken for each other: by
// name, or because two folders of one name go into one collection.
func CheckAll(sources []Source, judge func(name string) error) error {
	var problems []error
	names, roots := map[string]bool{}, map[string]string{}
	for i := range sources {
		s := &sources[i]
		if err := s.Check(judge); err != nil {
			problems = append(problems, err)
			continue
		}
		if names[s.Name] {
			problems = append(problems, fmt.Errorf("two sources are called %q: give them names", s.Name))
		}
		names[s.Name] = true
		root := s.Collection + "\x00" + filepath.Base(s.From)
		if other, taken := roots[root]; taken && !strings.Contains(s.From, ":") {
			problems = append(problems, fmt.Errorf("%s and %s have the same folder name in one collection: their documents could not be told apart", other, s.From))
		}
		roots[root] = s.From
	}
	return errors.Join(problems...)
}

// due tells when the source is to be read next, by its last run: at once where
// there is none or it was interrupted, or where the clock has gone back since.
func (s *Source) due(last *Run, now time.Time) time.Time {
	if last == nil || last.Ended.IsZero() || last.Started.After(now) {
		return now
	}
	if s.At == "" {
		return last.Started.Add(s.Every)
	}
	clock, err := time.Parse("15:04", s.At)
	if err != nil { // Check has seen to it
		return now
	}
	from := last.Started.In(now.Location())
	next := time.Date(from.Year(), from.Month(), from.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
	for !next.After(from) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}
