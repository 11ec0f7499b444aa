package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/server/teams"
)

func (a *app) teamsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "teams", Short: "Put Hjemmel into Microsoft Teams", Args: cobra.NoArgs,
		Example: "  hjemmel teams manifest --company \"Lindevig Kommune\" --out hjemmel-teams.zip",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.teamsManifestCommand())
	return cmd
}

func (a *app) teamsManifestCommand() *cobra.Command {
	var out string
	p := teams.Package{}
	cmd := &cobra.Command{
		Use: "manifest", Short: "Write the app package for the Teams admin center", Args: cobra.NoArgs,
		Long: `Writes the app package that an administrator uploads in the Teams admin center:
manifest.json and two icons in a ZIP file. It names the bot's registration
(teams_app_id) and the address of the web pages (access_public_url).`,
		Example: `  hjemmel teams manifest --teams-app-id 8f3c… --access-public-url https://hjemmel.kommune.dk --company "Ny Kommune" --out hjemmel-teams.zip`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			public, err := url.Parse(strings.TrimRight(a.config.Access.PublicURL, "/"))
			if err != nil {
				return usageError{fmt.Errorf("access_public_url: %w", err)}
			}
			p.AppID, p.Public = a.config.Teams.AppID, public
			var data bytes.Buffer
			if err := p.Write(&data); err != nil {
				return usageError{err}
			}
			if err := os.WriteFile(out, data.Bytes(), 0o644); err != nil {
				return fmt.Errorf("writing the app package: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: læg den op i Teams Administration under »Administrer apps«\n", out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "hjemmel-teams.zip", "`file` to write")
	cmd.Flags().StringVar(&p.Version, "app-version", "1.0.0", "`version` of the package: raise it for each upload")
	cmd.Flags().StringVar(&p.Name, "name", "Hjemmel", "`name` shown in Teams")
	cmd.Flags().StringVar(&p.Company, "company", "Kommunen", "who runs it: the municipality's `name`")
	for _, name := range []string{"teams-app-id", "access-public-url"} {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	return cmd
}
