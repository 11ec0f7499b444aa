package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// maxField is the longest value of a field that is no file, in bytes.
const maxField = 200

// form is an upload request that has been received whole.
type form struct {
	spool
	allowed []string          // names of the fields that are no files
	fields  map[string]string // their values
	paths   []string
}

// receive reads a multipart form: "file" (many), "path" (none, or one a file, in
// the same order) and the named fields, in any order. Each read may take
// ReadStall, the whole as long as it needs. The form must be closed also after
// an error.
func (a *API) receive(c *gin.Context, fields ...string) (*form, error) {
	f := &form{spool: spool{memory: spoolMemory}, allowed: fields, fields: map[string]string{}}
	l := a.Limits
	rc := http.NewResponseController(c.Writer)
	body := stallReader{c.Request.Body, func() { _ = rc.SetReadDeadline(time.Now().Add(l.ReadStall)) }}
	allowSlowWrite(c, l.Write) // the server's time-out began with the request
	c.Request.Body = http.MaxBytesReader(c.Writer, body, l.UploadTotal)
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return f, badRequest("Filerne skal sendes som multipart/form-data.")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, interrupted(err)
		}
		if err := f.read(part, l); err != nil {
			return f, interrupted(err)
		}
	}
	_, _ = io.Copy(io.Discard, c.Request.Body) // to its end: only then is a client that leaves noticed
	return f, f.pair()
}

// read takes in one field.
func (f *form) read(part *multipart.Part, l Limits) (err error) {
	switch name := part.FormName(); {
	case name == "file":
		if len(f.files) == l.UploadFiles {
			return &Error{Status: http.StatusRequestEntityTooLarge, Detail: "Der er for mange filer på én gang. Send dem i mindre portioner."}
		}
		err = f.add(part.FileName(), part, l.Upload)
		if errors.Is(err, errFileTooLarge) {
			return tooLarge(part.FileName(), l.Upload)
		}
	case slices.Contains(f.allowed, name):
		f.fields[name], err = readField(part, maxField)
	case name == "path":
		if len(f.paths) == l.UploadFiles {
			return &Error{Status: http.StatusRequestEntityTooLarge, Detail: "Der er for mange stier på én gang. Send filerne i mindre portioner."}
		}
		var value string
		value, err = readField(part, maxPath)
		f.paths = append(f.paths, value)
	default:
		return badRequest("Formularen har et ukendt felt: brug %s.", strings.Join(append([]string{"file", "path"}, f.allowed...), ", "))
	}
	return err
}

func readField(r io.Reader, limit int64) (string, error) {
	value, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return "", err
	case int64(len(value)) > limit:
		return "", badRequest("Et felt i formularen er for langt: højst %d tegn.", limit)
	case !utf8.Valid(value):
		return "", badRequest("Et felt i formularen er ikke gyldig UTF-8.")
	}
	return string(value), nil
}

// pair gives each file the path that was sent for it.
func (f *form) pair() error {
	if len(f.files) == 0 {
		return badRequest("Der er ingen filer i forespørgslen.")
	}
	if len(f.paths) == 0 {
		return nil
	}
	if len(f.paths) != len(f.files) {
		return badRequest("Der skal være én sti til hver fil, eller slet ingen.")
	}
	for i := range f.files {
		f.files[i].name = f.paths[i]
	}
	return nil
}

// stallReader gives each read of a body a time-out of its own.
type stallReader struct {
	io.ReadCloser
	extend func()
}

func (r stallReader) Read(p []byte) (int, error) {
	r.extend()
	return r.ReadCloser.Read(p)
}
