package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/schedule"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/server/policy"
)

const sourcesKey = "sources"

// sourceSetting is one entry of the key sources in hjemmel.yaml.
type sourceSetting struct {
	Name       string   `yaml:"name"`
	From       string   `yaml:"from"`
	Collection string   `yaml:"collection"`
	Groups     []string `yaml:"groups"`
	Include    []string `yaml:"include"`
	Exclude    []string `yaml:"exclude"`
	Every      string   `yaml:"every"`
	At         string   `yaml:"at"`
}

// readSources reads the list strictly: a misspelt key is an error.
func readSources(raw any) ([]sourceSetting, error) {
	if raw == nil {
		return nil, nil
	}
	text, err := yaml.Marshal(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sourcesKey, err)
	}
	var list []sourceSetting
	if err := yaml.UnmarshalWithOptions(text, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: it is a list of from, collection, groups, include, exclude, every or at, name: %s", sourcesKey, yaml.FormatError(err, false, true))
	}
	return list, nil
}

// scheduled turns the setting into checked sources.
func (a *app) scheduled(rules *policy.Policy) ([]schedule.Source, error) {
	var sources []schedule.Source
	for _, s := range a.config.Sources {
		out := schedule.Source{Name: s.Name, From: s.From, Collection: s.Collection, Include: s.Include, Exclude: s.Exclude, At: s.At}
		if out.Collection == "" {
			out.Collection = ingest.DefaultCollection
		}
		out.Groups = a.config.Access.groups(out.Collection, s.Groups)
		if s.Every != "" {
			every, err := time.ParseDuration(s.Every)
			if err != nil {
				return nil, fmt.Errorf("%s: every %q: write 15m or 12h", sourcesKey, s.Every)
			}
			out.Every = every
		}
		sources = append(sources, out)
	}
	err := schedule.CheckAll(sources, func(name string) error {
		if v := rules.CheckName(name); !v.Allowed {
			return policy.RefusedError{Verdict: v}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sourcesKey, err)
	}
	return sources, nil
}

// scheduler reads the configured sources into lib.
func (a *app) scheduler(sources []schedule.Source, lib *ingest.Library, rules *policy.Policy, log *slog.Logger) *schedule.Scheduler {
	seen := &source.Seen{}
	return schedule.New(sources, lib, func(ctx context.Context, s schedule.Source) (schedule.Found, error) {
		return a.find(ctx, s, lib, rules, seen)
	}, log)
}

// find lists what a source holds now.
func (a *app) find(ctx context.Context, s schedule.Source, lib *ingest.Library, rules *policy.Policy, seen *source.Seen) (schedule.Found, error) {
	given, err := a.sources([]string{s.From}, source.Options{Include: s.Include, Exclude: s.Exclude, Seen: seen})
	if err != nil {
		given.web.Close()
		if errors.Is(err, fs.ErrNotExist) {
			err = schedule.Gone(err)
		}
		return schedule.Found{}, err
	}
	items, err := given.items(ctx, lib.Store)
	if err != nil {
		given.web.Close()
		return schedule.Found{}, err
	}
	found := schedule.Found{Close: given.web.Close}
	found.Items, found.Refused = refuseNames(items, rules)
	if info, err := os.Stat(s.From); err == nil && info.IsDir() {
		abs, err := filepath.Abs(s.From)
		if err != nil {
			return found, err
		}
		found.Root = filepath.Base(abs)
	}
	return found, nil
}
