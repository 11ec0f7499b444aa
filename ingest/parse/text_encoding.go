package parse

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decodeText turns the bytes of a text file into UTF-8: by byte order mark,
// else as UTF-8 where it is valid, else as UTF-16 where every other byte is
// zero, else as windows-1252, which Danish office programs wrote for decades.
func decodeText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return string(bytes.ToValidUTF8(data[3:], []byte("\ufffd")))
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], binary.BigEndian)
	}
	if order := bareUTF16(data); order != nil {
		return decodeUTF16(data, order)
	}
	if utf8.Valid(data) {
		return string(data)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil { // the decoder maps every byte, so only a bug gets here
		return string(bytes.ToValidUTF8(data, []byte("\ufffd")))
	}
	return string(out)
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// bareUTF16 recognises UTF-16 without a byte order mark: nearly all high bytes
// of Latin text are zero. It returns nil for anything else.
func bareUTF16(data []byte) binary.ByteOrder {
	n := min(len(data), 2000) / 2
	if n < 4 {
		return nil
	}
	var even, odd int
	for i := range n {
		if data[2*i] == 0 {
			even++
		}
		if data[2*i+1] == 0 {
			odd++
		}
	}
	switch {
	case odd > n*8/10 && even < n/10:
		return binary.LittleEndian
	case even > n*8/10 && odd < n/10:
		return binary.BigEndian
	}
	return nil
}

// looksBinary tells whether data can hardly be text: zero bytes, or more than
// one control character in twenty of the first 4,000 bytes.
func looksBinary(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bareUTF16(data) != nil {
		return false
	}
	head := data[:min(len(data), 4000)]
	controls := 0
	for _, c := range head {
		if c == 0 {
			return true
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1b {
			controls++
		}
	}
	return controls*20 > len(head)
}
