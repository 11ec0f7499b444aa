package vectors

import (
	"bytes"
	"errors"
	"testing"
)

func exported(t testing.TB, b *bench) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := Export(t.Context(), b.store, "m1", dim, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestVectorsMoveBetweenMachines(t *testing.T) {
	from := open(t, t.TempDir(), &fake{name: "m1"})
	defer from.close(t)
	from.put(t, "frugt", 30)
	from.put(t, "nødder", 5)
	from.build(t)
	data := exported(t, from)

	to := open(t, t.TempDir(), &fake{name: "m1"})
	defer to.close(t)
	to.put(t, "frugt", 30)
	taken, header, err := Import(t.Context(), to.store, "m1", dim, bytes.NewReader(data))
	if err != nil || taken != 30 || header.Count != 35 {
		t.Fatalf("took %d of %+v, %v: want the 30 of texts that are here", taken, header, err)
	}
	to.build(t)
	to.check(t, "frugt")
	if n := len(to.model.embedded()); n != 0 {
		t.Errorf("%d texts were embedded again", n)
	}
}

func TestImportRefusesWhatItCannotTrust(t *testing.T) {
	b := open(t, t.TempDir(), &fake{name: "m1"})
	defer b.close(t)
	b.put(t, "frugt", 5)
	b.build(t)
	data := exported(t, b)
	if _, _, err := Import(t.Context(), b.store, "m2", dim, bytes.NewReader(data)); !errors.Is(err, ErrModel) {
		t.Errorf("another model: %v", err)
	}
	flipped := bytes.Clone(data)
	flipped[len(flipped)/2] ^= 4
	for name, bad := range map[string][]byte{
		"empty": nil, "cut": data[:len(data)-1], "cut in the header": data[:20], "longer": append(bytes.Clone(data), 0), "flipped": flipped, "text": []byte("Hej med dig, det her er en tekst."),
	} {
		if _, _, err := Import(t.Context(), b.store, "m1", dim, bytes.NewReader(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("HJEMVX01\x02\x00\x00\x00{}"))
	f.Add([]byte("HJEMVX01\x1c\x00\x00\x00" + `{"model":"m","dim":1,"count":1000000000}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := verify(bytes.NewReader(data)); err == nil && int64(len(data)) < int64(h.Count)*int64(recordSize(h.Dim)) {
			t.Errorf("%d bytes pass for %+v", len(data), h)
		}
	})
}
