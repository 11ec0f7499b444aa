package upkeep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Status says how a check went.
type Status string

// The outcomes of a check.
const (
	OK      Status = "ok"
	Warning Status = "warning" // works now, but look at it
	Broken  Status = "error"   // does not work, or will not
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`  // stable: folder, lock, database …
	Title  string `json:"title"` // Danish
	Status Status `json:"status"`
	Says   string `json:"says"`             // Danish: what was found
	Remedy string `json:"remedy,omitempty"` // Danish: what to do about it
}

// Report is what Examine found.
type Report struct {
	Folder string  `json:"folder"`
	Sound  bool    `json:"sound"` // every check is ok
	Checks []Check `json:"checks"`
}

func (r *Report) add(name, title string, status Status, remedy, format string, args ...any) {
	r.Checks = append(r.Checks, Check{Name: name, Title: title, Status: status, Says: fmt.Sprintf(format, args...), Remedy: remedy})
	if status != OK {
		r.Sound = false
	}
}

// Examine looks at a data folder, also while a server uses it, and changes
// nothing. model names the embedding model whose vectors are counted, "" for none.
// It fails where there is no collection to examine; what is wrong with one is in
// the report.
func Examine(ctx context.Context, dir, model string, dim int) (Report, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Report{}, err
	}
	names, err := databases(abs)
	if err != nil {
		return Report{}, fmt.Errorf("%s: %w", dir, err)
	}
	r := Report{Folder: abs, Sound: true}
	r.folder(abs)
	r.lock(abs)
	r.disk(abs, names)
	usable := true
	for _, name := range names {
		usable = r.database(ctx, abs, name) && (usable || name != corpus.DatabaseFile)
	}
	if usable {
		err = r.derived(ctx, abs, model, dim)
	}
	return r, errors.Join(err, ctx.Err())
}

func (r *Report) folder(dir string) {
	const name, title = "folder", "Mappens rettigheder"
	info, err := os.Stat(dir)
	if err != nil {
		r.add(name, title, Broken, "Ret mappens rettigheder, så Hjemmel kan læse den.", "Mappen kan ikke læses: %v.", err)
		return
	}
	probe, err := os.CreateTemp(dir, ".doctor-")
	if err != nil {
		r.add(name, title, Broken, "Giv den bruger, som Hjemmel kører under, skriveret til mappen, eller kør kommandoen som den bruger.", "Der kan ikke skrives i mappen.")
		return
	}
	_, err = probe.Write(make([]byte, 4096))
	err = errors.Join(err, probe.Close(), os.Remove(probe.Name()))
	switch {
	case corpus.Fault(err) == corpus.ErrFull:
		r.add(name, title, Broken, "Gør plads på disken. Intet er gået tabt: det, der ikke kunne skrives, læses igen ved næste indlæsning.", "Disken er fuld.")
	case err != nil:
		r.add(name, title, Broken, "Undersøg disken.", "Der kan ikke skrives i mappen: %v.", err)
	case othersCanRead(info):
		r.add(name, title, Warning, "Luk mappen for andre: chmod 700 "+dir, "Andre brugere på maskinen kan læse mappen (%s).", info.Mode().Perm())
	default:
		r.add(name, title, OK, "", "Kun mappens ejer har adgang, og der kan skrives.")
	}
}

func (r *Report) lock(dir string) {
	const name, title = "lock", "Hvem bruger mappen"
	owner, held, err := corpus.ReadLock(dir)
	since := owner.Started.Local().Format("2.1.2006 15:04")
	switch {
	case err != nil:
		r.add(name, title, Warning, "", "Det kan ikke ses, om mappen er i brug: %v.", err)
	case held && owner.Addr != "":
		r.add(name, title, OK, "", "»hjemmel %s« (proces %d) siden %s, på http://%s.", owner.Command, owner.PID, since, owner.Addr)
	case held:
		r.add(name, title, OK, "", "»hjemmel %s« (proces %d) siden %s.", owner.Command, owner.PID, since)
	case owner.PID != 0:
		r.add(name, title, OK, "", "Ingen. »hjemmel %s«, der begyndte %s, blev afbrudt; intet er gået tabt ved det.", owner.Command, since)
	default:
		r.add(name, title, OK, "", "Ingen.")
	}
}

// spare is how much free space a folder should have: for a whole copy of the
// databases, since rebuilt indexes and the write-ahead log take as much.
const spare = 1 << 30

func (r *Report) disk(dir string, names []string) {
	const name, title = "disk", "Plads på disken"
	size := int64(0)
	for _, n := range names {
		if info, err := os.Stat(filepath.Join(dir, n)); err == nil {
			size += info.Size()
		}
	}
	free, err := freeBytes(dir)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		r.add(name, title, Warning, "", "Det kan ikke ses, hvor meget plads der er: %v.", err)
	case free < max(spare, 2*size):
		r.add(name, title, Warning, "Gør plads: der bør være plads til to gange databaserne, mindst 1 GB.", "Databaserne fylder %s, og der er kun %s fri.", megabytes(size), megabytes(free))
	default:
		r.add(name, title, OK, "", "Databaserne fylder %s, og der er %s fri.", megabytes(size), megabytes(free))
	}
}

func megabytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", (n+1<<20-1)>>20)
}

// database examines one file. It tells whether the file can be read as what it is.
func (r *Report) database(ctx context.Context, dir, file string) bool {
	name, title := "database", "Databasen "+file
	remedy := "Stop Hjemmel, flyt den beskadigede mappe til side, og gendan en sikkerhedskopi: hjemmel restore KOPI --data MAPPE."
	complaints, err := corpus.CheckFile(ctx, filepath.Join(dir, file))
	switch {
	case corpus.Fault(err) == corpus.ErrCorrupt:
		r.add(name, title, Broken, remedy, "Filen er beskadiget og kan ikke læses som en database.")
		return false
	case err != nil:
		r.add(name, title, Broken, "", "Filen kan ikke undersøges: %v.", err)
		return false
	case len(complaints) > 0:
		r.add(name, title, Broken, remedy, "Filen er beskadiget: %s (%d fund).", complaints[0], len(complaints))
		return false
	}
	if file != corpus.DatabaseFile {
		r.add(name, title, OK, "", "Ingen fejl fundet.")
		return true
	}
	schema, err := corpus.FileSchema(ctx, filepath.Join(dir, file))
	switch {
	case err != nil:
		r.add(name, title, Broken, "", "Filen kan ikke læses: %v.", err)
	case schema > corpus.Schema():
		r.add(name, title, Broken, "Opdater Hjemmel.", "Databasen er skrevet af en nyere Hjemmel (skema %d, denne kender %d).", schema, corpus.Schema())
	case schema < corpus.Schema():
		r.add(name, title, OK, "", "Ingen fejl fundet. Den opgraderes ved næste start (skema %d til %d).", schema, corpus.Schema())
	default:
		r.add(name, title, OK, "", "Ingen fejl fundet (skema %d).", schema)
		return true
	}
	return false
}

// clock compares the clock with the newest thing that the store remembers.
func (r *Report) clock(newest time.Time) {
	const name, title = "clock", "Uret"
	now := time.Now()
	if ahead := newest.Sub(now); ahead > 5*time.Minute {
		r.add(name, title, Warning, "Stil maskinens ur (NTP). Hvad der gælder i dag, afgøres af uret.",
			"Uret går bagud, eller det er gået for langt frem: det viser %s, men et dokument er indlæst %s.",
			now.Format("2.1.2006 15:04"), newest.Local().Format("2.1.2006 15:04"))
		return
	}
	r.add(name, title, OK, "", "%s.", now.Format("2.1.2006 15:04 MST"))
}
