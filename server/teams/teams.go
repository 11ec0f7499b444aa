// Package teams answers caseworkers in Microsoft Teams: it turns Bot Framework
// activities into questions to the assistant, and answers into messages with
// numbered citations. It proves where an activity comes from and for whom the
// answer is; what may be asked is the policy's, what is answered the
// assistant's, what is remembered the recorder's. It logs no text of anybody.
package teams

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Path is where the Bot Framework connector posts activities.
const Path = "/api/messages"

// Assistant answers questions; the recorder's is one.
type Assistant interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
}

// Config is what a bot needs. Assistant, Check and Public must be set, and AppID,
// Password and Tenant unless Dev is.
type Config struct {
	AppID    string // of the bot's registration in Entra ID: the audience of the connector's tokens
	Password string // the registration's client secret
	Tenant   string // whose people are answered
	// TokenTenant is where the bot gets its own token: default Tenant;
	// "botframework.com" for a bot that is registered for many tenants.
	TokenTenant string
	// Dev accepts activities without a token, from this machine only, and answers
	// them as the person at this machine.
	Dev bool

	Groups  []string            // what everybody in Teams may read, and all that is used where others read along
	Members map[string][]string // group → Entra object ids of further people, in chats with the bot alone
	// Roles says which roles somebody in these groups has; nil: everybody is a reader.
	Roles func(groups []string) []access.Role

	Assistant Assistant
	Check     func(text string) policy.Verdict // of what is stored beside questions
	Activity  *activity.Store                  // takes feedback; nil: feedback is not asked for
	Recorder  *activity.Recorder               // audits what Check stops; nil where nothing is recorded
	// Enter waits for a turn among all who are being answered; nil: no waiting.
	Enter func(ctx context.Context) (leave func(), err error)
	// Rate takes a token of a person's rate, or says how long to wait; nil: no rate.
	Rate func(subject string) (wait time.Duration, ok bool)
	// Explain words an error in Danish.
	Explain func(ctx context.Context, err error) string
	// Answered counts answers by outcome; nil: not counted.
	Answered func(ctx context.Context, a assistant.Answer, err error, took time.Duration)

	Public  *url.URL // of the web pages, for links to the whole answer
	Timeout time.Duration
	Logger  *slog.Logger

	// Where Microsoft's services are; the zero values are the public cloud's.
	Issuer   string // of the connector's tokens
	Metadata string // the connector's OpenID configuration
	TokenURL string // where the bot gets its own token

	Now func() time.Time // default time.Now
}

// The public cloud's addresses, as Microsoft documents them under "Authentication
// with the Bot Connector API".
const (
	defaultIssuer   = "https://api.botframework.com"
	defaultMetadata = "https://login.botframework.com/v1/.well-known/openidconfiguration"
	loginAddress    = "https://login.microsoftonline.com/"
)

const (
	defaultTimeout = 2 * time.Minute
	// atOnce bounds the activities that are being answered or wait for their turn;
	// further ones are refused with 503, and the connector sends them again.
	atOnce = 64
	// remembered bounds what is known of the past: activities seen, conversations
	// gone on with, answers that feedback may be about. The oldest is forgotten.
	remembered = 10_000
)

// Bot answers activities. Its life is New, ServeHTTP any number of times, Stop.
type Bot struct {
	Config
	tokens    *verifier
	connector *connector

	base   context.Context // of all answering; ends when Stop loses patience
	cancel context.CancelCauseFunc
	mu     sync.Mutex // guards stopped, and begins before Stop waits
	closed bool
	work   sync.WaitGroup
	slots  chan struct{}

	seen     *lru.Cache[string, struct{}] // activities, by conversation and id
	talks    *lru.Cache[talk, string]     // the stored conversation that a talk goes on
	feedback *lru.Cache[string, given]    // answers by the id of their message
}

// talk is one person's part of a chat.
type talk struct{ conversation, subject string }

// given is an answer that feedback may be about.
type given struct{ subject, turn string }

// New returns a bot that is ready to serve.
func New(cfg Config) (*Bot, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	b := &Bot{Config: cfg, slots: make(chan struct{}, atOnce), seen: cache[string, struct{}](), talks: cache[talk, string](), feedback: cache[string, given]()}
	b.base, b.cancel = context.WithCancelCause(context.Background())
	// A redirect would carry the bot's token to where no token vouched for.
	client := &http.Client{Timeout: requestTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if !cfg.Dev {
		b.tokens = &verifier{keys: newKeys(cfg.Metadata, client, cfg.Now), issuer: cfg.Issuer, audience: cfg.AppID, now: cfg.Now}
	}
	b.connector = newConnector(cfg, client)
	return b, nil
}

func cache[K comparable, V any]() *lru.Cache[K, V] {
	c, err := lru.New[K, V](remembered)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return c
}

func (cfg *Config) complete() error {
	switch {
	case cfg.Assistant == nil, cfg.Check == nil, cfg.Public == nil, cfg.Explain == nil:
		return errors.New("teams: Assistant, Check, Explain and Public must be set")
	case !cfg.Dev && (cfg.AppID == "" || cfg.Password == "" || cfg.Tenant == ""):
		return errors.New("teams_app_id, teams_app_password (or teams_app_password_env) and teams_tenant must all be set")
	case cfg.Dev && (cfg.AppID != "" || cfg.Password != ""):
		return errors.New("teams_dev is for trying the bot without a registration: set either teams_dev or teams_app_id")
	}
	orElse(&cfg.TokenTenant, cfg.Tenant)
	orElse(&cfg.Issuer, defaultIssuer)
	orElse(&cfg.Metadata, defaultMetadata)
	orElse(&cfg.TokenURL, loginAddress+url.PathEscape(cfg.TokenTenant)+"/oauth2/v2.0/token")
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return nil
}

func orElse(value *string, fallback string) {
	if *value == "" {
		*value = fallback
	}
}

// start runs f beside the request that brought its activity. It returns false
// where too much is under way, or the bot stops.
func (b *Bot) start(f func(ctx context.Context)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	select {
	case b.slots <- struct{}{}:
	default:
		return false
	}
	b.work.Go(func() {
		defer func() { <-b.slots }()
		ctx, cancel := context.WithTimeout(b.base, b.Timeout)
		defer cancel()
		f(ctx)
	})
	return true
}

// Stop refuses further activities, lets those under way be answered until ctx
// ends, and then cuts them off with cause.
func (b *Bot) Stop(ctx context.Context, cause error) {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
	b.cancel(cause)
	<-done
	b.connector.client.CloseIdleConnections()
}
