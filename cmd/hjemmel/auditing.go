package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
)

// auditing records what a command answers. A nil one records nothing.
type auditing struct {
	store    *activity.Store
	recorder *activity.Recorder
}

// audit begins to record what cmd answers, as the person at this machine. Where
// no server has recorded anything yet, nothing is now: a folder to try things on
// needs no log. A log that cannot be opened is told, and stops no answer.
func (a *app) audit(cmd *cobra.Command) (*auditing, error) {
	log, err := a.logger(cmd)
	if err != nil {
		return nil, usageError{err}
	}
	store, err := activity.OpenExisting(cmd.Context(), a.config.Data, a.config.Activity.Address)
	if errors.Is(err, activity.ErrNone) {
		return nil, nil
	}
	if err != nil {
		log.Error("this is not audited", "error", err)
		return nil, nil
	}
	cmd.SetContext(asOperator(cmd.Context()))
	return &auditing{store, activity.NewRecorder(store, log, nil)}, nil
}

func asOperator(ctx context.Context) context.Context {
	return activity.WithWay(access.With(ctx, access.Local()), activity.WayCLI)
}

func (r *auditing) assistant(inner activity.Assistant) activity.Assistant {
	if r == nil {
		return inner
	}
	return r.recorder.Assistant(inner)
}

func (r *auditing) gaps(inner activity.GapChecker) activity.GapChecker {
	if r == nil {
		return inner
	}
	return r.recorder.Gaps(inner)
}

func (r *auditing) close() error {
	if r == nil {
		return nil
	}
	return r.store.Close()
}
