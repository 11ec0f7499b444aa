package corpus

import "errors"

// ErrNotFound is wrapped by every look-up of an id that the store does not hold.
var ErrNotFound = errors.New("not found")

// DocumentFilter limits a listing of documents. Empty fields do not limit.
type DocumentFilter struct {
	Collection string
	Kind       Kind
	Text       string // words that must all occur in title, short titles, number or source
	Limit      int    // 0 means no limit
	Offset     int
}
