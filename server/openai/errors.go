package openai

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/hjemmel/hjemmel/server/api"
)

// errorBody is an error as OpenAI's clients read it.
type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Message string  `json:"message"` // Danish, fit to show
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// kinds are the types and codes of the statuses that have ones of their own.
var kinds = map[int]struct{ kind, code string }{
	http.StatusUnauthorized:    {"invalid_request_error", "invalid_api_key"},
	http.StatusForbidden:       {"permission_error", ""},
	http.StatusTooManyRequests: {"rate_limit_error", "rate_limit_exceeded"},
}

func errorOf(ctx context.Context, err error) errorBody {
	known := api.Explain(ctx, err)
	kind, code := "invalid_request_error", ""
	if special, ok := kinds[known.Status]; ok {
		kind, code = special.kind, special.code
	} else if known.Status >= http.StatusInternalServerError {
		kind = "server_error"
	}
	detail := errorDetail{Message: known.Detail, Type: kind}
	var f *fault
	if errors.As(err, &f) {
		code = f.code
		detail.Param = orNull(f.param)
	}
	detail.Code = orNull(code)
	return errorBody{detail}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// WriteError answers a request with err, as OpenAI's clients read errors.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	known := api.Explain(r.Context(), err)
	if known.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(known.RetryAfter.Seconds()))))
	}
	writeJSON(w, known.Status, errorOf(r.Context(), err))
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil { // values of this package hold only strings and numbers
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
