package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/server/teams"
)

// teamsSettings say whether there is a bot in Microsoft Teams, and what people
// may read there. In the file they stand below teams.
type teamsSettings struct {
	teams.Config
	PasswordEnv string
	Members     groupLists
}

// teamsFlags are the settings of the bot, in the order of the README.
var teamsFlags = []string{"teams-app-id", "teams-app-password", "teams-app-password-env", "teams-tenant", "teams-token-tenant", "teams-groups",
	"teams-members", "teams-dev"}

func (s *teamsSettings) addFlags(f *pflag.FlagSet) {
	f.StringVar(&s.AppID, "teams-app-id", "", "`id` of the bot's app registration in Entra ID; with it the bot is on")
	f.StringVar(&s.Password, "teams-app-password", "", "client `secret` of the registration; better kept out of files")
	f.StringVar(&s.PasswordEnv, "teams-app-password-env", "", "environment `variable` that holds the secret")
	f.StringVar(&s.Tenant, "teams-tenant", "", "`id` of the tenant in Entra ID whose people the bot answers")
	f.StringVar(&s.TokenTenant, "teams-token-tenant", "", "`tenant` where the bot gets its own token: default teams_tenant; botframework.com for a multi-tenant bot")
	f.StringSliceVar(&s.Groups, "teams-groups", nil, "`groups` whose documents everybody in Teams may read, also in channels")
	f.Var(&s.Members, "teams-members", "`people` by group, as YAML: {GROUP: [OBJECT-ID]}; counts in chats with the bot alone")
	f.BoolVar(&s.Dev, "teams-dev", false, "answer activities without a token, from this machine only, to try the bot")
}

// teams returns the settings of the bot, or nil where there is none.
func (a *app) teams() (*teams.Config, error) {
	s := &a.config.Teams
	if s.AppID == "" && !s.Dev {
		return nil, nil
	}
	cfg := s.Config
	cfg.Members = s.Members
	if s.PasswordEnv != "" {
		if cfg.Password = envValue(a.environ, s.PasswordEnv); cfg.Password == "" {
			return nil, fmt.Errorf("teams_app_password_env: the environment lacks %s", s.PasswordEnv)
		}
	}
	return &cfg, nil
}
