package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) documentsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "documents", Short: "List, show, reserve and delete documents",
		Example: `  hjemmel documents list --collection lov
  hjemmel documents show lbk-2025-1129
  hjemmel documents delete lbk-2025-1129`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.documentsListCommand(), a.documentsShowCommand(), a.documentsDeleteCommand(), a.documentsDiffCommand(), a.documentsAccessCommand())
	return cmd
}

func (a *app) documentsListCommand() *cobra.Command {
	var filter corpus.DocumentFilter
	cmd := &cobra.Command{
		Use: "list", Short: "List the documents of the collection", Args: cobra.NoArgs,
		Example: `  hjemmel documents list
  hjemmel documents list --collection lov --match barnets --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.reading(cmd, func(lib *ingest.Library) error {
				docs, err := lib.Documents(cmd.Context(), filter)
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), struct {
						Documents []corpus.Document `json:"documents"`
					}{append([]corpus.Document{}, docs...)})
				}
				rows := [][]string{{"ID", "SAMLING", "ADGANG", "AFSNIT", "GÆLDENDE", "TITEL"}}
				for _, d := range docs {
					rows = append(rows, []string{d.ID, d.Collection, readers(&d), strconv.Itoa(d.Sections), validity(&d), shorten(d.Title, 90)})
				}
				table(cmd.OutOrStdout(), rows)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&filter.Collection, "collection", "", "only this `collection`")
	cmd.Flags().StringVar(&filter.Text, "match", "", "only documents with these `words` in title, number or file name")
	a.addJSON(cmd)
	return cmd
}

// readers names who may read a document.
func readers(d *corpus.Document) string {
	if len(d.Groups) == 0 {
		return "alle"
	}
	return strings.Join(d.Groups, ",")
}

func validity(d *corpus.Document) string {
	switch {
	case d.InForceTo != "" && !d.InForce(""):
		return "til " + string(d.InForceTo)
	case d.InForceFrom != "":
		return "fra " + string(d.InForceFrom)
	}
	return "ja"
}

func (a *app) documentsShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show DOCUMENT[#SECTION]", Short: "Show a document's data and outline, or a section's text", Args: cobra.ExactArgs(1),
		Example: `  hjemmel documents show lbk-2025-1129
  hjemmel documents show 'lbk-2025-1129#85'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd, func(lib *ingest.Library) error {
				if strings.Contains(args[0], "#") {
					return a.showSection(cmd, lib, args[0])
				}
				return a.showDocument(cmd, lib, args[0])
			})
		},
	}
	a.addJSON(cmd)
	return cmd
}

func (a *app) showDocument(cmd *cobra.Command, lib *ingest.Library, id string) error {
	doc, err := lib.Document(cmd.Context(), id)
	if err != nil {
		return err
	}
	sections, err := lib.SectionsOf(cmd.Context(), id)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(cmd.OutOrStdout(), struct {
			Document corpus.Document  `json:"document"`
			Sections []corpus.Section `json:"sections"`
		}{doc, sections})
	}
	w := cmd.OutOrStdout()
	rows := [][]string{{"Titel", doc.Title}, {"Nummer", doc.Number}, {"Kendt som", strings.Join(doc.ShortTitles, ", ")},
		{"Samling", doc.Collection}, {"Adgang", readers(&doc)}, {"Gældende", validity(&doc)}, {"Afløst af", doc.SupersededBy}, {"Kilde", doc.Source}, {"Adresse", doc.URL},
		{"Læst med", doc.Reader}, {"Afsnit", strconv.Itoa(doc.Sections)}}
	for _, row := range rows {
		if row[1] != "" {
			table(w, [][]string{{fmt.Sprintf("%-10s", row[0]), row[1]}})
		}
	}
	fmt.Fprintln(w)
	for _, s := range sections {
		_, local, _ := strings.Cut(s.ID, "#")
		fmt.Fprintf(w, "#%-10s %s\n", local, shorten(strings.Join(s.Path, " › "), 100))
	}
	return nil
}

