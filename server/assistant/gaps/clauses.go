package gaps

import "context"

func (r *run) clauses(ctx context.Context) error { return nil }
