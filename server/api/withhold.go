package api

import (
	"context"
	"errors"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
)

const withheldNotice = "Svaret vises ikke længere: det citerer et dokument, som ikke er i samlingen mere, eller som du ikke længere har adgang til. Stil spørgsmålet igen."

// withhold takes back the answers that quote a document which the asker cannot
// read now: it was deleted, perhaps for good reason, or her access to it ended.
func (a *API) withhold(ctx context.Context, turns []activity.Turn) error {
	readable := map[string]bool{}
	for i := range turns {
		for _, s := range turns[i].Answer.Sources {
			if _, known := readable[s.Document]; !known {
				_, err := a.Library.Document(ctx, s.Document)
				if err != nil && !errors.Is(err, corpus.ErrNotFound) {
					return err
				}
				readable[s.Document] = err == nil
			}
			if !readable[s.Document] {
				turns[i].Answer, turns[i].Retrieved = withheld(&turns[i].Answer), []string{}
				break
			}
		}
	}
	return nil
}

func withheld(a *assistant.Answer) assistant.Answer {
	return withLists(assistant.Answer{Task: a.Task, Verdict: a.Verdict, AsOf: a.AsOf, Refused: withheldNotice, Notice: withheldNotice})
}
