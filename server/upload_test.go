package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/api"
)

// formOf writes a multipart form of "field=value" pairs; a file is
// "file:name=content".
func formOf(t *testing.T, fields ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		create := w.CreateFormField
		file, isFile := strings.CutPrefix(name, "file:")
		if isFile {
			name, create = file, func(name string) (io.Writer, error) { return w.CreateFormFile("file", name) }
		}
		part, err := create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func (w *world) send(t *testing.T, accept string, fields ...string) *http.Response {
	t.Helper()
	body, contentType := formOf(t, fields...)
	return w.do(t, "POST", "/api/v1/documents", body, "Content-Type", contentType, "Accept", accept)
}

type files struct{ Files []UploadResult }

func TestUploadOfSeveralFiles(t *testing.T) {
	w := start(t)
	res := w.send(t, "", "path=Børn/../hverdag/støtte.md", "file:støtte.md=# Støtte", "path=C:\\x\\b.txt", "file:b.txt=b", "collection=vejledninger")
	got := decode[files](t, res).Files
	if len(got) != 2 || got[0].Name != "Børn/hverdag/støtte.md" || got[0].Status != api.StatusRead {
		t.Errorf("results %+v", got)
	}
	if want := []string{"vejledninger/Børn/hverdag/støtte.md=# Støtte", "vejledninger/x/b.txt=b"}; !slices.Equal(w.library.uploads, want) {
		t.Errorf("stored %q", w.library.uploads)
	}
	if metrics := text(t, w.do(t, "GET", "/metrics", "")); !strings.Contains(metrics, `hjemmel_ingest_files_total{status="read"} 2`) {
		t.Error("the files are not counted")
	}
}

func TestUploadStreamsProgress(t *testing.T) {
	w := start(t)
	list := events(t, w.send(t, eventStream, "file:a.md=a", "file:b.md=b").Body)
	if got := fmt.Sprint(names(list)); got != "[progress file progress file done]" {
		t.Fatalf("events %s", got)
	}
	if list[2].data != `{"done":1,"total":2,"name":"b.md"}` {
		t.Errorf("progress %s", list[2].data)
	}
	schemas := servedDocument(t, w).Components.Schemas
	for i, schema := range []string{"UploadProgress", "UploadResult", "UploadProgress", "UploadResult", "UploadResults"} {
		var value any
		if err := json.Unmarshal([]byte(list[i].data), &value); err != nil {
			t.Fatal(err)
		}
		if err := schemas[schema].Value.VisitJSON(value); err != nil {
			t.Errorf("%s: %v", list[i].name, err)
		}
	}
}

func TestNamesAreJudgedLikeTexts(t *testing.T) {
	w := start(t)
	got := decode[files](t, w.send(t, "", "file:sag "+cpr+".md=a", "file:..=b", "file:tom.md=", "file:god.md=c")).Files
	if len(got) != 4 || got[0].Status != api.StatusRefused || got[0].Verdict == nil || got[0].Name != "sag 010190-····.md" {
		t.Fatalf("results %+v", got)
	}
	if got[1].Status != api.StatusFailed || got[2].Status != api.StatusFailed || got[2].Reason != "Filen er tom." || got[3].Status != api.StatusRead {
		t.Errorf("results %+v", got)
	}
	if len(w.library.uploads) != 1 {
		t.Errorf("stored %q", w.library.uploads)
	}
	wantProblem(t, w.send(t, "", "file:a.md=a", "collection=om "+cpr), 422, "Fjern nummeret.")
}

func TestUploadFaults(t *testing.T) {
	w := start(t, func(c *Config) { c.MaxUpload, c.Limits.UploadTotal, c.Limits.UploadFiles = 1000, 5000, 3 })
	big := strings.Repeat("x", 1001)
	tests := []struct {
		name   string
		fields []string
		status int
		detail string
	}{
		{"none", []string{"collection=a"}, 400, "ingen filer"},
		{"unknown field", []string{"fil=a"}, 400, "ukendt felt"},
		{"paths missing", []string{"path=a", "file:a=a", "file:b=b"}, 400, "én sti til hver fil"},
		{"long collection", []string{"collection=" + strings.Repeat("c", 201), "file:a=a"}, 400, "for langt"},
		{"broken collection", []string{"collection=\xff", "file:a=a"}, 400, "UTF-8"},
		{"file too large", []string{"file:ok.md=a", "file:stor.md=" + big}, 413, "»stor.md« er større end 1000 byte"},
		{"request too large", append(slices.Repeat([]string{"path=" + big[:999]}, 3), slices.Repeat([]string{"file:a=" + big[:999]}, 3)...), 413, "højst fylde 4 kB"},
		{"too many files", []string{"file:a=1", "file:b=2", "file:c=3", "file:d=4"}, 413, "for mange filer"},
		{"too many paths", []string{"path=a", "path=b", "path=c", "path=d"}, 413, "for mange stier"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, accept := range []string{"", eventStream} {
				wantProblem(t, w.send(t, accept, test.fields...), test.status, test.detail)
			}
		})
	}
	wantProblem(t, w.do(t, "POST", "/api/v1/documents", "a=b", "Content-Type", "application/x-www-form-urlencoded"), 400, "multipart/form-data")
	wantProblem(t, w.do(t, "POST", "/api/v1/documents", "--x\r\nafbrudt", "Content-Type", "multipart/form-data; boundary=x"), 400, "nåede ikke frem")
	if len(w.library.uploads) != 0 {
		t.Errorf("a refused request stored %q", w.library.uploads)
	}
}

