package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
)

// retsinformation is the prefix of sources at retsinformation.dk.
const retsinformation = "retsinformation:"

// ActAddress is an act at retsinformation.dk, by its ELI or by its name.
type ActAddress struct {
	Journal string // of the ELI: "lta" for Lovtidende A, …
	Year    int
	No      string // mostly a number
	Kind    string // "LBK", "LOV", "BEK"; "" where the address does not say
	Family  string // set alone: the act's canonical name, of which the newest version known is meant
}

var (
	eliPath  = regexp.MustCompile(`^/eli/([a-z]+)/(\d{4})/(\d+)(?:/.*)?$`)
	actSpec  = regexp.MustCompile(`^(?i)(lbk|lov|bek)/(\d{4})/(\d+)$`)
	eliSpec  = regexp.MustCompile(`^(?i)/?(?:eli/)?(lta|ltb|ltc|mt|retsinfo)/(\d{4})/(\d+)$`)
	errAct   = errors.New("skriv retsinformation:lbk/2025/1129, retsinformation:SEL eller lovens adresse på retsinformation.dk")
	errShell = errors.New("retsinformation.dk svarede uden lovens tekst: hent loven selv som HTML eller PDF, og indlæs filen")
)

// ParseAct reads "retsinformation:lbk/2025/1129", "retsinformation:SEL" or an
// act's ELI address, https://www.retsinformation.dk/eli/lta/2025/1129. It tells
// false for what is no such source at all.
func ParseAct(s string) (ActAddress, bool, error) {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		m := eliPath.FindStringSubmatch(strings.ToLower(u.Path))
		if host := strings.ToLower(u.Hostname()); m == nil || host != "www.retsinformation.dk" && host != "retsinformation.dk" {
			return ActAddress{}, false, nil
		}
		return ActAddress{Journal: m[1], Year: atoi(m[2]), No: m[3]}, true, nil
	}
	rest, ok := cutPrefixFold(s, retsinformation)
	if !ok {
		return ActAddress{}, false, nil
	}
	rest = strings.TrimSpace(rest)
	if m := actSpec.FindStringSubmatch(rest); m != nil {
		return ActAddress{Journal: "lta", Year: atoi(m[2]), No: m[3], Kind: strings.ToUpper(m[1])}, true, nil
	}
	if m := eliSpec.FindStringSubmatch(rest); m != nil {
		return ActAddress{Journal: strings.ToLower(m[1]), Year: atoi(m[2]), No: m[3]}, true, nil
	}
	if n, ok := citation.ParseNumber(rest); ok {
		a, ok := NumberedAct(n)
		if !ok {
			return ActAddress{}, true, fmt.Errorf("%s: %w", s, errAct)
		}
		return a, true, nil
	}
	if act, ok := citation.Act(rest); ok {
		return ActAddress{Family: act.Name}, true, nil
	}
	return ActAddress{}, true, fmt.Errorf("%s: %w", s, errAct)
}

// NumberedAct is the address of an act by its official number. Only what is
// printed in Lovtidende A has an address that follows from its number.
func NumberedAct(n citation.Number) (ActAddress, bool) {
	switch n.Type {
	case "LBK", "LOV", "BEK":
		return ActAddress{Journal: "lta", Year: n.Year, No: strconv.Itoa(n.No), Kind: n.Type}, true
	}
	return ActAddress{}, false
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// eli is the act's path, "/eli/lta/2025/1129".
func (a ActAddress) eli() string {
	return path.Join("/eli", a.Journal, strconv.Itoa(a.Year), a.No)
}

// number is as much of the official number as the address tells.
func (a ActAddress) number() string {
	if a.Kind == "" {
		return ""
	}
	return fmt.Sprintf("%s nr %s af %d", a.Kind, a.No, a.Year)
}

// Act is the item of an act at retsinformation.dk, which must not be named by
// its family alone. The text comes from the address under which the public
// document interface serves it; see act.page.
func (w *Web) Act(a ActAddress) Item {
	address := strings.TrimSuffix(w.options.Base, "/") + "/api/document" + a.eli()
	return w.item("retsinformation.dk"+a.eli(), address, a.page)
}

// actDocument is what is used of retsinformation's JSON. The names are those of
// the fields as published data sets carry them (data/documents/retsinfo-html);
// what is absent is done without.
type actDocument struct {
	DocumentHTML string `json:"documentHtml"`
	Title        string `json:"title"`
	ShortName    string `json:"shortName"` // "LBK nr 595 af 29/04/2020"
	IsHistorical bool   `json:"isHistorical"`
}

// page turns the answer, the act's HTML or JSON around it, into one HTML page
// with the metadata that the text lacks.
func (a ActAddress) page(p page) ([]byte, error) {
	mediaType, _, err := mime.ParseMediaType(p.header.Get("Content-Type"))
	if err != nil {
		mediaType = ""
	}
	d := actDocument{ShortName: a.number()}
	switch trimmed := bytes.TrimSpace(p.body); {
	case mediaType == "application/json" && bytes.HasPrefix(trimmed, []byte("[")):
		list := []actDocument{}
		if err := json.Unmarshal(trimmed, &list); err != nil || len(list) == 0 {
			return nil, errShell
		}
		d.take(list[0])
	case mediaType == "application/json":
		var one actDocument
		if err := json.Unmarshal(trimmed, &one); err != nil {
			return nil, errShell
		}
		d.take(one)
	default:
		d.DocumentHTML = string(p.body)
	}
	if !bytes.Contains([]byte(d.DocumentHTML), []byte("Paragraf")) && !strings.Contains(d.DocumentHTML, "<p") {
		return nil, errShell // the page that a browser fills by script
	}
	var b bytes.Buffer
	meta := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "<meta name=\"hjemmel.%s\" content=\"%s\">\n", name, html.EscapeString(value))
		}
	}
	b.WriteString("<!doctype html>\n<meta charset=\"utf-8\">\n")
	meta("number", d.ShortName)
	meta("title", d.Title)
	if d.IsHistorical {
		meta("historical", "true")
	}
	fmt.Fprintf(&b, "<link rel=\"canonical\" href=\"https://www.retsinformation.dk%s\">\n", a.eli())
	b.WriteString(d.DocumentHTML)
	return b.Bytes(), nil
}

// take fills in what the answer says.
func (d *actDocument) take(from actDocument) {
	if n, ok := citation.ParseNumber(from.ShortName); ok {
		d.ShortName = n.String()
	}
	d.DocumentHTML, d.Title, d.IsHistorical = from.DocumentHTML, strings.TrimSpace(from.Title), from.IsHistorical
}
