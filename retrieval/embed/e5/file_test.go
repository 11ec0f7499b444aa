package e5

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

// tiny is a whole model file of one layer, 32 wide, with these pieces after the
// four special ones.
func tiny(pieces ...string) []byte {
	const h = 32
	pieces = append([]string{"<s>", "<pad>", "</s>", "<unk>"}, pieces...)
	var out bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			binary.Write(&out, binary.LittleEndian, v)
		}
	}
	put([]byte(magic), uint32(1), []int32{h, 1, 2, h, int32(len(pieces)), 8, 1}, float32(1e-6), int32(32))
	put([]int32{int32(len(pieces)), 0, 2, 1, 3}, uint64(len(strings.Join(pieces, ""))))
	at := uint32(0)
	for _, p := range append([]string{""}, pieces...) {
		at += uint32(len(p))
		put(at)
	}
	for i := range pieces {
		put(-float32(i))
	}
	put([]byte(strings.Join(pieces, "")))
	put(int32(2), uint32(2*5+3*4), uint32('ﬁ'), uint8(2), uint32('f'), uint32('i'), uint32('\n'), uint8(1), uint32(' '))

	type body struct {
		name   string
		packed bool
		count  int
	}
	bodies := []body{{"emb.word", true, len(pieces) * h}, {"emb.pos", false, 8 * h}, {"emb.type", false, h}, {"emb.ln.w", false, h}, {"emb.ln.b", false, h}}
	for _, m := range []string{"q", "k", "v", "ao", "fi", "fo"} {
		bodies = append(bodies, body{"l0." + m + ".w", true, h * h}, body{"l0." + m + ".b", false, h})
	}
	for _, n := range []string{"aln", "oln"} {
		bodies = append(bodies, body{"l0." + n + ".w", false, h}, body{"l0." + n + ".b", false, h})
	}
	put(int32(len(bodies)))
	offset := out.Len()
	for _, b := range bodies {
		offset += 2 + len(b.name) + 21
	}
	rng, tail := rand.New(rand.NewPCG(1, 1)), new(bytes.Buffer)
	for _, b := range bodies {
		size := 4 * b.count
		if b.packed {
			size = b.count / 32 * kernel.PackedBlock
			for range b.count / 32 {
				binary.Write(tail, binary.LittleEndian, uint16(0x2e66))
				binary.Write(tail, binary.LittleEndian, [2]uint64{rng.Uint64(), rng.Uint64()})
			}
		} else {
			for range b.count {
				binary.Write(tail, binary.LittleEndian, rng.Float32())
			}
		}
		kind := uint8(0)
		if b.packed {
			kind = 1
		}
		put(uint16(len(b.name)), []byte(b.name), kind, uint32(b.count), uint64(offset), uint64(size))
		offset += size
	}
	out.Write(tail.Bytes())
	return out.Bytes()
}

