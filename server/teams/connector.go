package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	connectorScope = "https://api.botframework.com/.default"
	sendTries      = 4
	maxPause       = 20 * time.Second // between two tries, whatever the connector asks for
)

// connector sends activities to where a token vouched that they belong.
type connector struct {
	client *http.Client
	login  *clientcredentials.Config // nil in development: no token is sent

	mu    sync.Mutex
	token *oauth2.Token
}

func newConnector(cfg Config, client *http.Client) *connector {
	c := &connector{client: client}
	if !cfg.Dev {
		c.login = &clientcredentials.Config{
			ClientID: cfg.AppID, ClientSecret: cfg.Password, TokenURL: cfg.TokenURL, Scopes: []string{connectorScope}, AuthStyle: oauth2.AuthStyleInParams,
		}
	}
	return c
}

// bearer returns the bot's own token, which is kept until it expires.
func (c *connector) bearer(ctx context.Context) (string, error) {
	if c.login == nil {
		return "", nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.Valid() {
		return c.token.AccessToken, nil
	}
	token, err := c.login.Token(context.WithValue(ctx, oauth2.HTTPClient, c.client))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) { // its text repeats the reply
			return "", fmt.Errorf("the bot cannot log in: check teams_app_id, teams_app_password and teams_token_tenant: %s %s", refused.Response.Status, refused.ErrorCode)
		}
		return "", fmt.Errorf("the bot cannot log in: %w", err)
	}
	c.token = token
	return token.AccessToken, nil
}

// forget drops a token that the connector refused.
func (c *connector) forget(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != nil && c.token.AccessToken == token {
		c.token = nil
	}
}

// send sends out as a reply to a, and returns the id of the message it became.
func (c *connector) send(ctx context.Context, a, out *Activity) (id string, err error) {
	body, err := json.Marshal(out)
	if err != nil {
		return "", err
	}
	address := strings.TrimRight(a.ServiceURL, "/") + "/v3/conversations/" + url.PathEscape(a.Conversation.ID) + "/activities"
	if a.ID != "" {
		address += "/" + url.PathEscape(a.ID)
	}
	for try := 1; ; try++ {
		var again time.Duration
		if id, again, err = c.post(ctx, address, body, try); err == nil || again < 0 || try == sendTries {
			return id, err
		}
		select {
		case <-time.After(again):
		case <-ctx.Done():
			return "", errors.Join(err, ctx.Err())
		}
	}
}

// post sends once. again says after which pause another try may help; it is
// negative where none does.
func (c *connector) post(ctx context.Context, address string, body []byte, try int) (id string, again time.Duration, err error) {
	token, err := c.bearer(ctx)
	if err != nil {
		return "", -1, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", -1, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return "", pause(try, ""), fmt.Errorf("replying through the connector: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	data, _ := io.ReadAll(io.LimitReader(res.Body, maxDocument))
	if res.StatusCode/100 == 2 {
		var made struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(data, &made) // a typing indicator gets no id
		return made.ID, 0, nil
	}
	err = fmt.Errorf("replying through the connector: it answers %s", res.Status)
	switch {
	case res.StatusCode == http.StatusUnauthorized && token != "":
		c.forget(token)
		return "", 0, err
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return "", pause(try, res.Header.Get("Retry-After")), err
	}
	return "", -1, err
}

// pause is how long to wait after a try: what the connector asks for, else twice
// as long each time.
func pause(try int, asked string) time.Duration {
	wait := time.Second << (try - 1)
	if seconds, err := strconv.Atoi(asked); err == nil && seconds >= 0 {
		wait = time.Duration(seconds) * time.Second
	}
	return min(wait, maxPause)
}
