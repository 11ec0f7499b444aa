package exact

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"unsafe"
)

// The file, little endian. Its header:
//
//	"HJEMVEC1"; u32 length of the model's name, u32 components, u32 vectors
//	behind the frame, f32 factor, the name, f32 mean × components;
//	u32 CRC-32C of all that.
//
// Then records, each written at once and never changed; a later record of a
// document replaces an earlier one:
//
//	u32 "RCRD", u32 kind (1 a document's vectors, 2 a document is gone),
//	u32 length of the description, u32 length of the ids, u32 vectors n,
//	u32 CRC-32C of the payload, u32 CRC-32C of the six numbers before, u32 zero;
//	payload: description (JSON), u32 end of each id × n, ids, zeros to a multiple
//	of 8, u64 sign code × n × words, f32 part along the mean × n,
//	f32 scale × n, i8 vector × n × components, zeros to a multiple of 8.
//
// What follows the last whole record was being written when its process ended,
// or was damaged: it is not there.
const (
	fileMagic   = "HJEMVEC1"
	recordMagic = 0x44524352
	headSize    = 32
	kindPut     = 1
	kindDelete  = 2
	maxPart     = 1 << 30 // bytes; a length beyond it is damage
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errRecord = errors.New("damaged record")

// head is a record's fixed part.
type head struct {
	kind, description, ids, n uint32
	crc                       uint32
}

func padding(n int64) int64 { return (8 - n%8) % 8 }

// front is the length of the payload before the vectors; whole is all of it.
func (h *head) front(dim int) int64 {
	n := int64(h.n)
	before := int64(h.description) + 4*n + int64(h.ids)
	return before + padding(before) + n*int64(words(dim))*8 + n*8
}

func (h *head) whole(dim int) int64 {
	n := h.front(dim) + int64(h.n)*int64(dim)
	return n + padding(n)
}

func (h *head) bytes() []byte {
	b := make([]byte, 0, headSize)
	for _, x := range []uint32{recordMagic, h.kind, h.description, h.ids, h.n, h.crc} {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return binary.LittleEndian.AppendUint32(b, 0)
}

func parseHead(b []byte) (head, error) {
	u := func(i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }
	h := head{kind: u(1), description: u(2), ids: u(3), n: u(4), crc: u(5)}
	if u(0) != recordMagic || u(6) != crc32.Checksum(b[:24], castagnoli) || h.description > maxPart || h.ids > maxPart || h.n > maxPart/4 {
		return head{}, errRecord
	}
	return h, nil
}

// marshal writes a document's record.
func (d *document) marshal(kind uint32, dim int) ([]byte, error) {
	description, err := json.Marshal(d.Document)
	if err != nil {
		return nil, err
	}
	h := head{kind: kind, description: uint32(len(description)), ids: uint32(len(d.ids.text)), n: uint32(d.len())}
	b := make([]byte, headSize, headSize+h.whole(dim))
	b = append(b, description...)
	for _, end := range d.ids.ends {
		b = binary.LittleEndian.AppendUint32(b, end)
	}
	b = append(b, d.ids.text...)
	b = append(b, make([]byte, padding(int64(len(b))))...)
	for _, word := range d.signs {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	for _, list := range [][]float32{d.along, d.scale} {
		for _, x := range list {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	b = append(b, asBytes(d.codes)...)
	b = append(b, make([]byte, padding(int64(len(b))))...)
	h.crc = crc32.Checksum(b[headSize:], castagnoli)
	copy(b, h.bytes())
	return b, nil
}

// readRecord reads the record that begins at offset, but not its vectors, which
// are only checked. It fails with errRecord or io.ErrUnexpectedEOF where no
// whole record stands.
func readRecord(r *bufio.Reader, offset int64, dim int, left int64) (*document, uint32, error) {
	var fixed [headSize]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return nil, 0, err
	}
	h, err := parseHead(fixed[:])
	if err != nil {
		return nil, 0, err
	}
	if h.whole(dim) > left-headSize {
		return nil, 0, io.ErrUnexpectedEOF
	}
	front := make([]byte, h.front(dim))
	if _, err := io.ReadFull(r, front); err != nil {
		return nil, 0, err
	}
	sum := crc32.New(castagnoli)
	sum.Write(front)
	if _, err := io.CopyN(sum, r, h.whole(dim)-h.front(dim)); err != nil {
		return nil, 0, err
	}
	if sum.Sum32() != h.crc {
		return nil, 0, errRecord
	}
	d, err := h.parse(front, dim)
	if err != nil {
		return nil, 0, err
	}
	d.body, d.size = offset+headSize+h.front(dim), headSize+h.whole(dim)
	return d, h.kind, nil
}

// parse takes the payload before the vectors apart.
func (h *head) parse(b []byte, dim int) (*document, error) {
	d := &document{}
	if err := json.Unmarshal(b[:h.description], &d.Document); err != nil {
		return nil, fmt.Errorf("%w: %w", errRecord, err)
	}
	n, at := int(h.n), int(h.description)
	d.ids.ends = make([]uint32, n)
	last := uint32(0)
	for i := range d.ids.ends {
		d.ids.ends[i] = binary.LittleEndian.Uint32(b[at+4*i:])
		if d.ids.ends[i] < last || d.ids.ends[i] > h.ids {
			return nil, errRecord
		}
		last = d.ids.ends[i]
	}
	at += 4 * n
	d.ids.text = append([]byte{}, b[at:at+int(h.ids)]...)
	at += int(h.ids)
	at += int(padding(int64(at)))
	d.signs = make([]uint64, n*words(dim))
	for i := range d.signs {
		d.signs[i] = binary.LittleEndian.Uint64(b[at+8*i:])
	}
	at += 8 * len(d.signs)
	d.along, d.scale = make([]float32, n), make([]float32, n)
	for i := range n {
		d.along[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[at+4*i:]))
		d.scale[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[at+4*(n+i):]))
	}
	return d, nil
}

// header writes the file's header.
func (f *frame) header(model string, dim int) []byte {
	b := []byte(fileMagic)
	for _, x := range []uint32{uint32(len(model)), uint32(dim), uint32(f.count), math.Float32bits(float32(f.factor))} {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	b = append(b, model...)
	for _, x := range f.mean {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// readHeader reads what header wrote and returns its length. It fails with
// ErrOther where the file is of another model.
func readHeader(r io.Reader, model string, dim int) (frame, int64, error) {
	fixed := make([]byte, len(fileMagic)+16)
	if _, err := io.ReadFull(r, fixed); err != nil {
		return frame{}, 0, fmt.Errorf("%w: %w", errRecord, err)
	}
	u := func(i int) uint32 { return binary.LittleEndian.Uint32(fixed[len(fileMagic)+4*i:]) }
	if string(fixed[:len(fileMagic)]) != fileMagic || u(0) > 1<<16 || u(1) > 1<<16 {
		return frame{}, 0, errRecord
	}
	rest := make([]byte, int(u(0))+4*int(u(1))+4)
	if _, err := io.ReadFull(r, rest); err != nil {
		return frame{}, 0, fmt.Errorf("%w: %w", errRecord, err)
	}
	body := rest[:len(rest)-4]
	if crc32.Update(crc32.Checksum(fixed, castagnoli), castagnoli, body) != binary.LittleEndian.Uint32(rest[len(body):]) {
		return frame{}, 0, errRecord
	}
	if string(body[:u(0)]) != model || int(u(1)) != dim {
		return frame{}, 0, errOther
	}
	f := frame{mean: make([]float32, dim), count: int(u(2)), factor: float64(math.Float32frombits(u(3)))}
	for i := range f.mean {
		f.mean[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[int(u(0))+4*i:]))
	}
	f.square = squareOf(f.mean)
	return f, int64(len(fixed) + len(rest)), nil
}

var errOther = errors.New("the file holds vectors of another model")

func asBytes(v []int8) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v))
}

func asCodes(b []byte) []int8 {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*int8)(unsafe.Pointer(&b[0])), len(b))
}
