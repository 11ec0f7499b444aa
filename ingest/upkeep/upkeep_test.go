package upkeep

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

func allow(string) error { return nil }

// folder makes a data folder with n guidelines, and opens it for writing.
func folder(t *testing.T, n int) (string, *ingest.Library) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	lib, err := ingest.OpenWriter(t.Context(), dir, corpus.Owner{Command: "serve", Addr: "127.0.0.1:8080"}, allow)
	if err != nil {
		t.Fatal(err)
	}
	put(t, lib, 0, n)
	return dir, lib
}

func put(t *testing.T, lib *ingest.Library, from, to int) {
	t.Helper()
	var items []source.Item
	for i := from; i < to; i++ {
		items = append(items, source.Bytes(fmt.Sprintf("v/%03d.md", i), fmt.Appendf(nil, "# Vejledning %d\n\n## Klagefrist\n\nKlagefristen i sag %d er fire uger.", i, i)))
	}
	report, err := lib.Pipeline.Run(t.Context(), items, ingest.Options{Collection: "v"})
	if err != nil || report.Counts[ingest.Failed] > 0 {
		t.Fatal(report.Counts, err)
	}
}

func shut(t *testing.T, lib *ingest.Library) {
	t.Helper()
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
}

// found opens a data folder, and counts its documents and what a search finds.
func found(t *testing.T, dir string) (documents, hits int) {
	t.Helper()
	lib, err := ingest.OpenReader(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, lib)
	totals, err := lib.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	res, err := lib.Engine.Search(t.Context(), retrieval.Query{Text: "klagefristen", K: 500})
	if err != nil {
		t.Fatal(err)
	}
	return totals.Documents, len(res.Hits)
}

// TestBackupBesideAWriter copies a folder while documents are stored in it, and
// checks that each copy is a moment of it: whole documents, and no fewer than
// were there when the copy began.
func TestBackupBesideAWriter(t *testing.T) {
	dir, lib := folder(t, 20)
	other, err := sql.Open("sqlite", filepath.Join(dir, "activity.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Exec("CREATE TABLE samtaler(n INTEGER); INSERT INTO samtaler VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		for i := 20; i < 80; i += 5 {
			put(t, lib, i, i+5)
		}
		done <- nil
	}()
	var copies []string
	for i, last := 0, false; ; i++ {
		to := filepath.Join(t.TempDir(), "sikkerhedskopier", fmt.Sprint(i))
		m, err := Backup(t.Context(), dir, to, "test")
		if err != nil {
			t.Fatal(err)
		}
		if m.Schema != corpus.Schema() || len(m.Files) != 2 || m.Files[1].Name != corpus.DatabaseFile {
			t.Fatalf("manifest %+v", m)
		}
		copies = append(copies, to)
		if last { // begun after all was stored
			break
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
	shut(t, lib)
	before := 0
	for i, from := range []string{copies[0], copies[len(copies)-1]} {
		to := filepath.Join(t.TempDir(), fmt.Sprint("gendannet", i))
		if _, err := Restore(t.Context(), from, to); err != nil {
			t.Fatal(err)
		}
		documents, hits := found(t, to)
		if documents < max(20, before) || documents != hits {
			t.Errorf("copy %d: %d documents, %d found", i, documents, hits)
		}
		before = documents
		if _, err := os.Stat(filepath.Join(to, "activity.db")); err != nil {
			t.Error(err)
		}
	}
	if before != 80 {
		t.Errorf("the last copy holds %d of 80 documents", before)
	}
}

func TestBackupRefusesAFolderThatExists(t *testing.T) {
	dir, lib := folder(t, 1)
	defer shut(t, lib)
	if _, err := Backup(t.Context(), dir, t.TempDir(), "test"); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	if _, err := Backup(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "x"), "test"); !errors.Is(err, corpus.ErrNoCollection) {
		t.Error(err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	dir, lib := folder(t, 3)
	from := filepath.Join(t.TempDir(), "kopi")
	if _, err := Backup(t.Context(), dir, from, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), from, dir); !errors.As(err, new(*corpus.LockedError)) {
		t.Errorf("into a folder in use: %v", err)
	}
	shut(t, lib)
	if _, err := Restore(t.Context(), from, dir); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a folder with a collection: %v", err)
	}
	if documents, hits := found(t, dir); documents != 3 || hits != 3 {
		t.Errorf("a refused restore changed the folder: %d %d", documents, hits)
	}
	for name, c := range map[string]struct {
		spoil func(dir string) error
		want  error
	}{
		"no manifest":   {func(dir string) error { return os.Remove(filepath.Join(dir, ManifestFile)) }, ErrNoBackup},
		"cut short":     {func(dir string) error { return os.Truncate(filepath.Join(dir, corpus.DatabaseFile), 8192) }, ErrChanged},
		"a byte flips":  {func(dir string) error { return flip(filepath.Join(dir, corpus.DatabaseFile), 5000) }, ErrChanged},
		"newer schema":  {func(dir string) error { return edit(dir, func(m *Manifest) { m.Schema = 1000 }) }, ErrNewer},
		"leads outside": {func(dir string) error { return edit(dir, func(m *Manifest) { m.Files[0].Name = "../x.db" }) }, ErrNoBackup},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt, to := filepath.Join(t.TempDir(), "kopi"), filepath.Join(t.TempDir(), "data")
			if err := errors.Join(os.CopyFS(spoilt, os.DirFS(from)), c.spoil(spoilt)); err != nil {
				t.Fatal(err)
			}
			if _, err := Restore(t.Context(), spoilt, to); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if _, err := os.Stat(filepath.Join(to, corpus.DatabaseFile)); err == nil {
				t.Error("a collection is there all the same")
			}
			if _, err := Restore(t.Context(), from, to); err != nil {
				t.Errorf("the good copy after the bad one: %v", err)
			}
		})
	}
}

