package qdranttest

import (
	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// checkFilter refuses conditions on fields that have no index, as Qdrant's strict
// mode does: in a large collection they would read every payload.
func (c *collection) checkFilter(f *api.Filter) error {
	for _, list := range [][]*api.Condition{f.GetMust(), f.GetMustNot(), f.GetShould()} {
		for _, cond := range list {
			if nested := cond.GetFilter(); nested != nil {
				if err := c.checkFilter(nested); err != nil {
					return err
				}
				continue
			}
			key := cond.GetField().GetKey() + cond.GetIsEmpty().GetKey()
			if _, ok := c.indexed[key]; !ok && cond.GetHasVector() == nil {
				return status.Errorf(codes.InvalidArgument, "Bad request: Index required but not found for %q", key)
			}
		}
	}
	return nil
}

// fits tells whether a point passes a filter, which may be nil.
func (p *point) fits(f *api.Filter) bool {
	for _, c := range f.GetMust() {
		if !p.meets(c) {
			return false
		}
	}
	for _, c := range f.GetMustNot() {
		if p.meets(c) {
			return false
		}
	}
	for _, c := range f.GetShould() {
		if p.meets(c) {
			return true
		}
	}
	return len(f.GetShould()) == 0
}

func (p *point) meets(c *api.Condition) bool {
	switch {
	case c.GetFilter() != nil:
		return p.fits(c.GetFilter())
	case c.GetIsEmpty() != nil:
		return len(values(p.payload[c.GetIsEmpty().GetKey()])) == 0
	case c.GetHasVector() != nil:
		name := c.GetHasVector().GetHasVector()
		return p.dense[name] != nil || p.sparse[name].has()
	}
	for _, v := range values(p.payload[c.GetField().GetKey()]) {
		if matches(c.GetField(), v) {
			return true
		}
	}
	return false
}

// values are those of a field: of a list each one.
func values(v *api.Value) []*api.Value {
	switch {
	case v == nil:
		return nil
	case v.GetListValue() != nil:
		return v.GetListValue().GetValues()
	}
	return []*api.Value{v}
}

func matches(c *api.FieldCondition, v *api.Value) bool {
	if r := c.GetRange(); r != nil {
		n := float64(v.GetIntegerValue())
		return (r.Gt == nil || n > r.GetGt()) && (r.Gte == nil || n >= r.GetGte()) && (r.Lt == nil || n < r.GetLt()) && (r.Lte == nil || n <= r.GetLte())
	}
	switch m := c.GetMatch().GetMatchValue().(type) {
	case *api.Match_Keyword:
		return isString(v, m.Keyword)
	case *api.Match_Keywords:
		for _, k := range m.Keywords.GetStrings() {
			if isString(v, k) {
				return true
			}
		}
	case *api.Match_Integer:
		return isInteger(v, m.Integer)
	case *api.Match_Integers:
		for _, n := range m.Integers.GetIntegers() {
			if isInteger(v, n) {
				return true
			}
		}
	}
	return false
}

func isString(v *api.Value, s string) bool {
	text, ok := v.GetKind().(*api.Value_StringValue)
	return ok && text.StringValue == s
}

func isInteger(v *api.Value, n int64) bool {
	number, ok := v.GetKind().(*api.Value_IntegerValue)
	return ok && number.IntegerValue == n
}
