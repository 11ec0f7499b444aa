package activity

import (
	"slices"
	"testing"
	"time"
)

func TestFeedbackReplacesWhatWasSaidBefore(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		id, turn := add(t, s, "anna", "", "Hvornår yder vi tabt arbejdsfortjeneste?", noon)
		first, err := s.GiveFeedback(ctx, "anna", Feedback{Turn: turn, Rating: Good}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.MarkFeedback(ctx, first.ID, StateDone); err != nil {
			t.Fatal(err)
		}
		said := Feedback{Turn: turn, Rating: Bad, Wrong: []string{"lbk-2025-282#87"}, Missing: "serviceloven § 41", Comment: "Det gælder børn."}
		second, err := s.GiveFeedback(ctx, "anna", said, noon.Add(time.Hour))
		if err != nil || second.ID != first.ID {
			t.Fatalf("%+v, %v", second, err)
		}
		list, total, err := s.FeedbackQueue(ctx, StateOpen, Page{})
		if err != nil || total != 1 || len(list) != 1 {
			t.Fatalf("%+v, %d, %v", list, total, err)
		}
		got := list[0]
		if got.Rating != Bad || !slices.Equal(got.Wrong, said.Wrong) || got.Missing != said.Missing || got.Comment != said.Comment || !got.Answered ||
			got.Question != "Hvornår yder vi tabt arbejdsfortjeneste?" || got.AsOf != "2026-11-24" || !slices.Equal(got.Shown, []string{"lbk-2025-282#87"}) {
			t.Errorf("%+v", got)
		}
		turns, err := s.Turns(ctx, "anna", id, 0)
		if err != nil || turns[0].Feedback == nil || turns[0].Feedback.Comment != said.Comment {
			t.Errorf("%+v, %v", turns, err)
		}
		if _, err := s.GiveFeedback(ctx, "anna", Feedback{Turn: turn}, noon); err != nil {
			t.Fatal(err)
		}
		if _, total, err := s.FeedbackQueue(ctx, "", Page{}); err != nil || total != 0 {
			t.Errorf("feedback that was taken back stays: %d, %v", total, err)
		}
	})
}

func TestFeedbackOutlivesItsConversation(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		id, turn := add(t, s, "anna", "", "Hvornår yder vi tabt arbejdsfortjeneste?", noon)
		if _, err := s.GiveFeedback(ctx, "anna", Feedback{Turn: turn, Rating: Bad}, noon); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteConversation(ctx, "anna", id); err != nil {
			t.Fatal(err)
		}
		all, err := s.AllFeedback(ctx)
		if err != nil || len(all) != 1 || all[0].Question == "" {
			t.Errorf("%+v, %v", all, err)
		}
		day := 24 * time.Hour
		if swept, err := s.Sweep(ctx, Retention{Feedback: 10 * day}, noon.Add(11*day)); err != nil || swept.Feedback != 1 {
			t.Errorf("%+v, %v", swept, err)
		}
		wantNotFound(t, "MarkFeedback", s.MarkFeedback(ctx, all[0].ID, StateDone))
	})
}
