package source

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

// marks is the folder that keeps, an address a file, the marks by which servers
// tell whether a document has changed. The documents themselves are not kept
// here, for the policy has not seen them yet. It may be deleted any time.
type marks string

// mark is what a server said of a document when it sent it.
type mark struct {
	Address      string `json:"address"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Digest       string `json:"sha256"` // of the bytes that Item.Read returned
}

// condition asks for the document only if it is another than this.
func (m mark) condition(h http.Header) {
	if m.ETag != "" {
		h.Set("If-None-Match", m.ETag)
	}
	if m.LastModified != "" {
		h.Set("If-Modified-Since", m.LastModified)
	}
}

func (m marks) file(address string) string {
	return filepath.Join(string(m), digest([]byte(address))+".json")
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// get returns the mark of an address; one cut short by a kill is none.
func (m marks) get(address string) (mark, bool) {
	if m == "" {
		return mark{}, false
	}
	data, err := os.ReadFile(m.file(address))
	if err != nil {
		return mark{}, false
	}
	var out mark
	err = json.Unmarshal(data, &out)
	return out, err == nil && out.Address == address
}

// put keeps the marks that the server gave, if it gave any.
func (m marks) put(address string, h http.Header, sum string) error {
	out := mark{Address: address, ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), Digest: sum}
	if m == "" || out.ETag == "" && out.LastModified == "" {
		return nil
	}
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(m), 0o700); err != nil {
		return fmt.Errorf("keeping the mark of %s: %w", address, err)
	}
	temporary := m.file(address) + ".new"
	return errors.Join(os.WriteFile(temporary, data, 0o600), os.Rename(temporary, m.file(address)))
}
