package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/access"
)

func (a *app) keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Create, list and revoke API keys for programs",
		Long: `An API key lets a program use the HTTP API, by the header
"Authorization: Bearer KEY". It holds roles, and reads what is open to everyone
and what its groups may read. It is shown once; only its SHA-256 is stored.

A server that runs beside this command knows of a new or revoked key at once. The
first key of all turns access control on, from the server's next start: its web
pages then need a login (access_oidc_issuer).`,
		Example: `  hjemmel keys create --name "Open WebUI" --role reader
  hjemmel keys create --name "Natlig indlæsning" --role reader,editor --groups personale --expires 90d
  hjemmel keys list
  hjemmel keys revoke 3k7qm2xa`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.keysCreateCommand(), a.keysListCommand(), a.keysRevokeCommand())
	return cmd
}

func (a *app) keysCreateCommand() *cobra.Command {
	var key access.Key
	var roles []string
	var expires string
	cmd := &cobra.Command{
		Use: "create", Short: "Create a key and print it, once", Args: cobra.NoArgs,
		Example: `  hjemmel keys create --name "Open WebUI" --role reader
  hjemmel keys create --name Prometheus --role administrator --expires 2027-12-31`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			for _, name := range roles {
				role, known := access.ParseRole(name)
				if !known {
					return usageError{fmt.Errorf("there is no role %q: use reader, editor, evaluator, administrator", name)}
				}
				key.Roles = append(key.Roles, role)
			}
			if key.Expires, err = expiry(expires, time.Now()); err != nil {
				return usageError{err}
			}
			return a.withKeys(cmd, func(store *access.Store) error {
				made, secret, err := store.CreateKey(cmd.Context(), key)
				if err != nil {
					return usageError{err}
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), struct {
						access.Key
						Secret string `json:"key"`
					}{made, secret})
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "Nøglen %s (%s) vises kun denne ene gang:\n", made.ID, made.Name)
				_, err = fmt.Fprintln(cmd.OutOrStdout(), secret)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&key.Name, "name", "", "what the key is for, as lists and logs show it")
	cmd.Flags().StringSliceVar(&roles, "role", []string{string(access.Reader)}, "`roles`: reader, editor, evaluator, administrator")
	cmd.Flags().StringSliceVar(&key.Groups, "groups", nil, "access `groups` whose documents the key may read, besides those open to everyone")
	cmd.Flags().StringVar(&expires, "expires", "", "last `day` (2027-12-31), or after how many days (90d); default never")
	a.addJSON(cmd)
	return cmd
}

// expiry reads the end of a key: the end of a day, or a number of days from now.
func expiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, found := strings.CutSuffix(text, "d"); found {
		if n, err := strconv.Atoi(days); err == nil && n > 0 {
			return now.AddDate(0, 0, n), nil
		}
	}
	day, err := corpus.ParseDate(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--expires %q: use a day (2027-12-31) or a number of days (90d)", text)
	}
	last, err := time.ParseInLocation("2006-01-02", string(day), now.Location())
	if err != nil {
		return time.Time{}, err
	}
	end := last.AddDate(0, 0, 1)
	if !end.After(now) {
		return time.Time{}, fmt.Errorf("--expires %s lies in the past", text)
	}
	return end, nil
}

func (a *app) keysListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the keys, without their secrets", Args: cobra.NoArgs, Example: "  hjemmel keys list --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withKeys(cmd, func(store *access.Store) error {
				keys, err := store.Keys(cmd.Context())
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), map[string]any{"keys": keys})
				}
				rows := [][]string{{"ID", "NAVN", "ROLLER", "GRUPPER", "OPRETTET", "UDLØBER", "SIDST BRUGT", "TRUKKET TILBAGE"}}
				for _, k := range keys {
					roles := make([]string, len(k.Roles))
					for i, role := range k.Roles {
						roles[i] = string(role)
					}
					rows = append(rows, []string{k.ID, k.Name, strings.Join(roles, ","), strings.Join(k.Groups, ","), dayOf(k.Created), dayOf(k.Expires), dayOf(k.Used), dayOf(k.Revoked)})
				}
				table(cmd.OutOrStdout(), rows)
				return nil
			})
		},
	}
	a.addJSON(cmd)
	return cmd
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format("2006-01-02")
}

func (a *app) keysRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID…", Short: "End keys at once", Args: cobra.MinimumNArgs(1), Example: "  hjemmel keys revoke 3k7qm2xa",
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.withKeys(cmd, func(store *access.Store) error {
				for _, id := range ids {
					if err := store.RevokeKey(cmd.Context(), id); err != nil {
						return err
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s trukket tilbage\n", id)
				}
				return nil
			})
		},
	}
}

func (a *app) withKeys(cmd *cobra.Command, f func(*access.Store) error) error {
	store, err := access.Open(cmd.Context(), a.config.Data)
	if err != nil {
		return err
	}
	return errors.Join(f(store), store.Close())
}
