package activity

import (
	"context"
	"database/sql"
	"fmt"
)

// everybody stands in the column grp for all persons together.
const everybody = "*"

// Cost is what the answers of a month took.
type Cost struct {
	Month   string  `json:"month"` // 2026-11
	Group   string  `json:"group"` // access group; "" for persons without one, "*" for everybody
	Model   string  `json:"model"` // "" for answers that quote only
	Answers int64   `json:"answers"`
	Tokens  int64   `json:"tokens"`
	CostDKK float64 `json:"cost_dkk"`
}

const microDKK = 1e6

// addCost counts an answer for everybody and for each of the person's groups.
func addCost(ctx context.Context, tx *sql.Tx, p Person, e *Entry) error {
	if e.Outcome != OutcomeAnswered && e.Tokens == 0 {
		return nil
	}
	groups := append([]string{everybody}, p.Groups...)
	if len(p.Groups) == 0 {
		groups = append(groups, "")
	}
	for _, group := range groups {
		_, err := tx.ExecContext(ctx, `INSERT INTO costs(month, grp, model, answers, tokens, cost) VALUES ($1, $2, $3, 1, $4, $5)
			ON CONFLICT (month, grp, model) DO UPDATE SET answers = costs.answers + 1, tokens = costs.tokens + excluded.tokens, cost = costs.cost + excluded.cost`,
			e.At.Format("2006-01"), group, e.Model, e.Tokens, e.Cost)
		if err != nil {
			return err
		}
	}
	return nil
}

// Costs returns what the months from and to (both "2026-11", both included; ""
// for no bound) took, by month, group and model. A person in several groups
// counts in each of them: what was spent in all is told by the group "*".
func (s *Store) Costs(ctx context.Context, from, to string) ([]Cost, error) {
	if to == "" {
		to = "9999-12"
	}
	list := []Cost{}
	err := rows(ctx, s.read, func(r *sql.Rows) error {
		var c Cost
		var micro int64
		err := r.Scan(&c.Month, &c.Group, &c.Model, &c.Answers, &c.Tokens, &micro)
		c.CostDKK = float64(micro) / microDKK
		list = append(list, c)
		return err
	}, "SELECT month, grp, model, answers, tokens, cost FROM costs WHERE month >= $1 AND month <= $2 ORDER BY month, grp, model", from, to)
	if err != nil {
		return nil, fmt.Errorf("costs: %w", err)
	}
	return list, nil
}
