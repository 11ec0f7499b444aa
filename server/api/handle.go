package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// handle lets a handler return its error, which becomes a problem document. The
// error stays with the request for the access log.
func handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err == nil {
			return
		}
		_ = c.Error(err)
		if !c.Writer.Written() {
			WriteProblem(c.Writer, c.Request, err)
		}
	}
}

// reply answers with value as JSON.
func reply(c *gin.Context, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", append(body, '\n'))
	return nil
}

// readJSON reads the whole body, of at most limit bytes, into value; at its end
// net/http begins to watch whether the client leaves. Unknown
// fields are faults: a misspelt "as_of" must not give an answer for today.
func readJSON(c *gin.Context, limit int64, value any) error {
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return err
		}
		return &Error{Status: http.StatusBadRequest, Detail: "Forespørgslen blev afbrudt, før den var læst.", Err: err}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return jsonFault(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badRequest("Forespørgslen skal være ét JSON-objekt.")
	}
	return nil
}

// jsonFault words what is wrong with a body, without repeating its values.
func jsonFault(err error) *Error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return badRequest("Feltet »%s« har en forkert type.", kind.Field)
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found && len(name) < 60 {
		return badRequest("Feltet »%s« kendes ikke.", strings.Trim(name, `"`))
	}
	return badRequest("Forespørgslen er ikke gyldig JSON.")
}

// allowSlowWrite replaces the server's write time-out for one request.
func allowSlowWrite(c *gin.Context, d time.Duration) {
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(d))
}

// param returns a path parameter unescaped. gin's own unescaping reads "+" as a
// space, which it only is in a query.
func param(c *gin.Context, name string) (string, error) {
	return unescapeParam(c.Param(name))
}

func unescapeParam(raw string) (string, error) {
	value, err := url.PathUnescape(raw)
	if err != nil || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return "", badRequest("Adressen indeholder tegn, der ikke kan læses.")
	}
	return value, nil
}

// wantsEvents tells whether the client would rather have a stream of events
// than one JSON value: the first of the two that its Accept header names wins.
func wantsEvents(r *http.Request) bool {
	for _, accept := range r.Header.Values("Accept") {
		for item := range strings.SplitSeq(accept, ",") {
			mediaType, _, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(mediaType)) {
			case "text/event-stream":
				return true
			case "application/json", "*/*", "application/*":
				return false
			}
		}
	}
	return false
}
