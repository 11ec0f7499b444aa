import test from "node:test";
import assert from "node:assert/strict";
import { EventParser } from "../assets/js/sse.js";

const STREAM =
  ": ping\n\nevent: status\ndata: {\"a\":\"æøå 😀\"}\n\n" +
  "event:sentence\r\ndata: one\r\ndata:two\r\n\r\nid: 7\nretry: 10\ndata\n\n: ping\n\nevent: lost\n\ndata: plain\n\n";

const EXPECTED = [
  { type: "status", data: '{"a":"æøå 😀"}' },
  { type: "sentence", data: "one\ntwo" },
  { type: "message", data: "" },
  { type: "message", data: "plain" },
];

test("a whole stream", () => {
  assert.deepEqual(new EventParser().push(STREAM), EXPECTED);
});

test("a stream cut at every place, and into single characters", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const parser = new EventParser();
    assert.deepEqual([...parser.push(STREAM.slice(0, at)), ...parser.push(STREAM.slice(at))], EXPECTED, `cut at ${at}`);
  }
  const parser = new EventParser();
  assert.deepEqual([...STREAM].flatMap((character) => parser.push(character)), EXPECTED);
});

test("an event without its empty line is not given", () => {
  assert.deepEqual(new EventParser().push("event: done\ndata: {}\n"), []);
});
