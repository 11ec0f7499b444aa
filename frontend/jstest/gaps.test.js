import test from "node:test";
import assert from "node:assert/strict";
import { confidenceLabel, inOrder, kindCounts, partlyCovered, reportText, select } from "../assets/js/gap-words.js";
import { taskGroups } from "../assets/js/policy-words.js";
import { meaningLine, statusLine } from "../assets/js/format.js";

const findings = [
  { kind: "missing", severity: "low", confidence: 0.6, at: { label: "2 Frist", quote: "Vi svarer." }, explanation: "Fristen mangler." },
  { kind: "contradiction", severity: "high", confidence: 0.92, at: { label: "3", page: 2, quote: "6 uger" }, law: { reference: "§ 12", quote: "4 uger" }, explanation: "Andet tal." },
];

test("findings are counted and chosen by kind and confidence", () => {
  assert.deepEqual(kindCounts(findings), [["contradiction", "Modstrid", 1], ["missing", "Mangler", 1]]);
  assert.deepEqual(select(findings, { least: 0.7 }), [findings[1]]);
  assert.deepEqual(select(findings, { kind: "missing" }), [findings[0]]);
  assert.equal(select(findings).length, 2);
});

test("confidence in words and figure", () => {
  assert.equal(confidenceLabel(0.85), "Sikker (85 %)");
  assert.equal(confidenceLabel(0.7), "Sandsynlig (70 %)");
  assert.equal(confidenceLabel(0.56), "Mulig (56 %)");
  assert.equal(confidenceLabel(0.58), "Mulig (58 %)");
  assert.equal(confidenceLabel(0.849), "Sandsynlig (84 %)");
});

test("a copied report has both places", () => {
  const text = reportText({ title: "Retningslinje", as_of: "2026-11-24" }, [findings[1]]);
  assert.equal(text, "Retningslinje: 1 fund pr. 2026-11-24\n\n1. Modstrid – 3, side 2 (alvorlig, sikker (92 %))\nTeksten: »6 uger«\nLoven: § 12 »4 uger«\nAndet tal.");
});

test("only what is in order is listed as such", () => {
  const checked = [{ subject: "figure", outcome: "in_order" }, { subject: "figure", outcome: "finding" }];
  assert.deepEqual(inOrder(checked), [["Tal og frister", [checked[0]]]]);
});

test("partly covered duties are listed apart, the surest first", () => {
  const some = { subject: "requirement", outcome: "partly", confidence: 0.6 };
  const sure = { ...some, confidence: 0.9 };
  assert.deepEqual(partlyCovered([some, { subject: "figure", outcome: "in_order" }, sure]), [sure, some]);
});

test("tasks are grouped as in the AI strategy's figure", () => {
  const tasks = [{ side: "citizen", sensitivity: "high" }, { side: "internal", sensitivity: "low" }];
  assert.deepEqual(taskGroups(tasks).map(({ title }) => title), ["Interne opgaver, lav følsomhed", "Opgaver, der vender mod borgeren, høj følsomhed"]);
});

test("model and cost are told where a model took part", () => {
  const quoted = { as_of: "2026-11-24", usage: { ms: 400 } };
  assert.equal(statusLine(quoted, "", 2), "Gælder pr. 24. november 2026 · 2 kilder · 0,4 sek.");
  const worded = { ...quoted, model: "m", usage: { ms: 400, cost_dkk: 0.5, estimated: true } };
  assert.equal(statusLine(worded, "", 1), "Gælder pr. 24. november 2026 · 1 kilde · 0,4 sek. · Sprogmodel: m · cirka 0,50 kr.");
});

test("search by meaning is spoken of only while it is not complete", () => {
  assert.match(meaningLine({ model: "m", done: 5, total: 8 }), /62 % af samlingen/);
  for (const none of [undefined, { model: "", done: 0, total: 8 }, { model: "m", done: 8, total: 8 }]) assert.equal(meaningLine(none), "");
});
