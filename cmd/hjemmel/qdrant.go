package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
)

// qdrantSettings say where the vectors are: in the data folder, or in a Qdrant
// that several servers share.
type qdrantSettings struct {
	Index        string
	Addr         string
	APIKey       string
	TLS          bool
	CA           string
	Collection   string
	Quantization string
	Timeout      time.Duration
}

// qdrantFlags are the settings of Qdrant, in the order of the README.
var qdrantFlags = []string{"vector-index", "qdrant-addr", "qdrant-api-key", "qdrant-tls", "qdrant-ca", "qdrant-collection",
	"qdrant-quantization", "qdrant-timeout"}

const (
	indexExact  = "exact"
	indexQdrant = "qdrant"
)

func (q *qdrantSettings) addFlags(f *pflag.FlagSet) {
	f.StringVar(&q.Index, "vector-index", indexExact, "`index` of vectors: exact (in the data folder), or qdrant, which several servers share")
	f.StringVar(&q.Addr, "qdrant-addr", "127.0.0.1:6334", "`address` of Qdrant's gRPC")
	f.StringVar(&q.APIKey, "qdrant-api-key", "", "`key` that Qdrant asks for; better kept out of files, in HJEMMEL_QDRANT_API_KEY")
	f.BoolVar(&q.TLS, "qdrant-tls", false, "reach Qdrant by TLS")
	f.StringVar(&q.CA, "qdrant-ca", "", "`file` with certificates (PEM) to trust besides the system's, for qdrant-tls")
	f.StringVar(&q.Collection, "qdrant-collection", qdrant.DefaultCollection, "`name` of the collection in Qdrant; one for each data folder")
	f.StringVar(&q.Quantization, "qdrant-quantization", string(qdrant.Scalar), "how a new collection's vectors are shortened in memory: scalar (8 `bits`), binary (1)")
	f.DurationVar(&q.Timeout, "qdrant-timeout", 3*time.Second, "how long one search in Qdrant may take")
}

// option returns what opens the vectors in Qdrant, nil where they are in the
// data folder.
func (q *qdrantSettings) option() (ingest.Option, error) {
	switch q.Index {
	case indexExact:
		return nil, nil
	case indexQdrant:
	default:
		return nil, fmt.Errorf("vector_index %q: use %s or %s", q.Index, indexExact, indexQdrant)
	}
	quantization := qdrant.Quantization(q.Quantization)
	if quantization != qdrant.Scalar && quantization != qdrant.Binary {
		return nil, fmt.Errorf("qdrant_quantization %q: use %s or %s", q.Quantization, qdrant.Scalar, qdrant.Binary)
	}
	if q.CA != "" && !q.TLS {
		return nil, errors.New("qdrant_ca is for TLS: set qdrant_tls too")
	}
	return ingest.WithQdrant(qdrant.Options{
		Addr: q.Addr, APIKey: q.APIKey, TLS: q.TLS, CAFile: q.CA, Collection: q.Collection, Quantization: quantization, Timeout: q.Timeout,
	}), nil
}
