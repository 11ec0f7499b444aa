import test from "node:test";
import assert from "node:assert/strict";
import { cut, lines, offsetMap, partAt, toIndexes } from "../assets/js/text.js";

const bytesOf = (text) => new TextEncoder().encode(text).length;

test("every byte offset at a character boundary gives the right index", () => {
  const texts = ["", "plain", "§ 85. Ældre på øen", "Støtte 👩‍👧 til børn 😀 – »citat«", "\u{10FFFF}a\u0800b\u07FF"];
  for (const text of texts) {
    const at = offsetMap(text);
    for (let index = 0; index <= text.length; index++) {
      const half = index > 0 && text.codePointAt(index - 1) > 0xffff;
      if (half) continue; // between the two units of one character
      assert.equal(at(bytesOf(text.slice(0, index))), index, `${text} at ${index}`);
    }
  }
});

test("an offset inside a character gives its start, one outside the text its end", () => {
  const at = offsetMap("aæ😀b");
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map(at), [0, 1, 1, 2, 2, 2, 2, 4, 5]);
  assert.deepEqual([at(-3), at(99)], [0, 5]);
  assert.deepEqual([offsetMap("abc")(-1), offsetMap("abc")(9)], [0, 3]);
});

test("ranges slice to the quote", () => {
  const text = "§ 7. Støtte ydes til børn.\nStk. 2. Kommunen afgør 😀 sagen.";
  const quote = "Kommunen afgør 😀 sagen.";
  const start = bytesOf(text.slice(0, text.indexOf(quote)));
  const [range] = toIndexes(text, [{ start, end: start + bytesOf(quote), n: 1 }]);
  assert.equal(text.slice(range.start, range.end), quote);
  assert.equal(range.n, 1);
});

test("cut leaves no gap and lets the first range win", () => {
  const a = { start: 2, end: 6 };
  const b = { start: 4, end: 8 };
  const pieces = cut(0, 10, [b, a]);
  assert.deepEqual(
    pieces.map((piece) => [piece.start, piece.end, piece.range]),
    [[0, 2, null], [2, 6, a], [6, 8, b], [8, 10, null]],
  );
  assert.deepEqual(cut(3, 5, [{ start: 0, end: 20 }]).length, 1);
  assert.deepEqual(cut(3, 3, [a]), []);
});

test("lines know their depth from the parts", () => {
  const text = "§ 1. Hjælp er\n1) pleje\na) bad\n\nStk. 2. Frist.";
  const parts = [
    { label: "stk. 1", start: 0, end: 29 },
    { label: "stk. 1, nr. 1", start: 14, end: 29 },
    { label: "stk. 1, nr. 1, litra a", start: 23, end: 29 },
    { label: "stk. 2", start: 31, end: 45 },
  ];
  assert.deepEqual(
    lines(text, parts).map((line) => [text.slice(line.start, line.end), line.depth]),
    [["§ 1. Hjælp er", 0], ["1) pleje", 1], ["a) bad", 2], ["Stk. 2. Frist.", 0]],
  );
  assert.equal(partAt(parts, 15, 20), "stk. 1, nr. 1");
  assert.equal(partAt(parts, 15, 40), "");
});
