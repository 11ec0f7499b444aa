package api

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

const (
	maxHits  = 100
	maxQuery = 2000 // characters; longer texts are documents, not queries
)

func (a *API) searchPost(c *gin.Context) error {
	var q retrieval.Query
	if err := readJSON(c, a.Limits.Body, &q); err != nil {
		return err
	}
	return a.search(c, q)
}

func (a *API) searchGet(c *gin.Context) error {
	values, err := query(c)
	if err != nil {
		return err
	}
	k, err := whole(values, "k", 0, 0, maxHits)
	if err != nil {
		return err
	}
	return a.search(c, retrieval.Query{
		Text: values.Get("q"), K: k, AsOf: corpus.Date(values.Get("as_of")), Mode: retrieval.Mode(values.Get("mode")),
	})
}

func (a *API) search(c *gin.Context, q retrieval.Query) error {
	if err := CheckQuery(&q); err != nil {
		return err
	}
	if v := a.Check(q.Text); !v.Allowed {
		return Refusal(v)
	}
	result, err := a.Searcher.Search(c.Request.Context(), q)
	if err != nil {
		return err
	}
	if result.Hits == nil {
		result.Hits = []retrieval.Hit{}
	}
	return reply(c, result)
}

// CheckQuery says what is wrong with a query, as an *Error, and makes its date
// canonical. It does not ask policy.
func CheckQuery(q *retrieval.Query) error {
	switch {
	case strings.TrimSpace(q.Text) == "":
		return badRequest("Skriv, hvad du vil søge efter.")
	case utf8.RuneCountInString(q.Text) > maxQuery:
		return badRequest("Søgningen er for lang: skriv højst %d tegn.", maxQuery)
	case q.K < 0 || q.K > maxHits:
		return badRequest("»k« skal være fra 0 til %d.", maxHits)
	}
	switch q.Mode {
	case "", retrieval.Hybrid, retrieval.Lexical, retrieval.Vector:
	default:
		return badRequest("»mode« skal være hybrid, lexical eller vector.")
	}
	if q.AsOf == "" {
		return nil
	}
	day, err := corpus.ParseDate(string(q.AsOf))
	if err != nil {
		return badRequest("»as_of« er ikke en dato: skriv fx 2026-03-01 eller 1.3.2026.")
	}
	q.AsOf = day
	return nil
}

// query returns the values of the address's query.
func query(c *gin.Context) (url.Values, error) {
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return nil, badRequest("Adressen kan ikke læses.")
	}
	return values, nil
}

// whole reads a number from low to high out of a query.
func whole(values url.Values, name string, fallback, low, high int) (int, error) {
	if !values.Has(name) {
		return fallback, nil
	}
	n, err := strconv.Atoi(values.Get(name))
	if err != nil || n < low || n > high {
		return 0, badRequest("»%s« skal være et helt tal fra %d til %d.", name, low, high)
	}
	return n, nil
}
