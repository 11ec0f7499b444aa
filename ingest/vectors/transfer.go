package vectors

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// The file that Export writes and Import reads, little endian:
//
//	"HJEMVX01"
//	u32 length of the header; header, a JSON object:
//	    model  the embedder's Model(): vectors of another one are not taken
//	    dim    components of a vector
//	    count  number of vectors
//	    made   when (RFC 3339)
//	count times: 16 bytes, the first of the SHA-256 of the embedded text
//	    (title, at most 160 characters, ". ", passage); f32 scale;
//	    dim signed bytes: component = scale × byte
//	32 bytes: SHA-256 of all that stands before.
const transferMagic = "HJEMVX01"

// Header describes an exported file.
type Header struct {
	Model string    `json:"model"`
	Dim   int       `json:"dim"`
	Count int       `json:"count"`
	Made  time.Time `json:"made"`
}

// maxHeader and maxDim bound what a file can make Import allocate.
const (
	maxHeader = 1 << 16
	maxDim    = 1 << 16
)

// Errors of Import that a user can mend.
var (
	ErrForm  = errors.New("filen er ikke skrevet af »hjemmel vectors export«, eller den er beskadiget: hent den igen")
	ErrModel = errors.New("filen er lavet med en anden model")
)

// Export writes the vectors of a model to w and returns how many there are.
func Export(ctx context.Context, store *corpus.Store, model string, dim int, w io.Writer) (int, error) {
	count, err := store.CountVectors(ctx, model)
	if err != nil {
		return 0, err
	}
	header, err := json.Marshal(Header{Model: model, Dim: dim, Count: count, Made: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return 0, err
	}
	sum := sha256.New()
	out := bufio.NewWriterSize(w, 1<<16)
	both := io.MultiWriter(out, sum)
	lead := binary.LittleEndian.AppendUint32([]byte(transferMagic), uint32(len(header)))
	if _, err := both.Write(append(lead, header...)); err != nil {
		return 0, err
	}
	n := 0
	for v, err := range store.Vectors(ctx, model) {
		if err != nil {
			return n, err
		}
		if len(v.Codes) != dim {
			return n, fmt.Errorf("the store holds a vector of %d components for %s, which has %d", len(v.Codes), model, dim)
		}
		record := binary.LittleEndian.AppendUint32(v.Text[:], math.Float32bits(v.Scale))
		if _, err := both.Write(append(record, v.Codes...)); err != nil {
			return n, err
		}
		n++
	}
	if n != count {
		return n, errors.New("vectors changed while they were exported: try again")
	}
	if _, err := out.Write(sum.Sum(nil)); err != nil {
		return n, err
	}
	return n, out.Flush()
}

// importTexts are stored in one transaction.
const importTexts = 2000

// Import checks the whole file, then stores those of its vectors whose texts
// the collection has. It returns how many it took, and the file's header. It
// fails with ErrForm or ErrModel before anything is stored.
func Import(ctx context.Context, store *corpus.Store, model string, dim int, r io.ReadSeeker) (taken int, h Header, err error) {
	if h, err = verify(r); err != nil {
		return 0, h, err
	}
	if h.Model != model || h.Dim != dim {
		return 0, h, fmt.Errorf("%w (%s, her bruges %s)", ErrModel, h.Model, model)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, h, err
	}
	in := bufio.NewReaderSize(r, 1<<16)
	if _, err := readTransferHeader(in); err != nil {
		return 0, h, err
	}
	var batch []corpus.TextVector
	for i := range h.Count {
		record := make([]byte, recordSize(dim))
		if _, err := io.ReadFull(in, record); err != nil {
			return taken, h, err
		}
		v := corpus.TextVector{Scale: math.Float32frombits(binary.LittleEndian.Uint32(record[16:])), Codes: record[20:]}
		copy(v.Text[:], record)
		if batch = append(batch, v); len(batch) < importTexts && i+1 < h.Count {
			continue
		}
		n, err := store.PutVectors(ctx, model, batch)
		taken += n
		if err != nil {
			return taken, h, err
		}
		batch = batch[:0]
	}
	return taken, h, nil
}

func recordSize(dim int) int { return 16 + 4 + dim }

// verify reads the file to its end and compares its length and checksum.
func verify(r io.Reader) (Header, error) {
	sum := sha256.New()
	in := bufio.NewReaderSize(r, 1<<16)
	h, err := readTransferHeader(&hashed{in, sum})
	if err != nil {
		return h, err
	}
	if _, err := io.CopyN(sum, in, int64(h.Count)*int64(recordSize(h.Dim))); err != nil {
		return h, damaged(err)
	}
	end, err := io.ReadAll(io.LimitReader(in, sha256.Size+1))
	if err != nil {
		return h, err
	}
	if !bytes.Equal(end, sum.Sum(nil)) {
		return h, ErrForm
	}
	return h, nil
}

// hashed is a reader whose bytes are summed.
type hashed struct {
	io.Reader
	sum hash.Hash
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.sum.Write(p[:n])
	return n, err
}

func readTransferHeader(r io.Reader) (h Header, err error) {
	lead := make([]byte, len(transferMagic)+4)
	if _, err := io.ReadFull(r, lead); err != nil {
		return h, damaged(err)
	}
	size := binary.LittleEndian.Uint32(lead[len(transferMagic):])
	if string(lead[:len(transferMagic)]) != transferMagic || size > maxHeader {
		return h, ErrForm
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return h, damaged(err)
	}
	if err := json.Unmarshal(data, &h); err != nil || h.Dim <= 0 || h.Dim > maxDim || h.Count < 0 || h.Count > 1<<31 {
		return h, ErrForm
	}
	return h, nil
}

// damaged words the end of a file that came too soon.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrForm
	}
	return err
}
