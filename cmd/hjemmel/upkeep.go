package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest/upkeep"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func (a *app) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "doctor", Short: "Examine the data folder: databases, indexes, disk, rights", Args: cobra.NoArgs,
		Long: `Examines the data folder, also while a server uses it, and changes nothing.
It says who uses it, whether each database is whole, whether the indexes follow
the database, how many vectors there are, whether there is room on the disk and
whether others can read the folder.

Exit codes: 0 all is well · 1 something was found · 3 there is nothing to
examine, or it cannot be examined.`,
		Example: `  hjemmel doctor
  hjemmel doctor --data /srv/hjemmel --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd) },
	}
	a.addJSON(cmd)
	return cmd
}

func (a *app) doctor(cmd *cobra.Command) error {
	model, err := a.embedder(cmd.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		return usageError{err}
	}
	name, dim := "", 0
	if model != nil {
		name, dim = model.Model(), model.Dim()
	}
	report, err := upkeep.Examine(cmd.Context(), a.config.Data, name, dim)
	if err != nil {
		return err
	}
	if a.json {
		err = printJSON(cmd.OutOrStdout(), report)
	} else {
		printDiagnosis(cmd.OutOrStdout(), report)
	}
	if err == nil && !report.Sound {
		return findingsError{}
	}
	return err
}

var checkMarks = map[upkeep.Status]string{upkeep.OK: "ok", upkeep.Warning: "bemærk", upkeep.Broken: "FEJL"}

func printDiagnosis(w io.Writer, r upkeep.Report) {
	fmt.Fprintf(w, "Datamappen %s\n\n", r.Folder)
	var rows [][]string
	for _, c := range r.Checks {
		rows = append(rows, []string{checkMarks[c.Status], c.Title, c.Says})
		if c.Remedy != "" {
			rows = append(rows, []string{"", "", "→ " + c.Remedy})
		}
	}
	table(w, rows)
	if r.Sound {
		fmt.Fprintln(w, "\nAlt er i orden.")
	}
}

func (a *app) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "backup FOLDER", Short: "Copy the databases of the data folder while Hjemmel runs", Args: cobra.ExactArgs(1),
		Long: `Copies the databases of the data folder to a new folder, also while a server
runs, and examines the copies. Indexes are left out: they are built again from
the databases. The copy holds the documents and the conversations: protect it
as the data folder, and delete it when its conversations are to be gone.`,
		Example: `  hjemmel backup /backup/hjemmel-$(date +%F)
  hjemmel backup --data /srv/hjemmel --json /backup/hjemmel`,
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := upkeep.Backup(cmd.Context(), a.config.Data, args[0], buildVersion())
			if err != nil {
				return err
			}
			return a.printManifest(cmd, m, "Sikkerhedskopien ligger i "+args[0])
		},
	}
	a.addJSON(cmd)
	return cmd
}

func (a *app) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "restore FOLDER", Short: "Put a backup into a new or emptied data folder", Args: cobra.ExactArgs(1),
		Long: `Puts a backup into the data folder, which must be new or empty but for indexes,
and which no other Hjemmel may use. Every file is compared with its checksum and
examined before it gets its name. The next start builds the indexes.`,
		Example: `  hjemmel restore /backup/hjemmel-2026-11-24 --data /srv/hjemmel`,
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := upkeep.Restore(cmd.Context(), args[0], a.config.Data)
			if err != nil {
				return err
			}
			return a.printManifest(cmd, m, "Sikkerhedskopien fra "+m.Made.Local().Format("2.1.2006 15:04")+" er lagt i "+a.config.Data+". Indekserne bygges ved næste start")
		},
	}
	a.addJSON(cmd)
	return cmd
}

func (a *app) printManifest(cmd *cobra.Command, m upkeep.Manifest, says string) error {
	if a.json {
		return printJSON(cmd.OutOrStdout(), m)
	}
	w := cmd.OutOrStdout()
	fmt.Fprintln(w, says+":")
	var rows [][]string
	for _, f := range m.Files {
		rows = append(rows, []string{"  " + f.Name, thousands(int(f.Bytes)) + " byte"})
	}
	table(w, rows)
	return nil
}

// explainUpkeep words what may be wrong with a backup or with the disk, or
// returns "".
func explainUpkeep(err error) string {
	switch {
	case errors.Is(err, upkeep.ErrExists):
		return "mappen til sikkerhedskopien findes allerede: angiv en ny, fx en med datoen " + time.Now().Format(time.DateOnly)
	case errors.Is(err, upkeep.ErrNoBackup):
		return "mappen er ikke en hel sikkerhedskopi: den skal indeholde " + upkeep.ManifestFile + " og databaserne fra »hjemmel backup«"
	case errors.Is(err, upkeep.ErrNewer):
		return "sikkerhedskopien er lavet af en nyere Hjemmel: opdater Hjemmel, og prøv igen"
	case errors.Is(err, upkeep.ErrChanged):
		return "sikkerhedskopien er ændret eller beskadiget, siden den blev lavet: brug en anden (" + err.Error() + ")"
	case errors.Is(err, upkeep.ErrNotEmpty):
		return "datamappen er ikke tom, og intet er ændret: angiv en ny mappe med --data, eller flyt den gamle til side (" + err.Error() + ")"
	}
	switch corpus.Fault(err) {
	case corpus.ErrCorrupt:
		return "databasen er beskadiget: undersøg den med »hjemmel doctor«, flyt mappen til side, og gendan en sikkerhedskopi med »hjemmel restore« (" + err.Error() + ")"
	case corpus.ErrFull:
		return "disken er fuld: gør plads, og prøv igen. Det, der er gemt, er ikke berørt (" + err.Error() + ")"
	case corpus.ErrReadOnly:
		return "der kan ikke skrives i datamappen: giv den bruger, som Hjemmel kører under, skriveret til den (" + err.Error() + ")"
	}
	return ""
}
