package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/activity"
)

// uploaded is the reply to an upload, and the last event of its stream.
type uploaded struct {
	Files []UploadResult `json:"files"`
}

// progress is the event sent before each file is read.
type progress struct {
	Done  int    `json:"done"` // files read so far
	Total int    `json:"total"`
	Name  string `json:"name"` // of the file that is being read
}

// upload receives all files of a request, then hands them to the library one by
// one, telling of each as it goes.
func (a *API) upload(c *gin.Context) error {
	leave, err := a.uploads.enter(c.Request.Context())
	if err != nil {
		return err
	}
	defer leave()
	form, err := a.receive(c, "collection", "groups")
	defer form.close()
	if err != nil {
		return err
	}
	if v := a.CheckName(form.fields["collection"]); !v.Allowed {
		return Refusal(v)
	}
	if wantsEvents(c.Request) {
		return a.streamUpload(c, form)
	}
	allowSlowWrite(c, a.Limits.Write)
	out, err := a.store(c.Request.Context(), form, func(string, any) error { return nil })
	if err != nil {
		return err
	}
	return reply(c, out)
}

func (a *API) streamUpload(c *gin.Context, form *form) error {
	s, ctx, done := openStream(c.Request.Context(), c, a.Limits)
	defer done()
	out, err := a.store(ctx, form, s.send)
	if err == nil {
		return s.send("done", out)
	}
	err = s.cause(err)
	if s.begun() {
		_ = s.send("error", asError(c.Request.Context(), err).problem(c.Writer.Header().Get(RequestIDHeader)))
	}
	return err
}

// store hands the files to the library in their order.
func (a *API) store(ctx context.Context, form *form, tell func(event string, value any) error) (uploaded, error) {
	out := uploaded{Files: []UploadResult{}}
	for i, file := range form.files {
		name, refused := a.nameOf(file)
		if err := tell("progress", progress{Done: i, Total: len(form.files), Name: name}); err != nil {
			return out, err
		}
		results, err := []UploadResult{}, ctx.Err()
		switch {
		case err != nil:
		case refused != nil:
			results = append(results, *refused)
		default:
			results, err = a.storeOne(ctx, name, file, form.target())
		}
		if err != nil {
			return out, fmt.Errorf("uploaded file %d of %d: %w", i+1, len(form.files), err)
		}
		for _, result := range results {
			a.Observer.Uploaded(result.Status)
			a.auditUpload(ctx, &result)
			out.Files = append(out.Files, result)
			if err := tell("file", result); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// auditUpload audits a file that changed the collection or was refused.
func (a *API) auditUpload(ctx context.Context, result *UploadResult) {
	switch {
	case a.Recorder == nil:
	case result.Verdict != nil:
		a.Recorder.Refused(ctx, activity.TaskUpload, *result.Verdict)
	case result.Status == StatusRead, result.Status == StatusReplaced:
		a.Recorder.Did(ctx, activity.TaskUpload, result.Document)
	}
}

// target reads where the files go from the other fields of the form. The groups
// are separated by commas; the field without any opens the files to everyone.
func (f *form) target() Target {
	to := Target{Collection: f.fields["collection"]}
	if groups, given := f.fields["groups"]; given {
		to.Groups = []string{}
		for group := range strings.SplitSeq(groups, ",") {
			if group = strings.TrimSpace(group); group != "" {
				to.Groups = append(to.Groups, group)
			}
		}
	}
	return to
}

func (a *API) storeOne(ctx context.Context, name string, file spooled, to Target) ([]UploadResult, error) {
	data, err := file.bytes()
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return []UploadResult{{Name: name, Status: StatusFailed, Reason: "Filen er tom."}}, nil
	}
	return a.Library.Upload(ctx, name, data, to)
}

// nameOf returns the name under which a file is kept and shown, or the result
// that refuses it for its name alone: names are stored too, so policy holds for
// them as for texts.
func (a *API) nameOf(file spooled) (name string, refused *UploadResult) {
	name, ok := cleanPath(file.name)
	if !ok {
		return "", &UploadResult{Status: StatusFailed, Reason: "Filens navn kan ikke bruges: det er tomt, for langt eller ulæseligt."}
	}
	v := a.CheckName(name)
	if v.Allowed {
		return name, nil
	}
	masked := v.Mask(name)
	return masked, &UploadResult{Name: masked, Status: StatusRefused, Reason: v.Reason, Verdict: &v}
}

// tooLarge is the fault of a file over the limit, with what to do about it.
func tooLarge(file string, limit int64) *Error {
	name, ok := cleanPath(file)
	if !ok {
		name = "uden navn"
	}
	return &Error{Status: http.StatusRequestEntityTooLarge, Err: errFileTooLarge,
		Detail: fmt.Sprintf("Filen »%s« er større end %s. Del den op, og send den igen. Ingen af filerne er lagt ind.", name, size(limit))}
}

// interrupted words an upload that could not be read to its end.
func interrupted(err error) error {
	var known *Error
	if errors.As(err, &known) || errors.As(err, new(*http.MaxBytesError)) {
		return err
	}
	return &Error{Status: http.StatusBadRequest, Detail: "Filerne nåede ikke frem. Ingen af dem er lagt ind: prøv igen.", Err: err}
}
