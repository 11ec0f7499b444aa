package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval/scale"
	"github.com/hjemmel/hjemmel/server/policy"
)

// scaleRow is one size in the table.
type scaleRow struct {
	scale.Filled
	scale.Answered
}

func (a *app) evalScaleCommand() *cobra.Command {
	o := scale.Options{Dim: 384, Check: policy.RefuseDocument}
	var sizes []int
	var queries int
	var keep string
	measure := false
	cmd := &cobra.Command{
		Use: "scale --acts DIR --vectors FILE", Short: "Measure how speed, size and memory grow with the collection", Args: cobra.NoArgs,
		Long: `Fills a data folder with varied copies of a folder of acts (other words, names,
numbers and amounts; vectors are real ones, moved a little) and prints, at each
size, the rate of ingest, the size on disk, and start time, latencies and memory
of a process that reads, on one core. Sizes build on each other. With --measure
the folder named by --folder is measured as it is, in this process.`,
		Example: `  hjemmel eval scale --acts ../shared/corpus/law --vectors ../shared/data/embedding/os2bos-passages.i8
  hjemmel eval scale --sections 620000 --folder /tmp/large --acts DIR --vectors FILE --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Acts == "" || o.Vectors == "" {
				return usageError{errors.New("name the folder of acts with --acts and the file of vectors with --vectors")}
			}
			o.Step = func(what string, done, total int) {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d of %d\n", what, done, total)
			}
			if o.Data = keep; keep == "" {
				if o.Data, err = os.MkdirTemp("", "hjemmel-scale-"); err != nil {
					return err
				}
				defer func() { err = errors.Join(err, os.RemoveAll(o.Data)) }()
			}
			if measure {
				answered, err := scale.Measure(cmd.Context(), o, queries)
				answered.Cores = runtime.GOMAXPROCS(0)
				return errors.Join(err, printJSON(cmd.OutOrStdout(), answered))
			}
			return a.evalScale(cmd, o, sizes, queries)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Acts, "acts", "", "`folder` of acts in Markdown that are copied")
	f.StringVar(&o.Vectors, "vectors", "", "`file` of real vectors: signed bytes, 384 a vector")
	f.IntSliceVar(&sizes, "sections", []int{10_000, 100_000, 620_000}, "the `sizes`, smallest first")
	f.IntVar(&queries, "queries", 300, "`how many` questions are asked in each way")
	f.StringVar(&keep, "folder", "", "fill this `folder` and keep it (default a temporary one)")
	f.BoolVar(&measure, "measure", false, "measure --folder as it is, and print JSON")
	a.addJSON(cmd)
	return cmd
}

func (a *app) evalScale(cmd *cobra.Command, o scale.Options, sizes []int, queries int) error {
	var rows []scaleRow
	for _, size := range sizes {
		filled, err := scale.Fill(cmd.Context(), o, size)
		if err != nil {
			return err
		}
		answered, err := measureApart(cmd, o, queries)
		if err != nil {
			return err
		}
		rows = append(rows, scaleRow{filled, answered})
		if !a.json {
			fmt.Fprintln(cmd.ErrOrStderr())
			printScale(cmd.ErrOrStderr(), rows) // the next size may take long
		}
	}
	if a.json {
		return printJSON(cmd.OutOrStdout(), rows)
	}
	printScale(cmd.OutOrStdout(), rows)
	return nil
}

// measureApart measures in a process of its own, on one core: this one's memory
// is full of what filling left.
func measureApart(cmd *cobra.Command, o scale.Options, queries int) (answered scale.Answered, err error) {
	self, err := os.Executable()
	if err != nil {
		return answered, err
	}
	acts, err1 := filepath.Abs(o.Acts)
	vectors, err2 := filepath.Abs(o.Vectors)
	if err := errors.Join(err1, err2); err != nil {
		return answered, err
	}
	child := exec.CommandContext(cmd.Context(), self, "eval", "scale", "--measure", "--folder", o.Data, "--acts", acts, "--vectors", vectors,
		"--queries", fmt.Sprint(queries))
	child.Env = append(os.Environ(), "GOMAXPROCS=1")
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, cmd.ErrOrStderr()
	if err := child.Run(); err != nil {
		return answered, fmt.Errorf("measuring: %w", err)
	}
	return answered, json.Unmarshal(out.Bytes(), &answered)
}

func printScale(w io.Writer, rows []scaleRow) {
	const mb = 1 << 20
	lines := [][]string{{"SECTIONS", "PASSAGES", "INGEST/S", "VECTORS/S", "STORE MB", "WORDS MB", "VECTORS MB", "START MS", "FIRST MS", "LEXICAL MS", "VECTOR MS", "HYBRID MS", "MEMORY MB", "MAPPED MB"}}
	times := func(t scale.Times) string {
		return fmt.Sprintf("%.0f / %.0f (%.0f / %.0f)", t.P50, t.P99, t.CPUP50, t.CPUP99)
	}
	for _, r := range rows {
		lines = append(lines, []string{
			fmt.Sprint(r.Sections), fmt.Sprint(r.Passages), fmt.Sprintf("%.0f", r.IngestRate), fmt.Sprintf("%.0f", r.VectorRate), fmt.Sprint(r.StoreBytes / mb),
			fmt.Sprint(r.LexicalBytes / mb), fmt.Sprint(r.VectorBytes / mb), fmt.Sprintf("%.0f", r.StartMS), fmt.Sprintf("%.0f", r.FirstMS), times(r.Lexical), times(r.Vector),
			times(r.Hybrid), fmt.Sprint(r.Memory.Own / mb), fmt.Sprint(r.Memory.File / mb),
		})
	}
	table(w, lines)
	fmt.Fprintln(w, "times are p50 / p99 on one core, in brackets of the process alone; embedding the question comes on top")
}
