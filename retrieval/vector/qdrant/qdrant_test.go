package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant/qdranttest"
	"github.com/hjemmel/hjemmel/retrieval/vector/vectortest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// options are those of a small index on a server.
func options(s *qdranttest.Server) Options {
	return Options{Addr: s.Addr, Model: "prøve-1", Dim: vectortest.Dim}
}

func open(t *testing.T, o Options) *Index {
	t.Helper()
	x, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil && !strings.Contains(err.Error(), "closing") {
			t.Error(err)
		}
	})
	return x
}

func TestContract(t *testing.T) {
	for _, q := range []Quantization{Scalar, Binary} {
		t.Run(string(q), func(t *testing.T) {
			server := qdranttest.Start(t)
			n := 0
			vectortest.Run(t, func(t *testing.T) vector.Index {
				n++
				o := options(server)
				o.Collection, o.Quantization = fmt.Sprintf("prøve-%d", n), q
				x, err := Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				return x
			})
		})
	}
}

// realServer names a new collection on the server of HJEMMEL_QDRANT_ADDR.
func realServer(t *testing.T) Options {
	t.Helper()
	addr := os.Getenv("HJEMMEL_QDRANT_ADDR")
	if addr == "" {
		t.Skip("HJEMMEL_QDRANT_ADDR names no Qdrant server")
	}
	return Options{
		Addr: addr, APIKey: os.Getenv("HJEMMEL_QDRANT_API_KEY"), Model: "prøve-1", Dim: vectortest.Dim,
		Collection: fmt.Sprintf("hjemmel-test-%d", time.Now().UnixNano()), Timeout: time.Minute,
	}
}

// TestContractOnRealServer runs against the Qdrant named by HJEMMEL_QDRANT_ADDR,
// in collections of its own, which it deletes.
func TestContractOnRealServer(t *testing.T) {
	vectortest.Run(t, func(t *testing.T) vector.Index {
		x, err := Open(t.Context(), realServer(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = x.client.Close() })
		return dropping{x, t}
	})
}

// dropping deletes its collection at the end.
type dropping struct {
	*Index
	t *testing.T
}

func (d dropping) Close() error {
	ctx := context.WithoutCancel(d.t.Context())
	return cmp.Or(d.client.DeleteCollection(ctx, d.collection), d.Index.Close())
}
