package parse

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"golang.org/x/net/html/charset"
)

const (
	// maxMailDepth bounds parts within parts and mails within mails.
	maxMailDepth = 8
	// maxMailParts bounds the parts of one mail, those of attached mails included.
	maxMailParts = 200
)

// EML reads a mail: subject, sender, receivers and date, the text, and the
// attachments, each under a heading and read as a file of its own would be. Of
// text and HTML that say the same, the text is shown; the policy sees both.
func EML(ctx context.Context, data []byte) (*Document, error) {
	r := mailReader{ctx: ctx, left: maxUnpacked}
	return r.message(data, 0)
}

// mailReader keeps the bounds that hold for a mail with all that it carries.
type mailReader struct {
	ctx   context.Context
	parts int
	left  int // bytes that may still be decoded
}

// mailText is what a mail's parts hold.
type mailText struct {
	text, html  []byte
	attachments []mailFile
}

type mailFile struct {
	name string
	data []byte
}

func (r *mailReader) message(data []byte, depth int) (*Document, error) {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("eml: %w: %w", ErrDamaged, err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return nil, fmt.Errorf("eml: %w: %w", ErrDamaged, err)
	}
	doc := &Document{MediaType: "message/rfc822", Reader: "eml", Title: headerText(m.Header.Get("Subject")), Meta: map[string]string{}}
	for _, h := range []struct{ key, label string }{{"From", "Fra"}, {"To", "Til"}, {"Cc", "Kopi"}, {"Date", "Dato"}} {
		if value := headerText(m.Header.Get(h.key)); value != "" {
			doc.Blocks = append(doc.Blocks, Block{Kind: Paragraph, Text: h.label + ": " + value})
		}
	}
	if date, err := m.Header.Date(); err == nil {
		doc.Meta["date"] = date.Format("2006-01-02")
	}
	var t mailText
	if err := r.part(header(m.Header), body, &t, depth); err != nil {
		return nil, err
	}
	if err := r.fill(doc, &t, depth); err != nil {
		return nil, err
	}
	if !hasText(doc.Blocks) {
		return nil, fmt.Errorf("eml: %w", ErrNoText)
	}
	return doc, nil
}

// header looks up a field of a mail or of one of its parts.
type header map[string][]string

func (h header) get(key string) string {
	if v := h[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// part takes one part apart, or keeps it as text or attachment.
func (r *mailReader) part(h header, body []byte, into *mailText, depth int) error {
	if r.parts++; r.parts > maxMailParts || depth > maxMailDepth {
		return fmt.Errorf("eml: %w (mere end %d dele eller %d lag)", ErrTooLarge, maxMailParts, maxMailDepth)
	}
	if r.ctx.Err() != nil {
		return contextError(r.ctx)
	}
	kind, params, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if kind == "multipart/encrypted" || kind == "application/pkcs7-mime" && params["smime-type"] == "enveloped-data" {
		return fmt.Errorf("eml: %w", ErrEncrypted)
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		return r.multipart(body, params["boundary"], into, depth)
	}
	data := decodeTransfer(h.get("Content-Transfer-Encoding"), body)
	if r.left -= len(data); r.left < 0 {
		return fmt.Errorf("eml: %w", ErrTooLarge)
	}
	disposition, dparams, err := mime.ParseMediaType(h.get("Content-Disposition"))
	if err != nil {
		disposition = ""
	}
	name := headerText(dparams["filename"])
	if name == "" {
		name = headerText(params["name"])
	}
	switch {
	case disposition != "attachment" && name == "" && kind == "text/plain":
		into.text = append(append(into.text, toUTF8(data, params["charset"])...), '\n')
	case disposition != "attachment" && name == "" && kind == "text/html":
		into.html = append(append(into.html, toUTF8(data, params["charset"])...), '\n')
	default:
		if name == "" {
			name = nameless(kind)
		}
		into.attachments = append(into.attachments, mailFile{name, data})
	}
	return nil
}

func (r *mailReader) multipart(body []byte, boundary string, into *mailText, depth int) error {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return nil // the end, or a mail cut off: what came before it counts
		}
		data, err := io.ReadAll(p)
		if err != nil && len(data) == 0 {
			return nil
		}
		if err := r.part(header(p.Header), data, into, depth+1); err != nil {
			return err
		}
	}
}

// decodeTransfer undoes base64 and quoted-printable; what is malformed is kept
// as far as it can be read.
func decodeTransfer(encoding string, body []byte) []byte {
	var r io.Reader
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body))
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(body))
	default:
		return body
	}
	data, err := io.ReadAll(r)
	if err != nil && len(data) == 0 {
		return body
	}
	return data
}

// toUTF8 decodes by the part's own word, or else by content.
func toUTF8(data []byte, label string) []byte {
	if enc, name := charset.Lookup(label); enc != nil && name != "utf-8" {
		if out, err := enc.NewDecoder().Bytes(data); err == nil {
			return out
		}
	}
	return []byte(decodeText(data))
}

// headerText decodes a header's words, "=?iso-8859-1?Q?St=F8tte?=".
func headerText(s string) string {
	words := mime.WordDecoder{CharsetReader: charset.NewReaderLabel}
	if out, err := words.DecodeHeader(s); err == nil {
		s = out
	}
	return fold(decodeText([]byte(s)))
}

func nameless(kind string) string {
	switch kind {
	case "message/rfc822":
		return "videresendt mail.eml"
	case "text/html":
		return "uden navn.html"
	}
	return "uden navn"
}
