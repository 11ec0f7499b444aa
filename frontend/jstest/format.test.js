import test from "node:test";
import assert from "node:assert/strict";
import { count, dayBefore, every, longDate, moment, quotation, safeURL, seconds, validity, vectorLine } from "../assets/js/format.js";

test("dates are written as in a letter", () => {
  assert.equal(longDate("2026-03-01"), "1. marts 2026");
  assert.equal(longDate("foråret"), "foråret");
  assert.equal(longDate(undefined), "");
  assert.equal(dayBefore("2026-03-01"), "2026-02-28");
});

test("validity on a day; in_force_to is the first day that no longer counts", () => {
  const act = { in_force_from: "2024-01-01", in_force_to: "2026-01-01" };
  assert.deepEqual(validity(act, "2025-12-31"), {
    state: "current",
    label: "Gældende",
    period: "Gældende fra 1. januar 2024 til og med 31. december 2025",
  });
  assert.equal(validity(act, "2026-01-01").state, "past");
  assert.equal(validity(act, "2023-12-31").state, "future");
  assert.equal(validity({ in_force: false }, "2026-01-01").state, "past");
  assert.deepEqual(validity({}, "2026-01-01"), { state: "current", label: "Gældende", period: "" });
});

test("only web addresses become links", () => {
  assert.equal(safeURL("https://www.retsinformation.dk/eli/lta/2025/1129"), "https://www.retsinformation.dk/eli/lta/2025/1129");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//x", "", undefined]) assert.equal(safeURL(bad), "");
});

test("a copied reference has the quote and where it stands", () => {
  const source = { quote: "Hjælpen er gratis. ", reference: "serviceloven § 1", title: "Lov om social service", number: "LBK nr 1 af 01/01/2026", url: "javascript:x" };
  assert.equal(quotation(source), "»Hjælpen er gratis.«\n(serviceloven § 1, Lov om social service, LBK nr 1 af 01/01/2026)");
  assert.equal(quotation({ reference: "A", title: "A" }), "A");
});

test("how far search by meaning is", () => {
  assert.equal(vectorLine({ done: 1234, total: 8210 }), "Betydningssøgning: 1.234 af 8.210 passager klar");
  assert.equal(vectorLine({ done: 1, total: 2, building: true, eta_seconds: 61 }), "Betydningssøgning: 1 af 2 passager klar, cirka 2 minutter tilbage");
  assert.equal(vectorLine({ done: 1, total: 2, building: true, eta_seconds: 7000 }), "Betydningssøgning: 1 af 2 passager klar, cirka 2 timer tilbage");
  for (const none of [undefined, {}, { done: 0, total: 0 }]) assert.equal(vectorLine(none), "");
});

test("numbers with their nouns", () => {
  assert.equal(count(1, "fil", "filer"), "1 fil");
  assert.equal(count(7041, "bestemmelse", "bestemmelser"), "7.041 bestemmelser");
  assert.equal(seconds(0), "0,1 sek.");
  assert.equal(seconds(1234), "1,2 sek.");
});

test("when a source is read", () => {
  const now = new Date(2026, 10, 24, 15, 0);
  assert.equal(moment(new Date(2026, 10, 24, 9, 5).toISOString(), now), "i dag kl. 9.05");
  assert.equal(moment(new Date(2026, 10, 23, 3, 30).toISOString(), now), "23. november kl. 3.30");
  assert.equal(moment(new Date(2025, 0, 1, 0, 0).toISOString(), now), "1. januar 2025 kl. 0.00");
  assert.equal(moment("i går", now), "");
  assert.equal(every({ every: "15m0s" }), "med 15 minutter imellem");
  assert.equal(every({ every: "1h0m0s" }), "hver time");
  assert.equal(every({ every: "12h30m0s" }), "med 12 timer og 30 minutter imellem");
  assert.equal(every({ at: "03:30" }), "hver dag kl. 03.30");
});
