package remote_test

import (
	"context"
	"os"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/retrieval/embed/remote"
)

// TestServerAgreesWithBuiltin asks a real server that runs the built-in model's
// file; .ci/suite-embedders starts one.
func TestServerAgreesWithBuiltin(t *testing.T) {
	address := os.Getenv("HJEMMEL_EMBED_URL")
	if address == "" {
		t.Skip("HJEMMEL_EMBED_URL names no server: run .ci/suite-embedders")
	}
	far, err := remote.New(remote.Config{URL: address, Model: "e5-passage", QueryModel: "e5-query", Batch: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	near, ctx := e5.New(), context.Background()
	if err := far.Check(ctx); err != nil {
		t.Fatal(err)
	}
	if far.Dim() != near.Dim() {
		t.Errorf("the server's vectors have %d components, ours %d", far.Dim(), near.Dim())
	}
	texts := []string{
		"Hvem betaler for en ledsager til lægebesøg?",
		"bostøtte",
		"§ 41, stk. 2",
		"En klage sendes til kommunen, som vurderer sagen igen.\nFristen er fire uger.",
		"Kommunen kan yde tilskud til handicapbil, når bilen i væsentlig grad letter dagligdagen.",
		"ÆØÅ æøå – »citat« 1.250 kr.",
		"Hunden skal føres i snor.",
	}
	type run = func(embed.Embedder) ([][]float32, error)
	for name, run := range map[string]run{
		"questions": func(e embed.Embedder) ([][]float32, error) { return e.Queries(ctx, texts) },
		"passages":  func(e embed.Embedder) ([][]float32, error) { return e.Passages(ctx, texts) },
	} {
		a, err := run(far)
		if err != nil {
			t.Fatal(err)
		}
		b, err := run(near)
		if err != nil {
			t.Fatal(err)
		}
		least := 1.0
		for i := range texts {
			var cosine float64
			for j := range a[i] {
				cosine += float64(a[i][j]) * float64(b[i][j])
			}
			least = min(least, cosine)
			if cosine < 0.9998 {
				t.Errorf("%s: %q agrees at %.6f only", name, texts[i], cosine)
			}
		}
		t.Logf("%s: %d texts, least cosine %.6f", name, len(texts), least)
	}
}
