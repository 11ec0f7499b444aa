package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) ingestCommand() *cobra.Command {
	var opts ingest.Options
	var find source.Options
	cmd := &cobra.Command{
		Use:   "ingest PATH|URL|retsinformation:ACT…",
		Short: "Read files, folders, web addresses and acts into the collection",
		Long: `Reads PDF, DOCX, ODT, RTF, XLSX, ODS, PPTX, ODP, EPUB, HTML, Markdown, plain text, CSV, TSV and
mails (EML), recognised by content. A ZIP of these gives a document for each
file in it.

An act is fetched from retsinformation.dk by number (retsinformation:lbk/2025/1129),
by its address there, or, where a version is in the collection, by abbreviation
(retsinformation:SEL). Patterns of --include and --exclude are those of
.gitignore, seen from the folder given: *.pdf, kladder/**.

What was read before and has not changed is not read again. A run that was
stopped, even killed, goes on where it was when it is started again.

With --groups only members of these groups may read the documents; --groups ""
opens them to everyone. Without it, the setting access_collections of the
collection holds, else what was said before. A Markdown file whose front matter
names groups has its own.

A document with a CPR number or a citizen's case is refused, and nothing of it
is stored.
Exit code 1 says that some files failed or were refused; the report names each.`,
		Example: `  hjemmel ingest --collection lov ../lovsamling
  hjemmel ingest --collection vejledninger vejledning.docx notat.pdf
  hjemmel ingest --collection vejledninger --include '*.pdf' --exclude 'kladder/**' //server/share
  hjemmel ingest --collection personale --groups hr,ledelse ../personale
  hjemmel ingest --collection lov retsinformation:lbk/2025/1129
  hjemmel ingest --collection lov --prune --json ../lovsamling`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("groups") {
				opts.Groups = nil
			}
			opts.Groups = a.config.Access.groups(opts.Collection, opts.Groups)
			return a.ingest(cmd, args, find, opts)
		},
	}
	cmd.Flags().StringVar(&opts.Collection, "collection", ingest.DefaultCollection, "the `collection` that the documents belong to")
	cmd.Flags().StringSliceVar(&opts.Groups, "groups", nil, "access `groups` that may read the documents")
	cmd.Flags().BoolVar(&opts.Prune, "prune", false, "remove documents of the collection whose file is not among those given now")
	cmd.Flags().StringArrayVar(&find.Include, "include", nil, "read only files that match the `pattern`; may be repeated")
	cmd.Flags().StringArrayVar(&find.Exclude, "exclude", nil, "leave out files and folders that match the `pattern`; may be repeated")
	cmd.Flags().StringVar((*string)(&find.Links), "links", string(source.LinksInside), "symbolic links that are followed: `inside` the folder, none, all")
	a.addJSON(cmd)
	return cmd
}

func (a *app) ingest(cmd *cobra.Command, args []string, find source.Options, opts ingest.Options) error {
	given, err := a.sources(args, find)
	if err != nil {
		return usageError{err}
	}
	defer given.web.Close()
	rules, err := a.policy()
	if err != nil {
		return usageError{err}
	}
	if v := rules.CheckName(opts.Collection); !v.Allowed {
		return usageError{policy.RefusedError{Verdict: v}}
	}
	vectors, err := a.quietVectors(cmd.Context())
	if err != nil {
		return usageError{err}
	}
	lib, err := ingest.OpenWriter(cmd.Context(), a.config.Data, corpus.Owner{Command: "ingest"}, rules.RefuseDocument, vectors...)
	if err != nil {
		return err
	}
	items, err := given.items(cmd.Context(), lib.Store)
	if err != nil {
		return usageError{errors.Join(err, lib.Close())}
	}
	items, refused := refuseNames(items, rules)
	bar := newProgress(cmd.ErrOrStderr())
	opts.Progress = bar.show
	report, err := lib.Pipeline.Run(cmd.Context(), items, opts)
	bar.finish()
	if err := errors.Join(err, lib.Close()); err != nil {
		if n := len(report.Files); n > 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "%d af %d filer blev behandlet og er gemt; kør kommandoen igen for at fortsætte\n", n, len(items))
		}
		return err
	}
	for _, f := range refused {
		report.Add(f)
	}
	if a.json {
		err = printJSON(cmd.OutOrStdout(), report)
	} else {
		printReport(cmd.OutOrStdout(), &report)
	}
	if err == nil && report.Counts[ingest.Failed]+report.Counts[ingest.Refused] > 0 {
		return findingsError{}
	}
	return err
}

// refuseNames takes out the files whose name may not be stored. In the report
// they stand by their masked name.
func refuseNames(items []source.Item, rules *policy.Policy) (kept []source.Item, refused []ingest.File) {
	for _, item := range items {
		v := rules.CheckName(item.Path)
		if v.Allowed {
			kept = append(kept, item)
			continue
		}
		err := policy.RefusedError{Verdict: v}
		refused = append(refused, ingest.File{Path: v.Mask(item.Path), Status: ingest.Refused, Reason: err.Error(), Err: err})
	}
	return kept, refused
}

var statusNames = map[ingest.Status]string{
	ingest.Read: "læst", ingest.Unchanged: "uændret", ingest.Replaced: "erstattet", ingest.Duplicate: "dublet",
	ingest.Removed: "fjernet", ingest.Skipped: "sprunget over", ingest.Refused: "afvist", ingest.Failed: "fejlet",
}

var statusOrder = []ingest.Status{ingest.Read, ingest.Replaced, ingest.Unchanged, ingest.Duplicate, ingest.Removed, ingest.Skipped, ingest.Refused, ingest.Failed}

// printReport names every file that was not simply read, and counts the rest.
func printReport(w io.Writer, r *ingest.Report) {
	rows := [][]string{}
	for _, f := range r.Files {
		if f.Reason != "" && f.Status != ingest.Unchanged {
			rows = append(rows, []string{statusNames[f.Status], f.Path, f.Reason})
		}
		for _, warning := range f.Warnings {
			rows = append(rows, []string{"bemærk", f.Path, warning})
		}
	}
	table(w, rows)
	sections := 0
	for _, f := range r.Files {
		sections += f.Sections
	}
	for _, s := range statusOrder {
		if n := r.Counts[s]; n > 0 {
			fmt.Fprintf(w, "%d %s\n", n, statusNames[s])
		}
	}
	fmt.Fprintf(w, "%d afsnit indlæst på %s\n", sections, r.Elapsed.Round(10*time.Millisecond))
}
