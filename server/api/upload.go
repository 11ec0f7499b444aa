package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// uploadProgress is an event of an upload's stream.
type uploadProgress struct {
	Done  int    `json:"done"`
	Total int    `json:"total"` // 0 where the client did not say
	Name  string `json:"name"`
}

// upload reads files one by one out of a multipart body and ingests each. The
// fields "collection", "total" and "path" must come before the file that they
// are about. The results come as JSON, or as events while it goes on.
func (a *API) upload(c *gin.Context) {
	body, err := c.Request.MultipartReader()
	if err != nil {
		Fail(c, problem(http.StatusBadRequest, "Send filerne som multipart/form-data i feltet file."))
		return
	}
	u := &uploading{API: a, c: c, results: []UploadResult{}}
	if acceptsEvents(c) {
		u.stream = startStream(c)
		defer u.stream.close()
	}
	if err := u.readAll(body); err != nil {
		if u.stream != nil && u.stream.began() {
			_ = u.stream.send("error", gin.H{"error": asProblem(err).Detail})
			return
		}
		Fail(c, err)
		return
	}
	if u.stream == nil {
		c.JSON(http.StatusOK, gin.H{"files": u.results})
		return
	}
	_ = u.stream.send("done", gin.H{"files": u.results}) // a client that left knows nothing anyway
}

// uploading is the state of one upload request.
type uploading struct {
	*API
	c          *gin.Context
	stream     *stream // nil for JSON
	collection string
	total      int
	paths      []string
	results    []UploadResult
}

func (u *uploading) readAll(body *multipart.Reader) error {
	for {
		// The server's read time-out is for small requests; files may take longer.
		_ = http.NewResponseController(u.c.Writer).SetReadDeadline(time.Now().Add(uploadWait))
		part, err := body.NextPart()
		if err == io.EOF {
			if len(u.results) == 0 {
				return problem(http.StatusBadRequest, "Der var ingen filer i det sendte: vælg mindst én fil.")
			}
			return nil
		}
		if err != nil {
			return problem(http.StatusBadRequest, "Overførslen blev afbrudt. De filer, der nåede frem, er gemt; send resten igen.")
		}
		if err := u.part(part); err != nil {
			return err
		}
	}
}

// uploadWait is how long one file may take to arrive.
const uploadWait = 10 * time.Minute

func (u *uploading) part(part *multipart.Part) error {
	defer part.Close()
	switch part.FormName() {
	case "collection":
		text, err := field(part)
		u.collection = cleanCollection(text)
		if verdict := u.Check(u.collection); !verdict.Allowed {
			return &Problem{Status: http.StatusUnprocessableEntity, Detail: verdict.Reason + " " + verdict.Instead, Verdict: &verdict}
		}
		return err
	case "total":
		text, err := field(part)
		_, _ = fmt.Sscan(text, &u.total)
		return err
	case "path":
		text, err := field(part)
		u.paths = append(u.paths, text)
		return err
	case "file":
		return u.file(part)
	}
	return nil
}

// field reads a short text field.
func field(part *multipart.Part) (string, error) {
	const longest = 4 << 10
	data, err := io.ReadAll(io.LimitReader(part, longest))
	return strings.TrimSpace(string(data)), err
}

func (u *uploading) file(part *multipart.Part) error {
	if len(u.results) == maxUploads {
		return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("Send højst %d filer ad gangen.", maxUploads))
	}
	name := part.FileName()
	if n := len(u.results); n < len(u.paths) && u.paths[n] != "" {
		name = u.paths[n]
	}
	name = CleanPath(name)
	if err := u.progress(name); err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(part, u.MaxUpload+1))
	if err != nil {
		return problem(http.StatusBadRequest, "Overførslen blev afbrudt. De filer, der nåede frem, er gemt; send resten igen.")
	}
	result := UploadResult{Name: name, Status: "failed", Reason: fmt.Sprintf("Filen er større end %d MB: del den op.", u.MaxUpload>>20)}
	if int64(len(data)) <= u.MaxUpload {
		// What has arrived is ingested also when the client leaves now.
		ctx := context.WithoutCancel(u.c.Request.Context())
		if result, err = u.Library.Upload(ctx, name, data, u.collection); err != nil {
			return err
		}
	}
	u.results = append(u.results, result)
	u.Observer.Ingested(result.Status)
	if u.stream == nil {
		return nil
	}
	return u.left(u.stream.send("file", result))
}

func (u *uploading) progress(name string) error {
	if u.stream == nil {
		return nil
	}
	return u.left(u.stream.send("progress", uploadProgress{Done: len(u.results), Total: u.total, Name: name}))
}

// left turns a failed write into the end of the request.
func (u *uploading) left(err error) error {
	if err != nil {
		return errors.Join(context.Canceled, err)
	}
	return nil
}

// CleanPath makes a harmless relative path of what a client sends as one: no
// drive, no "..", no control characters, at most 300 bytes. It is a name in the
// collection and never opened.
func CleanPath(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '\\' {
			return '/'
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if len(name) > 1 && name[1] == ':' {
		name = name[2:]
	}
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	for len(name) > 300 {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	if name = strings.Trim(name, "/ "); name == "" || name == "." {
		return "fil"
	}
	return name
}

// cleanCollection makes a short name of what the user typed.
func cleanCollection(name string) string {
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '/' {
			return ' '
		}
		return r
	}, name)), " ")
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	return name
}
