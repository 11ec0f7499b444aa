package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/teams"
	"github.com/hjemmel/hjemmel/server/teams/teamstest"
)

// outsiderInTeams is somebody who is in no group that may read what is hidden.
const outsiderInTeams = "b0000000-0000-4000-8000-00000000000b"

// inTeams asks the bot of w, and returns its reply without what differs from one
// reply to the next.
func (w *leakWorld) inTeams(t *testing.T, person, id, question string, change func(map[string]any)) string {
	t.Helper()
	body := w.cloud.Message(id, question, func(a map[string]any) {
		a["from"].(map[string]any)["aadObjectId"] = person
		if change != nil {
			change(a)
		}
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+teams.Path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+w.cloud.Token(nil))
	res, err := w.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", question, res.Status)
	}
	data, err := json.Marshal(w.cloud.Next().Activity)
	if err != nil {
		t.Fatal(err)
	}
	return conversationLink.ReplaceAllString(string(data), "/samtale/")
}

var conversationLink = regexp.MustCompile(`/samtale/[\w-]+`)

// What the bot says to people, and to channels whoever asks there, is what it
// would say of a collection that never held what is hidden from them.
func TestTeamsTellsNothingHidden(t *testing.T) {
	with, without := newLeakWorld(t, true), newLeakWorld(t, false)
	seen := false
	for i, question := range []string{
		"Hvad dækker " + secretWord + "?",
		"Hvornår kan vi yde tabt arbejdsfortjeneste?",
		"Hvad er fristen efter lov om kommunal aktindsigtsbehandling § 1?",
		"Hvor hurtigt skal telefonen besvares?",
		"sammenfat Om " + secretWord,
		"hvad med § 2?",
	} {
		for name, c := range map[string]struct {
			person string
			change func(map[string]any)
		}{"outsider": {outsiderInTeams, nil}, "member in a channel": {teamstest.Anna, teamstest.Channel}} {
			id := fmt.Sprint(name, i)
			got, want := with.inTeams(t, c.person, id, question, c.change), without.inTeams(t, c.person, id, question, c.change)
			if got != want {
				t.Errorf("%s to %s\nwith what is hidden:    %s\nwithout what is hidden: %s", question, name, got, want)
			}
		}
		alone := with.inTeams(t, teamstest.Anna, fmt.Sprint("member", i), question, nil)
		seen = seen || alone != without.inTeams(t, teamstest.Anna, fmt.Sprint("member", i), question, nil)
	}
	if !seen {
		t.Error("a member is told nothing more in a chat with the bot alone: the test could not fail")
	}
}

func TestTeamsManifest(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join(t.TempDir(), "app.zip")
	args := []string{"teams", "manifest", "--teams-app-id", teamstest.AppID, "--access-public-url", "https://hjemmel.kommune.dk", "--company", "Ny Kommune", "--out", file}
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, nil, &out, &errs, nil); code != exitOK {
		t.Fatalf("%d: %s", code, errs.String())
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	sizes := map[string]int{"color.png": 192, "outline.png": 32}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "manifest.json" {
			checkManifest(t, data)
			continue
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != sizes[f.Name] || img.Bounds().Dy() != sizes[f.Name] {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, _, _, corner := img.At(0, 0).RGBA(); (corner == 0) != (f.Name == "outline.png") {
			t.Errorf("%s: the corner has the opacity %d", f.Name, corner)
		}
	}
	if len(z.File) != 3 {
		t.Errorf("%d files", len(z.File))
	}
	for _, wrong := range [][]string{
		{"--teams-app-id", "x"}, {"--access-public-url", "http://hjemmel.kommune.dk"}, {"--app-version", "1"}, {"--company", strings.Repeat("x", 33)},
	} {
		if code := run(t.Context(), append(args, wrong...), nil, io.Discard, io.Discard, nil); code != exitUsage {
			t.Errorf("%v: %d", wrong, code)
		}
	}
}

func checkManifest(t *testing.T, data []byte) {
	t.Helper()
	var m struct {
		ID, Version string
		Name        struct{ Short, Full string }
		Description struct{ Short, Full string }
		Bots        []struct {
			BotID        string
			Scopes       []string
			CommandLists []struct {
				Commands []struct{ Title, Description string }
			}
		}
		ValidDomains []string
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != teamstest.AppID || len(m.Bots) != 1 || m.Bots[0].BotID != teamstest.AppID || len(m.Bots[0].Scopes) != 3 || m.ValidDomains[0] != "hjemmel.kommune.dk" {
		t.Errorf("manifest %+v", m)
	}
	within := func(what, text string, most int) {
		if n := len([]rune(text)); n == 0 || n > most {
			t.Errorf("%s has %d characters, Teams allows %d: %s", what, n, most, text)
		}
	}
	within("the short name", m.Name.Short, 30)
	within("the full name", m.Name.Full, 100)
	within("the short description", m.Description.Short, 80)
	within("the full description", m.Description.Full, 4000)
	for _, c := range m.Bots[0].CommandLists[0].Commands {
		within("a command", c.Title, 32)
		within("a command's description", c.Description, 128)
	}
}

func TestTeamsSettings(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no secret":       {[]string{"--teams-app-id", teamstest.AppID}, "teams_app_password"},
		"absent variable": {[]string{"--teams-app-id", teamstest.AppID, "--teams-app-password-env", "FINDES_IKKE"}, "FINDES_IKKE"},
		"dev and bot":     {[]string{"--teams-dev", "--teams-app-id", teamstest.AppID}, "teams_dev"},
	} {
		t.Chdir(t.TempDir())
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"serve", "--addr", "127.0.0.1:0", "--samples=false", "--embedder", "none"}, test.args...), nil, io.Discard, &errs, nil)
		if code != exitUsage || !strings.Contains(errs.String(), test.want) {
			t.Errorf("%s: %d %s", name, code, errs.String())
		}
	}
}