func (a *app) showSection(cmd *cobra.Command, lib *ingest.Library, id string) error {
	section, err := lib.Section(cmd.Context(), id)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(cmd.OutOrStdout(), section)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s\n", strings.Join(section.Path, " › "), section.Text)
	return err
}

func (a *app) documentsDeleteCommand() *cobra.Command {
	var samples bool
	cmd := &cobra.Command{
		Use: "delete DOCUMENT… | delete --samples", Short: "Delete documents from the collection and the index",
		Example: `  hjemmel documents delete lbk-2025-1129
  hjemmel documents delete --samples`,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if samples == (len(ids) > 0) {
				return usageError{fmt.Errorf("name the documents to delete, or give --samples")}
			}
			return a.changing(cmd, "documents delete", func(lib *ingest.Library) error {
				if samples {
					n, err := lib.DeleteSamples(cmd.Context())
					fmt.Fprintf(cmd.OutOrStdout(), "%d eksempeldokumenter fjernet\n", n)
					return err
				}
				for _, id := range ids {
					if err := lib.Delete(cmd.Context(), id); err != nil {
						return err
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s fjernet\n", id)
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&samples, "samples", false, "delete the sample documents")
	return cmd
}

func (a *app) documentsAccessCommand() *cobra.Command {
	var groups []string
	cmd := &cobra.Command{
		Use: "access DOCUMENT… --groups GROUPS", Short: "Reserve documents for groups, or open them to everyone",
		Long: `Only members of the groups may then read the documents; for anyone else they are
not there. --groups "" opens them to everyone. A document that is read again keeps
its groups unless "hjemmel ingest" names others.`,
		Example: `  hjemmel documents access personalehaandbog-1a2b3c --groups hr,ledelse
  hjemmel documents access personalehaandbog-1a2b3c --groups ""`,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if len(ids) == 0 || !cmd.Flags().Changed("groups") {
				return usageError{fmt.Errorf("name the documents, and with --groups who may read them")}
			}
			return a.changing(cmd, "documents access", func(lib *ingest.Library) error {
				for _, id := range ids {
					if err := lib.SetGroups(cmd.Context(), id, groups); err != nil {
						return err
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", id, readers(&corpus.Document{Groups: groups}))
				}
				return nil
			})
		},
	}
	cmd.Flags().StringSliceVar(&groups, "groups", nil, "access `groups` that may read the documents")
	return cmd
}

// changing opens an existing collection for writing, and closes it after f.
func (a *app) changing(cmd *cobra.Command, name string, f func(*ingest.Library) error) error {
	store, err := corpus.OpenExisting(cmd.Context(), a.config.Data)
	if err != nil {
		return err
	}
	vectors, err := a.quietVectors(cmd.Context())
	if err != nil {
		return errors.Join(usageError{err}, store.Close())
	}
	if err := store.Close(); err != nil {
		return err
	}
	lib, err := ingest.OpenWriter(cmd.Context(), a.config.Data, corpus.Owner{Command: name}, policy.RefuseDocument, vectors...)
	if err != nil {
		return err
	}
	return errors.Join(f(lib), lib.Close())
}

// reading opens the collection for reading, and closes it after f.
func (a *app) reading(cmd *cobra.Command, f func(*ingest.Library) error) error {
	useWords, err := a.config.words()
	if err != nil {
		return usageError{err}
	}
	vectors, err := a.quietVectors(cmd.Context())
	if err != nil {
		return usageError{err}
	}
	bar := newProgress(cmd.ErrOrStderr())
	lib, err := ingest.OpenReader(cmd.Context(), a.config.Data, bar.show, vectors...)
	bar.finish()
	if err != nil {
		return err
	}
	defer lib.Close()
	useWords(lib.Engine)
	return f(lib)
}
