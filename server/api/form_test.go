package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

func FuzzReceive(f *testing.F) {
	const header = "Content-Disposition: form-data; name="
	f.Add("--x\r\n" + header + "\"file\"; filename=\"a.md\"\r\n\r\nindhold\r\n--x--\r\n")
	f.Add("--x\r\n" + header + "\"path\"\r\n\r\n../a\r\n--x\r\n" + header + "\"file\"; filename=\"..\\\\b\"\r\n\r\n\r\n--x--")
	f.Add("--x\r\n" + header + "\"collection\"\r\n\r\nlokal\r\n--x")
	f.Add("--x--\r\n")
	limits := Limits{Upload: 64, UploadTotal: 1 << 10, UploadFiles: 3}.WithDefaults()
	f.Fuzz(func(t *testing.T, body string) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		c.Request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		form, err := New(Config{Limits: limits}).receive(c, "collection")
		defer form.close()
		if err != nil {
			if status := StatusOf(t.Context(), err); status != http.StatusBadRequest && status != http.StatusRequestEntityTooLarge {
				t.Fatalf("%d for %v", status, err)
			}
			return
		}
		if len(form.files) == 0 || len(form.files) > limits.UploadFiles || len(form.fields["collection"]) > maxField {
			t.Fatalf("form %+v", form)
		}
		for _, file := range form.files {
			if data, err := file.bytes(); err != nil || int64(len(data)) > limits.Upload {
				t.Fatalf("%d bytes, %v", len(data), err)
			}
		}
	})
}

func TestWantsEvents(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "text/event-stream": true, "Text/Event-Stream; q=1": true, "application/json": false, "*/*": false,
		"text/event-stream, application/json": true, "application/json, text/event-stream": false, "text/html, text/event-stream": true,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Accept", accept)
		if got := wantsEvents(r); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}
