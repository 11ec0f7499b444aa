package teams

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	requestTimeout = 10 * time.Second // of one request to Microsoft's services
	maxDocument    = 1 << 20          // bytes of what they answer
	// keysFresh is how long keys are used without asking again, keysUsable how long
	// where asking fails: Microsoft caches them for 5 days in its own SDK.
	keysFresh  = 24 * time.Hour
	keysUsable = 5 * 24 * time.Hour
	// keysPause bounds how often a token of an unknown key, which anybody can make,
	// has the keys fetched.
	keysPause = time.Minute
)

// key signs the connector's tokens for the channels that endorse it.
type key struct {
	jose.JSONWebKey
	endorsements []string
}

// keys are the connector's, by id. A known key is never waited for.
type keys struct {
	metadata string
	client   *http.Client
	now      func() time.Time

	mu      sync.RWMutex
	known   map[string]key
	fetched time.Time // when known was fetched

	fetching sync.Mutex // one asks, the others wait for what it finds
	tried    time.Time  // guarded by fetching
	failed   error      // of the last try
}

func newKeys(metadata string, client *http.Client, now func() time.Time) *keys {
	return &keys{metadata: metadata, client: client, now: now}
}

// errUnknownKey is returned for a token that none of the connector's keys signed.
var errUnknownKey = errors.New("the token's key is not one of the connector's")

// key returns the key of an id, and fetches the keys anew where it is unknown or
// they are old.
func (k *keys) key(ctx context.Context, id string) (key, error) {
	found, ok, age := k.look(id)
	if ok && age < keysFresh {
		return found, nil
	}
	err := k.refresh(ctx)
	if again, known, age := k.look(id); known && age < keysUsable {
		return again, nil
	}
	if err != nil {
		return key{}, err
	}
	return key{}, errUnknownKey
}

func (k *keys) look(id string) (found key, ok bool, age time.Duration) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	found, ok = k.known[id]
	return found, ok, k.now().Sub(k.fetched)
}

// refresh fetches the keys, unless that was tried a moment ago.
func (k *keys) refresh(ctx context.Context) error {
	k.fetching.Lock()
	defer k.fetching.Unlock()
	if now := k.now(); !k.tried.IsZero() && now.Sub(k.tried) < keysPause {
		return k.failed
	}
	known, err := k.fetch(context.WithoutCancel(ctx))
	k.tried, k.failed = k.now(), err
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known, k.fetched = known, k.tried
	return nil
}

// fetch asks for the OpenID configuration and then for the keys that it names.
func (k *keys) fetch(ctx context.Context) (map[string]key, error) {
	var configuration struct {
		JWKS string `json:"jwks_uri"`
	}
	if err := k.get(ctx, k.metadata, &configuration); err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := k.get(ctx, configuration.JWKS, &set); err != nil {
		return nil, err
	}
	known := map[string]key{}
	for _, raw := range set.Keys {
		var one key
		var more struct {
			Endorsements []string `json:"endorsements"`
		}
		// A key of a kind that is not known here must not hide the others.
		if json.Unmarshal(raw, &one.JSONWebKey) != nil || json.Unmarshal(raw, &more) != nil || !one.Valid() || !one.IsPublic() || one.KeyID == "" {
			continue
		}
		one.endorsements = more.Endorsements
		known[one.KeyID] = one
	}
	if len(known) == 0 {
		return nil, errors.New("the connector publishes no keys at " + configuration.JWKS)
	}
	return known, nil
}

func (k *keys) get(ctx context.Context, address string, into any) error {
	if err := secure(address); err != nil {
		return fmt.Errorf("fetching the connector's keys: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("fetching the connector's keys: %w", err)
	}
	res, err := k.client.Do(req)
	if err != nil {
		return fmt.Errorf("fetching the connector's keys: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("fetching the connector's keys: %s answers %s", address, res.Status)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxDocument)).Decode(into); err != nil {
		return fmt.Errorf("fetching the connector's keys: reading %s: %w", address, err)
	}
	return nil
}