func flip(path string, at int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	b := make([]byte, 64)
	_, err = f.ReadAt(b, at)
	for i := range b {
		b[i] ^= 0xff
	}
	_, err2 := f.WriteAt(b, at)
	return errors.Join(err, err2, f.Close())
}

func edit(dir string, change func(*Manifest)) error {
	path := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	change(&m)
	data, err = json.Marshal(m)
	return errors.Join(err, os.WriteFile(path, data, 0o600))
}

func TestDoctor(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(dir string) error
		check  string
		status Status
		says   string
	}{
		"all well":        {func(string) error { return nil }, "index", OK, "3 dokumenter"},
		"index deleted":   {func(dir string) error { return os.RemoveAll(filepath.Join(dir, ingest.IndexFolder)) }, "index", Warning, "intet indeks"},
		"segment damaged": {damageSegment, "index", Broken, "beskadiget"},
		"database header": {func(dir string) error { return flip(filepath.Join(dir, corpus.DatabaseFile), 0) }, "database", Broken, "kan ikke læses"},
		"database page":   {damagePages, "database", Broken, "beskadiget"},
		"others may read": {func(dir string) error { return os.Chmod(dir, 0o755) }, "folder", Warning, "Andre brugere"},
		"clock went back": {fromTheFuture, "clock", Warning, "Uret går bagud"},
		"newer program":   {func(dir string) error { return execute(dir, "PRAGMA user_version = 1000") }, "database", Broken, "nyere Hjemmel"},
		"index lags":      {func(dir string) error { return execute(dir, "UPDATE documents SET revision = revision + 100") }, "index", Warning, "3 af 3"},
		"killed before":   {leaveLock, "lock", OK, "blev afbrudt"},
		"activity damaged": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "activity.db"), []byte("ikke en database, men længere end et hoved, så den ikke kan være ny"), 0o600)
		}, "database", Broken, "activity.db"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, lib := folder(t, 3)
			shut(t, lib)
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
			r, err := Examine(t.Context(), dir, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Checks, func(k Check) bool {
				// Which segments the index still uses depends on merging, and so does
				// whether the damage is found as such or as an index that is out of date.
				merged := name == "segment damaged" && k.Status == Warning && k.Remedy != ""
				return k.Name == c.check && (merged || k.Status == c.status && strings.Contains(k.Title+k.Says, c.says))
			}) {
				t.Errorf("%+v", r.Checks)
			}
			if r.Sound != (c.status == OK) {
				t.Errorf("sound %v", r.Sound)
			}
			for _, k := range r.Checks {
				if k.Status == Broken && k.Remedy == "" {
					t.Errorf("%s: no way out", k.Says)
				}
			}
		})
	}
}

func TestDoctorBesideAServer(t *testing.T) {
	dir, lib := folder(t, 3)
	defer shut(t, lib)
	r, err := Examine(t.Context(), dir, "", 0)
	if err != nil || !r.Sound {
		t.Fatalf("%+v %v", r, err)
	}
	at := slices.IndexFunc(r.Checks, func(k Check) bool { return k.Name == "lock" })
	if !strings.Contains(r.Checks[at].Says, "http://127.0.0.1:8080") {
		t.Errorf("%+v", r.Checks[at])
	}
	if _, err := Examine(t.Context(), t.TempDir(), "", 0); !errors.Is(err, corpus.ErrNoCollection) {
		t.Errorf("an empty folder: %v", err)
	}
}

// damageSegment changes bytes in the middle of a segment, which scorch does not
// notice by itself.
func damageSegment(dir string) error {
	segments, err := filepath.Glob(filepath.Join(dir, ingest.IndexFolder, "*.zap"))
	if err != nil || len(segments) == 0 {
		return errors.Join(err, errors.New("no segment"))
	}
	for _, segment := range segments { // which of them the index still uses depends on merging
		err = errors.Join(err, flip(segment, 0))
	}
	return err
}

// damagePages destroys all pages but the first, which holds the schema.
func damagePages(dir string) error {
	path := filepath.Join(dir, corpus.DatabaseFile)
	info, err := os.Stat(path)
	for at := int64(2 * 4096); err == nil && at+64 < info.Size(); at += 4096 {
		err = flip(path, at)
	}
	return err
}

func fromTheFuture(dir string) error {
	return execute(dir, "UPDATE documents SET ingested_at = '2126-01-01T00:00:00Z'")
}

func execute(dir, statement string) error {
	db, err := sql.Open("sqlite", filepath.Join(dir, corpus.DatabaseFile))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statement)
	return errors.Join(err, db.Close())
}

func leaveLock(dir string) error {
	return os.WriteFile(filepath.Join(dir, corpus.LockFile), []byte(`{"pid":1,"command":"serve","started":"2026-11-24T08:00:00Z"}`), 0o600)
}
