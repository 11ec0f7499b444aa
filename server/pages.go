package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
)

const assetPrefix = "/assets/"

// mediaTypes are those of the files that a frontend is made of. The operating
// system's table is not asked: on some machines it calls JavaScript plain text,
// which browsers then refuse to run.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".ico": "image/x-icon",
}

// pages are the frontend's files, in memory.
type pages struct {
	page  file
	files map[string]file // by address
}

type file struct {
	data      []byte
	mediaType string
	tag       string // by content: a new version of the program is noticed, an old file is not sent again
}

func loadPages(fsys fs.FS) (*pages, error) {
	p := &pages{files: map[string]file{}}
	var err error
	if p.page, err = loadFile(fsys, "index.html"); err != nil {
		return nil, err
	}
	root := strings.Trim(assetPrefix, "/")
	err = fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		p.files["/"+name], err = loadFile(fsys, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the frontend: %w", err)
	}
	return p, nil
}

func loadFile(fsys fs.FS, name string) (file, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, fmt.Errorf("reading the frontend: %w", err)
	}
	sum := sha256.Sum256(data)
	mediaType, known := mediaTypes[path.Ext(name)]
	if !known {
		mediaType = "application/octet-stream"
	}
	return file{data: data, mediaType: mediaType, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}, nil
}

// send answers with a file, or with 304 where the client has it. The addresses
// stay the same from version to version, so a copy must be asked for again.
func (f file) send(c *gin.Context) {
	c.Header("Content-Type", f.mediaType)
	c.Header("Cache-Control", "no-cache")
	c.Header("Etag", f.tag)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(f.data))
}

func (p *pages) index(c *gin.Context) { p.page.send(c) }

func (p *pages) asset(c *gin.Context) {
	f, ok := p.files[c.Request.URL.Path]
	if !ok {
		problem(c, &api.Error{Status: http.StatusNotFound, Detail: "Filen findes ikke."})
		return
	}
	f.send(c)
}

// notFound sends the page with status 404: its script says what is missing.
func (p *pages) notFound(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusNotFound, p.page.mediaType, p.page.data)
}
