import { test } from "node:test";
import assert from "node:assert/strict";
import { byDay, dayName, kroner } from "../assets/js/format.js";
import { byMonth } from "../assets/js/cost-months.js";

const now = new Date(2026, 2, 30, 0, 30); // half past midnight, the night after the clocks went forward

test("a moment's day is named as seen from today", () => {
  const at = (...parts) => new Date(...parts).toISOString();
  assert.equal(dayName(at(2026, 2, 30, 0, 5), now), "I dag");
  assert.equal(dayName(at(2026, 2, 29, 23, 59), now), "I går");
  assert.equal(dayName(at(2026, 2, 29, 0, 1), now), "I går");
  assert.match(dayName(at(2026, 2, 28, 12, 0), now), /^Lørdag (?:den )?28\. marts$/); // as the browser's own Danish has it
  assert.equal(dayName(at(2025, 11, 31, 12, 0), now), "31. december 2025");
  assert.equal(dayName(at(2026, 2, 30, 9, 0), now), "I dag", "a server's clock may be ahead");
});

test("conversations of one day stand together, in their order", () => {
  const list = [30, 30, 29, 28].map((day, id) => ({ id, updated: new Date(2026, 2, day, 0, 10).toISOString() }));
  const groups = byDay(list, now).map(([day, conversations]) => [day, conversations.map(({ id }) => id)]);
  assert.deepEqual(groups, [["I dag", [0, 1]], ["I går", [2]], [dayName(list[3].updated, now), [3]]]);
  assert.deepEqual(byDay([], now), []);
});

test("costs add up by month and group, everybody apart", () => {
  const cost = (month, group, model, answers, cost_dkk) => ({ month, group, model, answers, tokens: 10 * answers, cost_dkk });
  const months = byMonth([cost("2026-10", "*", "m", 2, 1), cost("2026-11", "*", "", 1, 0), cost("2026-11", "*", "m", 3, 2), cost("2026-11", "boern", "m", 3, 2), cost("2026-11", "", "", 1, 0)]);
  assert.deepEqual(months.map(({ month, all }) => [month, all.answers, all.cost]), [["2026-10", 2, 1], ["2026-11", 4, 2]]);
  assert.deepEqual(months[1].groups.map(({ group, answers, tokens }) => [group, answers, tokens]), [["boern", 3, 30], ["", 1, 10]]);
});

test("amounts are Danish", () => assert.equal(kroner(1234.5), "1.234,50 kr."));
