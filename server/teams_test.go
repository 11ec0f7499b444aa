package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/teams"
	"github.com/hjemmel/hjemmel/server/teams/teamstest"
)

// The bot's route asks for no login of ours, and for a token of the connector.
func TestTeamsRoute(t *testing.T) {
	cloud := teamstest.New(t)
	settings := teams.Config{AppID: teamstest.AppID, Password: teamstest.Password, Tenant: teamstest.Tenant, Metadata: cloud.Metadata(), TokenURL: cloud.TokenURL()}
	wantProblem(t, start(t).do(t, "POST", teams.Path, "{}"), http.StatusNotFound, "findes ikke")
	g := guard(t, func(c *Config) { c.Teams = &settings })
	body := cloud.Message("1", question, nil)
	for _, test := range []struct {
		authorization string
		status        int
	}{{"", 401}, {"Bearer " + cloud.StrangersToken(true), 401}, {"Bearer " + cloud.Token(nil), 200}} {
		res := g.do(t, "POST", teams.Path, body, "Content-Type", "application/json", "Authorization", test.authorization)
		if res.StatusCode != test.status {
			t.Errorf("%.20s: %d, want %d", test.authorization, res.StatusCode, test.status)
		}
	}
	// guard gives the role of a reader to the group socialt, in which Anna is not.
	if text, _ := cloud.Next().Activity["text"].(string); !strings.Contains(text, "ikke adgang") {
		t.Errorf("without the role she is told %q", text)
	}
}

func TestTeamsDevelopmentModeIsForThisMachineOnly(t *testing.T) {
	dev := &teams.Config{Dev: true}
	g, w := guard(t), start(t)
	for name, change := range map[string]func(*Config){
		"access control": func(c *Config) { c.Access = g.server.cfg.Access },
		"open address":   func(c *Config) { c.Access, c.Addr = g.server.cfg.Access, "0.0.0.0:8080" },
	} {
		cfg := w.server.cfg
		cfg.Teams, cfg.Registry = dev, nil
		change(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: anybody is answered", name)
		}
	}
}
