package main

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/prompts"
	"github.com/hjemmel/hjemmel/server/assistant/verify"
	"github.com/hjemmel/hjemmel/server/llm"
	"github.com/hjemmel/hjemmel/server/policy"
)

// modelSettings say which language model words the answers; without a url none
// does, and answers quote.
type modelSettings struct {
	URL, Name, Kind, Key, KeyEnv, APIVersion, Prompts string

	Timeout, FirstToken, Stall time.Duration
	Concurrency                int
	PriceIn, PriceOut          float64
}

// modelFlags are the settings of the model, in the order of the README.
var modelFlags = []string{"model-url", "model-name", "model-kind", "model-key", "model-key-env", "model-api-version", "model-timeout",
	"model-first-token", "model-stall", "model-concurrency", "model-price-in", "model-price-out", "prompts"}

// secretFlags are never printed.
var secretFlags = map[string]bool{"model-key": true, "embed-key": true, "qdrant-api-key": true, "access-oidc-client-secret": true, "teams-app-password": true, "activity": true}

func (m *modelSettings) addFlags(f *pflag.FlagSet) {
	f.StringVar(&m.URL, "model-url", "", "`address` of a language model's server, with /v1; without it answers quote only")
	f.StringVar(&m.Name, "model-name", "", "`name` of the language model (of azure: of its deployment)")
	f.StringVar(&m.Kind, "model-kind", llm.KindOpenAI, "`kind` of server: openai (and what speaks like it), azure, ollama")
	f.StringVar(&m.Key, "model-key", "", "`key` for the model's server; better kept out of files, by model_key_env")
	f.StringVar(&m.KeyEnv, "model-key-env", "", "environment `variable` that holds the key")
	f.StringVar(&m.APIVersion, "model-api-version", llm.DefaultAPIVersion, "`version` of Azure's API")
	f.DurationVar(&m.Timeout, "model-timeout", llm.DefaultLimits.Total, "how long a model's whole reply may take")
	f.DurationVar(&m.FirstToken, "model-first-token", llm.DefaultLimits.FirstToken, "how long a model may take to begin")
	f.DurationVar(&m.Stall, "model-stall", llm.DefaultLimits.BetweenTokens, "how long a model may pause in its reply")
	f.IntVar(&m.Concurrency, "model-concurrency", llm.DefaultLimits.Concurrent, "how many answers a model words at once")
	f.Float64Var(&m.PriceIn, "model-price-in", 0, "price of a million tokens of prompt in `DKK`")
	f.Float64Var(&m.PriceOut, "model-price-out", 0, "price of a million tokens of reply in `DKK`")
	f.StringVar(&m.Prompts, "prompts", "", "`folder` with prompts of your own: system.tmpl, user.tmpl")
}

// assistant returns what answers from lib under the rules, by words and, where
// lib was opened with a model for them, by meaning.
func (a *app) assistant(lib *ingest.Library, rules *policy.Policy) *assistant.Assistant {
	helper := assistant.New(lib.Engine, lib, rules.Check)
	if lib.Embedder == nil {
		return helper
	}
	return helper.WithMeaning(lib.Embedder)
}

// secret returns key, or what the environment holds under the name that a setting
// gives.
func (a *app) secret(key, name, setting string) (string, error) {
	if name == "" {
		return key, nil
	}
	if value := envValue(a.environ, name); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("%s: the environment has no %s", setting, name)
}

// compose returns helper with the configured model, or as it is where none is.
// done ends the model's connections.
// observe may be nil: see assistant.Composition.
func (a *app) compose(helper *assistant.Assistant, observe func(string, verify.Result)) (with *assistant.Assistant, done func(), err error) {
	m := &a.config.Model
	if m.URL == "" {
		return helper, func() {}, nil
	}
	key, err := a.secret(m.Key, m.KeyEnv, "model_key_env")
	if err != nil {
		return nil, nil, usageError{err}
	}
	set, err := prompts.Load(m.Prompts)
	if err != nil {
		return nil, nil, usageError{err}
	}
	model, err := llm.New(llm.Config{
		Kind: m.Kind, URL: m.URL, Name: m.Name, Key: key, APIVersion: m.APIVersion,
		Limits: llm.Limits{Total: m.Timeout, FirstToken: m.FirstToken, BetweenTokens: m.Stall, Concurrent: m.Concurrency},
		Prices: llm.Prices{In: m.PriceIn, Out: m.PriceOut},
	})
	if err != nil {
		return nil, nil, usageError{err}
	}
	return helper.WithModel(assistant.Composition{Model: model, Prompts: set, Observe: observe}), model.Close, nil
}
