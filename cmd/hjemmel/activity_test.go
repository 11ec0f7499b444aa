package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// recorded makes a data folder in which anna asked and said what she thinks.
func recorded(t *testing.T) (data string, store *activity.Store) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	store, err := activity.Open(t.Context(), data, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	answer := assistant.Answer{Task: assistant.TaskLookup, Verdict: policy.Verdict{Allowed: true}, Answered: true, AsOf: "2026-11-24"}
	for i, f := range []activity.Feedback{
		{Rating: activity.Good}, {Rating: activity.Bad, Missing: "servicelovens § 85, stk. 2", Wrong: []string{"lbk-2025-282#88"}}, {Rating: activity.Bad, Comment: "Nej."},
	} {
		turn := activity.Turn{Asked: time.Now(), Question: fmt.Sprint("Spørgsmål ", i), Answer: answer, Retrieved: []string{"lbk-2025-282#87", "lbk-2025-282#88"}}
		_, id, err := store.AddTurn(t.Context(), "anna", "", turn)
		if err != nil {
			t.Fatal(err)
		}
		f.Turn = id
		if _, err := store.GiveFeedback(t.Context(), "anna", f, time.Now().Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
		err = store.Record(t.Context(), activity.Person{Subject: "anna", Name: "=Anna"}, activity.Entry{At: time.Now(), Way: "web", Task: "lookup", Outcome: "answered"})
		if err != nil {
			t.Fatal(err)
		}
	}
	return data, store
}

func TestAuditCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	data, store := recorded(t)
	code, out, _ := command(t, "", "audit", "verify", "--data", data, "--json")
	v := decode[activity.Verification](t, out)
	if code != exitOK || !v.OK || v.Entries != 3 {
		t.Fatalf("%d %s", code, out)
	}
	if code, out, _ := command(t, "", "audit", "verify", "--data", data, "--expect", v.Head.String()); code != exitOK || !strings.Contains(out, "whole") {
		t.Errorf("%d %s", code, out)
	}
	other := activity.Head{Seq: 2, Hash: v.Head.Hash}
	if code, out, _ := command(t, "", "audit", "verify", "--data", data, "--expect", other.String()); code != exitFindings || !strings.Contains(out, "rewritten") {
		t.Errorf("%d %s", code, out)
	}
	if code, _, _ := command(t, "", "audit", "verify", "--data", data, "--expect", "x"); code != exitUsage {
		t.Errorf("a wrong head: %d", code)
	}
	if code, out, _ := command(t, "", "audit", "export", "--data", data); code != exitOK || strings.Count(out, "\n") != 3 || !strings.Contains(out, `"subject":"anna"`) {
		t.Errorf("%d %s", code, out)
	}
	file := filepath.Join(t.TempDir(), "audit.csv")
	if code, _, stderr := command(t, "", "audit", "export", "--data", data, "--format", "csv", "-o", file); code != exitOK {
		t.Fatal(stderr)
	}
	if csv, err := os.ReadFile(file); err != nil || !strings.Contains(string(csv), ";anna;'=Anna;") {
		t.Errorf("%s %v", csv, err)
	}
	if code, out, _ := command(t, "", "audit", "export", "--data", data, "--to", "1.1.2020"); code != exitOK || out != "" {
		t.Errorf("%d %s", code, out)
	}
	if code, _, stderr := command(t, "", "audit", "verify", "--data", t.TempDir()); code != exitFailed || !strings.Contains(stderr, "ikke registreret") {
		t.Errorf("%d %s", code, stderr)
	}
	if _, err := store.Erase(t.Context(), "nobody", time.Now()); err != nil {
		t.Fatal(err)
	}
}

func TestActivityCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	data, _ := recorded(t)
	suite := filepath.Join(t.TempDir(), "suite")
	if code, out, stderr := command(t, "", "activity", "suite", "--data", data, suite); code != exitOK || !strings.Contains(out, "2 opgaver, 1 tilbagemeldinger udeladt") {
		t.Fatalf("%d %s %s", code, out, stderr)
	}
	read, err := eval.ReadAnswerSuite(suite, "feedback")
	if err != nil || len(read.Items) != 2 {
		t.Fatalf("%+v, %v", read, err)
	}
	good, missing := read.Items[0], read.Items[1]
	if fmt.Sprint(good.Expect, good.Also) != "[lbk-2025-282#87] [lbk-2025-282#88]" {
		t.Errorf("%+v", good)
	}
	if fmt.Sprint(missing.Expect, missing.Also) != "[servicelovens § 85, stk. 2] [lbk-2025-282#87]" {
		t.Errorf("%+v", missing)
	}
	_, out, _ := command(t, "", "activity", "export", "--data", data, "--user", "anna")
	if all := decode[activity.Everything](t, out); len(all.Conversations) != 3 || len(all.Feedback) != 3 || len(all.Audit) != 3 {
		t.Errorf("%+v", all)
	}
	if code, out, _ := command(t, "", "activity", "delete", "--data", data, "--user", "anna"); code != exitOK || !strings.Contains(out, "3 samtaler, 3 tilbagemeldinger") {
		t.Errorf("%d %s", code, out)
	}
	if _, out, _ = command(t, "", "activity", "export", "--data", data, "--user", "anna"); strings.Contains(out, "Spørgsmål") {
		t.Errorf("left: %s", out)
	}
	if code, _, _ := command(t, "", "activity", "suite", "--data", data, suite); code != exitFindings {
		t.Errorf("a suite of nothing: %d", code)
	}
	if code, _, _ := command(t, "", "activity", "delete", "--data", data); code != exitFailed && code != exitUsage {
		t.Errorf("without a user: %d", code)
	}
}

func TestServeRecords(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	base := serving(t, "--data", data)
	resp, err := http.Post(base+"/api/v1/chat", "application/json", strings.NewReader(`{"question":"Hvad er fristen for at klage til Ankestyrelsen?"}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if code, _, stderr := command(t, "", "ask", "--data", data, "Kan 010190-1234 få hjælp?"); code != exitOK {
		t.Fatal(stderr)
	}
	draft := filepath.Join(t.TempDir(), "udkast.md")
	write(t, draft, "# Udkast\n\nEn cykel kan lånes i højst 14 dage, jf. forvaltningslovens § 19.\n")
	if code, _, stderr := command(t, "", "summarize", "--data", data, draft); code != exitOK {
		t.Fatal(stderr)
	}
	if code, _, stderr := command(t, "", "gaps", "--data", data, draft); code != exitOK && code != exitFindings {
		t.Fatal(stderr)
	}
	code, out, stderr := command(t, "", "audit", "export", "--data", data)
	for _, want := range []string{`"subject":"local"`, `"way":"api","task":"lookup"`, `"way":"cli","task":"lookup","outcome":"refused","class":"cpr"`, `"way":"cli","task":"summary"`, `"way":"cli","task":"gaps"`} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("%d: the log lacks %s: %s %s", code, want, out, stderr)
		}
	}
	for _, secret := range []string{"fristen", "010190", "cykel"} {
		if strings.Contains(out, secret) {
			t.Errorf("the log holds %q: %s", secret, out)
		}
	}
}

func TestRetentionSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, _, stderr := command(t, "", "serve", "--data", t.TempDir(), "--audit-days", "-1"); code != exitUsage || !strings.Contains(stderr, "audit-days") {
		t.Errorf("%d %s", code, stderr)
	}
	write(t, "hjemmel.yaml", "activity: postgres://u:hemmelig@127.0.0.1/x\n")
	if code, out, _ := command(t, "", "config"); code != exitOK || strings.Contains(out, "hemmelig@") || !strings.Contains(out, "(hemmelig)") {
		t.Errorf("%d %s", code, out)
	}
}
