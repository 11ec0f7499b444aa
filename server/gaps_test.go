package server

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

func TestGapsOfADocument(t *testing.T) {
	w := start(t)
	res := w.do(t, "POST", "/api/v1/gaps", `{"document":"`+law+`","as_of":"1.3.2026"}`, "Content-Type", "application/json")
	report := decode[gaps.Report](t, res)
	if res.StatusCode != http.StatusOK || report.Document != law || report.AsOf != "2026-03-01" || len(report.Findings) != 1 {
		t.Errorf("%d %+v", res.StatusCode, report)
	}
}

func TestGapsAsAFile(t *testing.T) {
	w := start(t)
	for format, begins := range map[string]string{"docx": "PK", "csv": "\ufeff", "md": "# Kontrol", "sarif": "{"} {
		res := w.do(t, "POST", "/api/v1/gaps?format="+format, `{"document":"`+law+`"}`, "Content-Type", "application/json")
		body := text(t, res)
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, begins) || !strings.Contains(res.Header.Get("Content-Disposition"), "mangler."+format) {
			t.Errorf("%s: %d %q %.40q", format, res.StatusCode, res.Header.Get("Content-Disposition"), body)
		}
	}
}

func TestGapsOfAnUpload(t *testing.T) {
	w := start(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "vejledning.md")
	if err == nil {
		_, err = part.Write([]byte("# Vejledning\n\nMerudgifter dækkes efter servicelovens § 41."))
	}
	if err == nil {
		err = form.WriteField("against", law)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	res := w.do(t, "POST", "/api/v1/gaps", body.String(), "Content-Type", form.FormDataContentType())
	if report := decode[gaps.Report](t, res); res.StatusCode != http.StatusOK || len(report.Findings) != 1 {
		t.Errorf("%d %+v", res.StatusCode, report)
	}
}

func TestGapsRefusals(t *testing.T) {
	w := start(t)
	for _, c := range []struct {
		body, query string
		status      int
	}{
		{`{}`, "", http.StatusBadRequest},
		{`{"document":"a","text":"b"}`, "", http.StatusBadRequest},
		{`{"text":"x","as_of":"i går"}`, "", http.StatusBadRequest},
		{`{"text":"x","min_confidence":2}`, "", http.StatusBadRequest},
		{`{"document":"` + law + `"}`, "?format=pdf", http.StatusBadRequest},
		{`{"document":"findes-ikke"}`, "", http.StatusNotFound},
		{`{"document":"` + law + `","against":["findes-ikke"]}`, "", http.StatusNotFound},
		{`{"text":"Borgeren ` + cpr + ` har søgt."}`, "", http.StatusUnprocessableEntity},
	} {
		res := w.do(t, "POST", "/api/v1/gaps"+c.query, c.body, "Content-Type", "application/json")
		if p := decode[api.Problem](t, res); res.StatusCode != c.status || p.Detail == "" {
			t.Errorf("%s: %d %+v, want %d", c.body, res.StatusCode, p, c.status)
		}
	}
}
