package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings and where each comes from", Args: cobra.NoArgs,
		Long: `Prints every setting with its value and its origin. A flag overrides the
environment, which overrides the file, which overrides the default. The key
max_upload_mb of hjemmel.yaml is HJEMMEL_MAX_UPLOAD_MB in the environment.`,
		Example: `  hjemmel config
  HJEMMEL_ADDR=127.0.0.1:9000 hjemmel config --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			type setting struct {
				Key    string `json:"key"`
				Value  string `json:"value"`
				Origin string `json:"origin"`
				Usage  string `json:"usage"`
			}
			var list []setting
			rows := [][]string{{"SETTING", "VALUE", "ORIGIN"}}
			a.config.flags.VisitAll(func(f *pflag.Flag) {
				_, usage := pflag.UnquoteUsage(f)
				if secretFlags[f.Name] && f.Value.String() != "" {
					list = append(list, setting{strings.ReplaceAll(f.Name, "-", "_"), "(hemmelig)", a.config.origins[f.Name], usage})
					rows = append(rows, []string{strings.ReplaceAll(f.Name, "-", "_"), "(hemmelig)", a.config.origins[f.Name]})
					return
				}
				s := setting{strings.ReplaceAll(f.Name, "-", "_"), strings.Trim(f.Value.String(), "[]"), a.config.origins[f.Name], usage}
				list = append(list, s)
				rows = append(rows, []string{s.Key, s.Value, s.Origin})
			})
			if a.json {
				return printJSON(cmd.OutOrStdout(), map[string]any{"settings": list})
			}
			table(cmd.OutOrStdout(), rows)
			return nil
		},
	}
	for _, name := range []string{"addr", "hosts", "samples", "max-upload-mb", "shutdown-timeout", "policy", "read-only"} {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	for _, name := range slices.Concat(modelFlags, qdrantFlags, accessFlags, activityFlags) {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	a.addJSON(cmd)
	return cmd
}
