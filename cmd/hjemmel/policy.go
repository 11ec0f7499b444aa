package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/server/policy"
)

// policy reads the policy that the configuration names.
func (a *app) policy() (*policy.Policy, error) { return policy.Load(a.config.Policy) }

func (a *app) policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "policy", Short: "What Hjemmel may be used for, and what it refuses", Args: cobra.NoArgs,
		Example: `  hjemmel policy explain
  hjemmel policy check "Hvornår kan vi give afslag?"`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.policyCheckCommand(), a.policyExplainCommand())
	return cmd
}

func (a *app) policyCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "check TEXT | check -", Short: "Tell whether a text may be asked", Args: cobra.MinimumNArgs(1),
		Long: `Gives the policy's verdict on a text; "check -" reads a text a line. Exit code
1 says that a text is refused. Nothing is searched and nothing is stored.`,
		Example: `  hjemmel policy check "Hvornår kan vi give afslag?"
  hjemmel policy check --json - < prompts.txt > verdicts.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			if len(args) == 1 && args[0] == "-" {
				return a.checkLines(cmd, rules)
			}
			return a.printVerdict(cmd.OutOrStdout(), rules.Check(strings.Join(args, " ")))
		},
	}
	a.addJSON(cmd)
	return cmd
}

// longestPrompt is the longest line of "check -" in bytes.
const longestPrompt = 1 << 20

func (a *app) checkLines(cmd *cobra.Command, rules *policy.Policy) error {
	lines := bufio.NewScanner(cmd.InOrStdin())
	lines.Buffer(nil, longestPrompt)
	var refused error
	for lines.Scan() {
		if err := a.printVerdict(cmd.OutOrStdout(), rules.Check(lines.Text())); err != nil {
			refused = err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return refused
}

// printVerdict returns a findingsError where the text is refused.
func (a *app) printVerdict(w io.Writer, v policy.Verdict) error {
	if a.json {
		if err := printJSON(w, v); err != nil {
			return err
		}
	} else if v.Allowed {
		fmt.Fprintln(w, "tilladt")
	} else {
		fmt.Fprintf(w, "afvist (%s): %s\n", v.Class, v.Reason)
		for _, p := range v.Places {
			fmt.Fprintf(w, "  ved byte %d-%d: %s\n", p.Start, p.End, p.Masked)
		}
		fmt.Fprintf(w, "  Hjemmel: %s\n  I stedet: %s\n", v.Ground, v.Instead)
	}
	if !v.Allowed {
		return findingsError{}
	}
	return nil
}

func (a *app) policyExplainCommand() *cobra.Command {
	var source bool
	cmd := &cobra.Command{
		Use: "explain", Short: "Print the catalogue of tasks and the rules", Args: cobra.NoArgs,
		Long: `Prints, as Markdown, which municipal tasks Hjemmel may help with and how, and
what is refused on which legal ground. --yaml prints the policy file itself:
save it, change it, and name it by the setting policy.`,
		Example: `  hjemmel policy explain > policy.md
  hjemmel policy explain --yaml > policy.yaml`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			switch w := cmd.OutOrStdout(); {
			case source:
				_, err = w.Write(rules.Source())
			case a.json:
				err = printJSON(w, rules.Explain())
			default:
				_, err = io.WriteString(w, rules.Explain().Markdown())
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&source, "yaml", false, "print the policy file")
	a.addJSON(cmd)
	return cmd
}
