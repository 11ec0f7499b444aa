package parse

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

const mediaEPUB = "application/epub+zip"

// EPUB reads electronic books: their chapters, which are web pages, in the order
// in which they are read. Books under copy protection are named.
func EPUB(ctx context.Context, data []byte) (*Document, error) {
	p, err := openPackage("epub", data)
	if err != nil {
		return nil, err
	}
	book, dir, err := p.epubBook()
	if err != nil {
		return nil, err
	}
	protected, err := p.epubProtected()
	if err != nil {
		return nil, err
	}
	doc := &Document{MediaType: mediaEPUB, Reader: "epub", Title: fold(book.Title), Meta: map[string]string{}}
	for _, href := range book.chapters() {
		name := path.Clean(path.Join(dir, href))
		if protected[name] {
			return nil, fmt.Errorf("epub: %s: %w", name, ErrEncrypted)
		}
		text, err := p.part(name, maxTextFile)
		if errors.Is(err, errNoPart) {
			continue // the list names more than the book holds
		}
		if err != nil {
			return nil, err
		}
		chapter, err := HTML(ctx, text)
		if errors.Is(err, ErrNoText) {
			continue // a cover
		}
		if err != nil {
			return nil, fmt.Errorf("epub: %s: %w", name, err)
		}
		doc.Blocks = append(doc.Blocks, chapter.Blocks...)
	}
	if !hasText(doc.Blocks) {
		return nil, fmt.Errorf("epub: %w", ErrNoText)
	}
	doc.describe("", book.Language)
	return doc, nil
}

// epubBook is the part that lists a book's files and their order.
type epubBook struct {
	Title    string `xml:"metadata>title"`
	Language string `xml:"metadata>language"`
	Items    []struct {
		ID   string `xml:"id,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"media-type,attr"`
	} `xml:"manifest>item"`
	Order []struct {
		ID string `xml:"idref,attr"`
	} `xml:"spine>itemref"`
}

// epubBook finds and reads the list; dir is the folder that its names are below.
func (p *officePackage) epubBook() (book epubBook, dir string, err error) {
	var container struct {
		Roots []struct {
			Path string `xml:"full-path,attr"`
		} `xml:"rootfiles>rootfile"`
	}
	if err := p.decode("META-INF/container.xml", &container); err != nil {
		return book, "", err
	}
	if len(container.Roots) == 0 || p.files[container.Roots[0].Path] == nil {
		return book, "", fmt.Errorf("epub: the list of chapters is missing: %w", ErrDamaged)
	}
	root := container.Roots[0].Path
	return book, path.Dir(root), p.decode(root, &book)
}

// chapters lists the names of the pages in reading order.
func (b *epubBook) chapters() []string {
	pages := map[string]string{}
	for _, item := range b.Items {
		if strings.Contains(item.Type, "html") {
			href, _, _ := strings.Cut(item.Href, "#")
			if plain, err := url.PathUnescape(href); err == nil {
				href = plain
			}
			pages[item.ID] = href
		}
	}
	var out []string
	for _, ref := range b.Order {
		if href := pages[ref.ID]; href != "" {
			out = append(out, href)
			delete(pages, ref.ID) // each once
		}
	}
	return out
}

// epubProtected lists the encrypted files. Most books encrypt only their fonts.
func (p *officePackage) epubProtected() (map[string]bool, error) {
	var list struct {
		Data []struct {
			Of struct {
				URI string `xml:"URI,attr"`
			} `xml:"CipherData>CipherReference"`
		} `xml:"EncryptedData"`
	}
	if err := p.decode("META-INF/encryption.xml", &list); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, d := range list.Data {
		out[d.Of.URI] = true
	}
	return out, nil
}
