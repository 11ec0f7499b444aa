package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
)

// version is set at release by -ldflags "-X main.version=…".
var version = ""

// buildVersion is the release, or else the commit that was built.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "dev-" + s.Value[:12]
		}
	}
	return "dev"
}

func (a *app) versionCommand() *cobra.Command {
	var sbom, licenses bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version and the instructions that the built-in model uses here, or what the program is made of", Args: cobra.NoArgs,
		Example: `  hjemmel version --json
  hjemmel version --licenses
  hjemmel version --sbom > hjemmel.cdx.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sbom || licenses {
				return printMaterials(cmd, sbom)
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), map[string]string{"version": buildVersion(), "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "kernels": e5.New().Kernels()})
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "hjemmel %s (%s %s/%s, %s)\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, e5.New().Kernels())
			return err
		},
	}
	cmd.Flags().BoolVar(&sbom, "sbom", false, "print the bill of materials (CycloneDX, JSON)")
	cmd.Flags().BoolVar(&licenses, "licenses", false, "list the modules that the program is linked from, with their licences")
	cmd.MarkFlagsMutuallyExclusive("sbom", "licenses")
	a.addJSON(cmd)
	return cmd
}

func printMaterials(cmd *cobra.Command, sbom bool) error {
	b, err := newBill()
	if err != nil {
		return err
	}
	if sbom {
		return printJSON(cmd.OutOrStdout(), b)
	}
	printLicenses(cmd.OutOrStdout(), b)
	return nil
}