func tokenized(tb testing.TB, m *model, text string) string {
	tb.Helper()
	var l lattice
	var b strings.Builder
	for i, id := range m.tokens(&l, text) {
		if i > 0 {
			b.WriteByte('|')
		}
		b.Write(m.bytes(int(id)))
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	m := builtinModel(t)
	for text, want := range map[string]string{
		"Kommunen yder støtte": "▁Kommunen|▁y|der|▁støtte",
		"støtte  og\n\n hjælp": "▁støtte|▁og|▁hjælp",
		" støtte ":             "▁støtte|▁",
		"ﬁnansiering":          "▁finansiering",
		"§ 85":                 "▁§|▁85",
		"平":                    "▁|<unk>",
		"a</s>b":               "▁a|<|/|s|>|b",
		"":                     "▁",
	} {
		if got := tokenized(t, m, text); got != want {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
}

func TestUnigramTakesTheBestSum(t *testing.T) {
	// Scores fall by one from piece to piece; "▁ab" beats "▁a" + "b".
	m, err := load(tiny("▁ab", "▁a", "b", "▁", "c", "bc", "fi"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"ab":    "▁ab",
		"abc":   "▁ab|c", // −4−8 against ▁a|bc: −5−9
		"bc":    "▁|bc",  // −7−9 against ▁|b|c: −7−6−8
		"abX":   "▁ab|<unk>",
		"b\nﬁ":  "▁|b|▁|fi",
		"ab ab": "▁ab|▁ab",
	} {
		if got := tokenized(t, m, text); got != want {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
}

// TestReadErrors damages a whole file, and expects to be told where.
func TestReadErrors(t *testing.T) {
	whole := tiny("▁ab", "b")
	put := func(at int, v any) func([]byte) []byte {
		return func(data []byte) []byte {
			var b bytes.Buffer
			binary.Write(&b, binary.LittleEndian, v)
			copy(data[at:], b.Bytes())
			return data
		}
	}
	find := func(text string) int { return bytes.Index(whole, []byte(text)) }
	for _, c := range []struct {
		name   string
		damage func([]byte) []byte
		want   string
	}{
		{"empty", func([]byte) []byte { return nil }, "not a model file"},
		{"another format", put(0, []byte("GGUF")), "not a model file"},
		{"version", put(4, uint32(2)), "version 2"},
		{"no width", put(8, int32(0)), "hidden size is 0"},
		{"odd width", put(8, int32(33)), "multiples of 32"},
		{"layers", put(12, int32(-1)), "number of layers is -1"},
		{"heads", put(16, int32(5)), "5 heads"},
		{"epsilon", put(36, float32(math.NaN())), "epsilon is NaN"},
		{"block", put(40, int32(64)), "quantisation block is 64"},
		{"more pieces than rows", put(44, int32(7)), "number of pieces is 7"},
		{"special piece", put(48, int32(6)), "special piece is 6"},
		{"huge text", put(64, uint64(1<<60)), "pieces takes 1152921504606846976 bytes"},
		{"offsets", put(76, uint32(1<<30)), "piece 0 lies outside"},
		{"score", put(72+7*4, float32(math.Inf(1))), "number 0 is not finite"},
		{"count of a tensor", put(find("emb.word")+9, uint32(96)), "96 numbers take 54 bytes"},
		{"type of a tensor", put(find("emb.word")+8, uint8(7)), "type 7"},
		{"place of a tensor", put(find("emb.word")+13, uint64(1<<63)), "ends after the file"},
		{"name of a tensor", put(find("l0.fo.w"), []byte("l9")), "l0.fo.w is missing"},
		{"cut", func(data []byte) []byte { return data[:len(data)-1] }, "ends after the file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(c.damage(bytes.Clone(whole)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
	for n := range whole {
		if _, err := load(whole[:n]); err == nil {
			t.Fatalf("a file cut to %d of %d bytes was taken", n, len(whole))
		}
	}
}

// FuzzLoad takes files from strangers: an error or a model that encodes.
func FuzzLoad(f *testing.F) {
	f.Add(tiny("▁ab", "b"), "ab c")
	f.Add(tiny(), "")
	f.Add([]byte(magic), "x")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		m, err := load(data)
		if err != nil {
			return
		}
		windows, _ := m.windows(queryPrefix, []string{text})
		if err := newEncoder(m, kernel.Best()).encode(context.Background(), windows[:1]); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzTokens checks that pieces spell the normalised text, whatever it is.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Kommunen yder støtte", "  § 85,\tstk. 2", "ﬁ½…", "\xff\xfe", "</s>", "a\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := builtinModel(t)
		var l lattice
		at := 0
		for _, id := range m.tokens(&l, text) {
			piece := m.bytes(int(id))
			if int(id) == m.unk {
				at += len(string([]rune(string(l.text[at:]))[0]))
				continue
			}
			if !bytes.HasPrefix(l.text[at:], piece) {
				t.Fatalf("piece %q does not stand at %d of %q", piece, at, l.text)
			}
			at += len(piece)
		}
		if at != len(l.text) {
			t.Fatalf("pieces cover %d of %d bytes", at, len(l.text))
		}
	})
}
