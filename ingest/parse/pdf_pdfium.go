package parse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const readerPdfium = "pdfium"

const (
	pdfiumInstances = 2       // at once; each holds the file and its own memory
	pdfiumMemory    = 1 << 14 // pages of 64 KiB: 1 GiB for each instance
	pdfiumCacheName = "hjemmel-pdfium"
)

// pdfiumPool is started at the first file that needs it: compiling the module
// takes seconds, or a tenth of one from the cache. It lives as long as the
// program, like the module's code.
var pdfiumPool = sync.OnceValues(func() (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCloseOnContextDone(true). // so that Kill stops a running call
		WithMemoryLimitPages(pdfiumMemory)
	if dir, err := os.UserCacheDir(); err == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, pdfiumCacheName)); err == nil {
			config = config.WithCompilationCache(cache)
		}
	}
	return webassembly.Init(webassembly.Config{
		MaxTotal: pdfiumInstances, MaxIdle: 1, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig(), // no files of this machine
		Stdout:   io.Discard, Stderr: io.Discard,
	})
})

// withPdfium opens data in an instance of its own and calls f. When ctx ends,
// the instance is killed, which makes f's calls fail; withPdfium always waits
// for f to return.
func withPdfium(ctx context.Context, data []byte, f func(pdfium.Pdfium, references.FPDF_DOCUMENT) error) (err error) {
	pool, err := pdfiumPool()
	if err != nil {
		return fmt.Errorf("starting pdfium: %w", err)
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return errors.Join(ctx.Err(), fmt.Errorf("waiting for pdfium: %w", err))
	}
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		select {
		case <-ctx.Done():
			_ = instance.Kill() // the only error is that it is closed already
		case <-done:
		}
	})
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("pdfium: %w: %v", ErrDamaged, p)
		}
		close(done)
		watcher.Wait()
		if ctx.Err() != nil {
			err = ctx.Err()
			return
		}
		_ = instance.Close() // frees the module's memory; nothing is left to report
	}()
	opened, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return pdfiumError(err)
	}
	return f(instance, opened.Document)
}

func pdfiumError(err error) error {
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return fmt.Errorf("pdfium: %w: %w", ErrEncrypted, err)
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return fmt.Errorf("pdfium: %w: %w", ErrEncrypted, err)
	}
	return fmt.Errorf("pdfium: %w: %w", ErrDamaged, err)
}

// readPdfium reads the glyphs of all pages with pdfium.
func readPdfium(ctx context.Context, data []byte) (*pdfPages, error) {
	out := &pdfPages{reader: readerPdfium}
	err := withPdfium(ctx, data, func(instance pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		n, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return pdfiumError(err)
		}
		if n.PageCount > maxPages {
			return fmt.Errorf("%d pages: %w", n.PageCount, ErrTooLarge)
		}
		if meta, err := instance.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: "Title"}); err == nil {
			out.title = meta.Value
		}
		for i := range n.PageCount {
			if err := ctx.Err(); err != nil {
				return err
			}
			page, err := pdfiumPage(instance, doc, i)
			if err != nil {
				out.failed++
			}
			out.pages = append(out.pages, page)
		}
		return nil
	})
	if err == nil && len(out.pages) > 0 && out.failed == len(out.pages) {
		err = fmt.Errorf("pdfium: no page can be read: %w", ErrDamaged)
	}
	return out, err
}

// pdfiumPage reads one page's glyphs.
func pdfiumPage(instance pdfium.Pdfium, doc references.FPDF_DOCUMENT, number int) (out pageGlyphs, err error) {
	page, err := instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: number})
	if err != nil {
		return out, pdfiumError(err)
	}
	defer func() {
		_, closing := instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
		err = errors.Join(err, closing)
	}()
	base, err := pdfiumMatrix(instance, page.Page, &out)
	if err != nil {
		return out, err
	}
	text, err := instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByReference: &page.Page}})
	if err != nil {
		return out, pdfiumError(err)
	}
	defer func() {
		_, closing := instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
		err = errors.Join(err, closing)
	}()
	n, err := instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return out, pdfiumError(err)
	}
	r := pdfiumGlyphs{instance: instance, text: text.TextPage, base: base, page: &out}
	for i := range min(n.Count, maxGlyphs) {
		if err := r.add(i); err != nil {
			return out, pdfiumError(err)
		}
	}
	return out, nil
}
