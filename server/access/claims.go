package access

import (
	"errors"
	"fmt"
	"strings"
)

// claims of an ID token.
type claims map[string]any

// at returns the claim of a name; a dot leads into an object, unless a claim has
// that very name.
func (c claims) at(name string) any {
	if value, ok := c[name]; ok {
		return value
	}
	first, rest, found := strings.Cut(name, ".")
	inner, ok := c[first].(map[string]any)
	if !found || !ok {
		return nil
	}
	return claims(inner).at(rest)
}

func (c claims) text(name string) string {
	s, _ := c.at(name).(string)
	return s
}

// ErrOverage is returned where the issuer leaves the groups out because there
// are too many. Taking such a person for one without groups would be wrong.
var ErrOverage = errors.New("the ID token names no groups because the person is in too many: let the issuer send only the groups that are assigned to the application, or set access_oidc_groups_claim to its roles")

// groups reads a list of groups: an array of strings, or one string. Entra
// replaces it by a pointer (_claim_names, or hasgroups) where there are too many.
func (c claims) groups(name string) ([]string, error) {
	switch list := c.at(name).(type) {
	case string:
		return []string{list}, nil
	case []any:
		groups := make([]string, 0, len(list))
		for _, item := range list {
			group, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("%w: the claim %q holds something that is no text", ErrLogin, name)
			}
			groups = append(groups, group)
		}
		return groups, nil
	case nil:
		_, distributed := claims(c.object("_claim_names"))[name]
		if many, _ := c["hasgroups"].(bool); many || distributed {
			return nil, ErrOverage
		}
		return []string{}, nil
	}
	return nil, fmt.Errorf("%w: the claim %q is no list of groups", ErrLogin, name)
}

func (c claims) object(name string) map[string]any {
	object, _ := c[name].(map[string]any)
	return object
}
