package load

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// client talks to one server.
type client struct {
	base     string
	key      string
	http     *http.Client
	sections []place // that are opened and summed up
}

type place struct{ document, section string }

// learnt is of how many documents sections are opened.
const learnt = 20

// learn finds sections to open.
func (c *client) learn(ctx context.Context) error {
	var docs struct {
		Documents []struct{ ID string }
	}
	if err := c.json(ctx, fmt.Sprintf("/api/v1/documents?limit=%d", learnt), &docs); err != nil {
		return err
	}
	for _, d := range docs.Documents {
		var doc struct{ Outline []struct{ ID string } }
		if err := c.json(ctx, "/api/v1/documents/"+url.PathEscape(d.ID), &doc); err != nil {
			return err
		}
		for _, s := range doc.Outline {
			if _, local, ok := strings.Cut(s.ID, "#"); ok {
				c.sections = append(c.sections, place{d.ID, local})
			}
		}
	}
	if len(c.sections) == 0 {
		return errors.New("its collection is empty: ingest documents first")
	}
	return nil
}

func (c *client) json(ctx context.Context, path string, into any) error {
	res, err := c.send(ctx, http.MethodGet, path, nil, "application/json")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

// send makes a request, whose reply must be 200.
func (c *client) send(ctx context.Context, method, path string, body any, accept string) (*http.Response, error) {
	var r io.Reader
	if body != nil {
		r = encode(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = drain(res)
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	return res, nil
}

func drain(res *http.Response) error {
	_, err := io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}

func (c *client) get(ctx context.Context, path string, began func()) error {
	res, err := c.send(ctx, http.MethodGet, path, nil, "application/json")
	if err != nil {
		return err
	}
	began()
	return drain(res)
}

var errCut = errors.New("the stream ended before its last event")

// stream reads server-sent events to the last, calls began at the first and each
// after every one, and returns the sections that the answer cited.
func (c *client) stream(ctx context.Context, path string, body any, began func(), each func() error) (cited []string, err error) {
	res, err := c.send(ctx, http.MethodPost, path, body, "text/event-stream")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 4<<20)
	name := ""
	for lines.Scan() {
		line := lines.Text()
		if event, ok := strings.CutPrefix(line, "event: "); ok {
			name = event
			began()
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		switch name {
		case "source":
			cited = append(cited, sourceOf(data))
		case "done":
			return cited, nil
		case "error":
			return cited, errors.New("the stream ended with an error event")
		}
		if each != nil {
			if err := each(); err != nil {
				return cited, err
			}
		}
	}
	return cited, errors.Join(lines.Err(), errCut)
}

func sourceOf(data string) string {
	var event struct{ Source struct{ Section string } }
	if json.Unmarshal([]byte(data), &event) != nil {
		return ""
	}
	return event.Source.Section
}
