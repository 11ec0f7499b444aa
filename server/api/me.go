package api

import "github.com/hjemmel/hjemmel/server/access"

// Me is the reply to GET /me: who the request acts for.
type Me struct {
	Subject    string        `json:"subject"` // "local" where no login is set up
	Name       string        `json:"name"`    // may be empty
	Roles      []access.Role `json:"roles"`
	Groups     []string      `json:"groups"`     // whose documents may be read, besides those open to everyone
	Login      bool          `json:"login"`      // login is set up, so that there is something to log out from
	Everything bool          `json:"everything"` // all documents may be read
}

// LoggedOut is the reply to POST /logout.
type LoggedOut struct {
	Location string `json:"location"` // where the browser goes next
}