func TestFilesBeyondTheMemoryGoThroughTheDisk(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w := start(t)
	big := strings.Repeat("å", 17<<20) // two of these are more than is kept in memory
	got := decode[files](t, w.send(t, "", "file:a.txt="+big, "file:b.txt=slut"+big, "file:c.txt=c")).Files
	if len(got) != 3 || got[1].Status != api.StatusRead {
		t.Fatalf("results %+v", got)
	}
	if !strings.HasPrefix(w.library.uploads[1], "/b.txt=slutåå") || w.library.uploads[2] != "/c.txt=c" {
		t.Errorf("stored %q", w.library.uploads)
	}
}

func TestLibraryThatFailsHalfWay(t *testing.T) {
	for accept, want := range map[string]string{"": "", eventStream: "[progress file progress error]"} {
		w := start(t)
		w.library.upload = func(_ context.Context, name string) (UploadResult, error) {
			if name == "b.md" {
				return UploadResult{}, errors.New("disk full")
			}
			return UploadResult{Name: name, Status: api.StatusUnchanged}, nil
		}
		res := w.send(t, accept, "file:a.md=a", "file:b.md=b", "file:c.md=c")
		if accept == "" {
			wantProblem(t, res, 500, "uventet fejl")
			continue
		}
		list := events(t, res.Body)
		if got := fmt.Sprint(names(list)); got != want {
			t.Fatalf("events %s", got)
		}
		var p api.Problem
		if err := json.Unmarshal([]byte(list[3].data), &p); err != nil || p.Status != 500 || p.RequestID == "" {
			t.Errorf("error %s", list[3].data)
		}
		if !strings.Contains(w.log.String(), "disk full") {
			t.Error("the log lacks the cause")
		}
	}
}

func TestDisconnectStopsTheUpload(t *testing.T) {
	w := start(t)
	reached, stopped := make(chan struct{}), make(chan error, 1)
	w.library.upload = func(ctx context.Context, _ string) (UploadResult, error) {
		close(reached)
		<-ctx.Done()
		stopped <- ctx.Err()
		return UploadResult{}, ctx.Err()
	}
	body, contentType := formOf(t, "file:a.md=a", "file:b.md=b")
	ctx, leave := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, "POST", w.URL+"/api/v1/documents", strings.NewReader(body))
	req.Header.Set("Content-Type", contentType)
	go func() { <-reached; leave() }()
	if res, err := w.Client().Do(req); err == nil {
		_ = res.Body.Close()
	}
	select {
	case <-stopped:
	case <-time.After(5 * time.Second):
		t.Fatal("the upload goes on")
	}
}
