package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/vectors"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) vectorsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "vectors", Short: "See, make and move the vectors that search by meaning uses", Args: cobra.NoArgs,
		Long: `Every passage gets a vector, so that a question finds it by its meaning too.
"hjemmel serve" makes them in the background, the most cited documents first;
"vectors build" makes them now. They cost tenths of a second each, so a machine
can take them from another one by export and import.`,
		Example: `  hjemmel vectors status
  hjemmel vectors build
  hjemmel vectors export vectors.bin
  hjemmel vectors import vectors.bin`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.vectorsStatusCommand(), a.vectorsBuildCommand(), a.vectorsExportCommand(), a.vectorsImportCommand())
	return cmd
}

var errNoEmbedder = errors.New("embedder is none: there are no vectors without a model")

func (a *app) vectorsStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "status", Short: "How many passages have a vector", Args: cobra.NoArgs,
		Example: "  hjemmel vectors status --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd, func(lib *ingest.Library) error {
				if lib.Embedder == nil {
					return usageError{errNoEmbedder}
				}
				p := vectors.Progress{Model: lib.Embedder.Model()}
				var err error
				if p.Done, p.Total, err = lib.VectorCoverage(cmd.Context(), p.Model); err != nil {
					return err
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), p)
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "Betydningssøgning: %s af %s passager klar (%s)\n", thousands(p.Done), thousands(p.Total), p.Model)
				return err
			})
		},
	}
	a.addJSON(cmd)
	return cmd
}

// thousands writes a number as it is written in Danish: 1.234.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// writingVectors opens the collection for writing its vectors.
func (a *app) writingVectors(cmd *cobra.Command, name string, f func(*ingest.Library) error) error {
	if _, err := os.Stat(filepath.Join(a.config.Data, corpus.DatabaseFile)); err != nil {
		return fmt.Errorf("%s: %w", a.config.Data, corpus.ErrNoCollection)
	}
	options, err := a.quietVectors(cmd.Context())
	if err != nil {
		return usageError{err}
	}
	lib, err := ingest.OpenWriter(cmd.Context(), a.config.Data, corpus.Owner{Command: name}, policy.RefuseDocument, options...)
	if err != nil {
		return err
	}
	if lib.Builder == nil {
		return errors.Join(usageError{errNoEmbedder}, lib.Close())
	}
	return errors.Join(f(lib), lib.Close())
}

func (a *app) vectorsBuildCommand() *cobra.Command {
	return &cobra.Command{
		Use: "build", Short: "Make the vectors that are missing", Args: cobra.NoArgs,
		Long:    "Makes the vectors that are missing. Ctrl-C stops it; what is made is kept.",
		Example: "  hjemmel vectors build",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.writingVectors(cmd, "vectors build", func(lib *ingest.Library) error {
				show := newVectorBar(cmd.ErrOrStderr())
				err := lib.Builder.Build(cmd.Context(), show.tell)
				show.finish()
				p := lib.Builder.Progress()
				fmt.Fprintf(cmd.OutOrStdout(), "%s af %s passager klar\n", thousands(p.Done), thousands(p.Total))
				return err
			})
		},
	}
}

// vectorBar shows how far embedding is: a bar on a terminal, else a line now and
// then.
type vectorBar struct {
	*progress
	last time.Time
}

const lineEvery = 10 * time.Second

func newVectorBar(w io.Writer) *vectorBar { return &vectorBar{progress: newProgress(w)} }

func (b *vectorBar) tell(p vectors.Progress) {
	if b.tty {
		if b.bar == nil {
			b.bar = progressbar.NewOptions(p.Total, progressbar.OptionSetWriter(b.w), progressbar.OptionSetDescription("Passager"),
				progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		}
		_ = b.bar.Set(p.Done) // a bar that cannot be drawn stops nothing
		return
	}
	if now := time.Now(); now.Sub(b.last) >= lineEvery {
		b.last = now
		fmt.Fprintf(b.w, "%s af %s passager, %.1f i sekundet, %s tilbage\n", thousands(p.Done), thousands(p.Total), p.Rate,
			(time.Duration(p.ETA) * time.Second).String())
	}
}

func (a *app) vectorsExportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "export FILE", Short: "Write the vectors to a file for another machine", Args: cobra.ExactArgs(1),
		Long: `Writes the vectors to a file. Each is named by the model and the hash of its
text, so that it fits every collection with the same texts; no text is in it.
The format is described in ingest/vectors/transfer.go.`,
		Example: "  hjemmel vectors export vectors.bin",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd, func(lib *ingest.Library) error {
				if lib.Embedder == nil {
					return usageError{errNoEmbedder}
				}
				n, err := exportTo(cmd, lib, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s vektorer skrevet til %s\n", thousands(n), args[0])
				return err
			})
		},
	}
}

// exportTo writes beside the file and renames: a file of that name is whole.
func exportTo(cmd *cobra.Command, lib *ingest.Library, path string) (n int, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return 0, err
	}
	n, err = vectors.Export(cmd.Context(), lib.Store, lib.Embedder.Model(), lib.Embedder.Dim(), file)
	if err := errors.Join(err, file.Close()); err != nil {
		return 0, errors.Join(err, os.Remove(file.Name()))
	}
	return n, os.Rename(file.Name(), path)
}

func (a *app) vectorsImportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE", Short: "Take the vectors of this collection's texts from a file", Args: cobra.ExactArgs(1),
		Example: "  hjemmel vectors import vectors.bin",
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return usageError{err}
			}
			defer file.Close()
			return a.writingVectors(cmd, "vectors import", func(lib *ingest.Library) error {
				taken, h, err := vectors.Import(cmd.Context(), lib.Store, lib.Embedder.Model(), lib.Embedder.Dim(), file)
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				if err := lib.Builder.Sync(cmd.Context()); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s af filens %s vektorer hører til samlingens tekster og er gemt\n", thousands(taken), thousands(h.Count))
				return err
			})
		},
	}
}
