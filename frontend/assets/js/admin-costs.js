// <hj-admin-costs>: what answers cost, by month and access group, as a chart and
// as the table that says the same.
import { h, svg } from "./dom.js";
import { failure, loading } from "./states.js";
import { getJSON } from "./api.js";
import { byMonth } from "./cost-months.js";
import { count, kroner, number } from "./format.js";

class AdminCosts extends HTMLElement {
  connectedCallback() {
    this.className = "admin-part";
    this.box = h("div", {}, loading("Henter udgifter …"));
    this.replaceChildren(h("h2", {}, "Udgifter"), this.box);
    this.#load();
  }

  async #load() {
    try {
      const { costs } = await getJSON("/api/v1/costs");
      this.#render(byMonth(costs));
    } catch (error) {
      this.box.replaceChildren(failure(error, () => this.#load(), "h3"));
    }
  }

  #render(months) {
    if (months.length === 0) return this.box.replaceChildren(h("p", { class: "hint" }, "Der er ikke svaret på noget endnu."));
    const paid = months.some(({ all }) => all.cost > 0);
    this.box.replaceChildren(
      h("p", { class: "hint" }, paid ? "Udgifter til sprogmodel. En person i flere grupper tæller med i hver af dem." : "Svarene er citater uden sprogmodel og har ikke kostet noget. En person i flere grupper tæller med i hver af dem."),
      chart(months, paid),
      table(months),
    );
  }
}

const MONTH = new Intl.DateTimeFormat("da-DK", { month: "long", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("da-DK", { month: "short", timeZone: "UTC" });
const dateOf = (month) => new Date(`${month}-01T00:00:00Z`);
const groupName = (group) => group || "Uden gruppe";

const WIDTH = 640;
const HEIGHT = 200;
const FOOT = 24; // below the bars, for the months
const HEAD = 20; // above the highest bar, for its figure
const SHOWN = 12; // months

/** chart draws a bar a month: what it cost, or where nothing did, how much was answered. */
function chart(months, paid) {
  const shown = months.slice(-SHOWN);
  const value = ({ all }) => (paid ? all.cost : all.answers);
  const said = (month) => (paid ? kroner(value(month)) : number(value(month)));
  const highest = Math.max(...shown.map(value), paid ? 0.01 : 1);
  const slot = WIDTH / Math.max(shown.length, 4);
  const bars = shown.flatMap((month, at) => {
    const height = (value(month) / highest) * (HEIGHT - FOOT - HEAD);
    const middle = at * slot + slot / 2;
    const top = HEIGHT - FOOT - height;
    return [
      svg("rect", { class: "chart-bar", x: middle - slot * 0.3, y: top, width: slot * 0.6, height }),
      label("chart-label chart-value", middle, top - 6, number(Math.round(value(month)))),
      label("chart-label", middle, HEIGHT - 6, SHORT.format(dateOf(month.month)).replace(".", "")),
    ];
  });
  const title = paid ? "Udgift pr. måned, i kr." : "Svar pr. måned";
  const axis = svg("line", { class: "chart-axis", x1: 0, x2: WIDTH, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT });
  const all = `${title}: ${shown.map((month) => `${MONTH.format(dateOf(month.month))} ${said(month)}`).join(", ")}`;
  const picture = svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": all }, ...bars, axis);
  return h("figure", { class: "chart-figure" }, h("figcaption", { "aria-hidden": "true" }, title), picture);
}

const label = (kind, x, y, text) => svg("text", { class: kind, x, y, "text-anchor": "middle" }, text);

function table(months) {
  const cell = (name, text) => h("td", { role: "cell", "data-label": name }, text);
  const row = (month, { group, answers, tokens, cost }, all) =>
    h(
      "tr",
      { role: "row", class: all ? "row-total" : null },
      h("th", { scope: "row", role: "rowheader" }, MONTH.format(dateOf(month))),
      cell("Gruppe", all ? "Alle" : groupName(group)),
      cell("Svar", number(answers)),
      cell("Tokens", number(tokens)),
      cell("Udgift", kroner(cost)),
    );
  const rows = months.toReversed().flatMap(({ month, all, groups }) => [row(month, all, true), ...groups.map((group) => row(month, group, false))]);
  return h(
    "div",
    { class: "documents" },
    h(
      "table",
      { role: "table" },
      h("caption", { class: "visually-hidden" }, `Udgifter efter måned og gruppe, ${count(months.length, "måned", "måneder")}`),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ["Måned", "Gruppe", "Svar", "Tokens", "Udgift"].map((name) => h("th", { scope: "col", role: "columnheader" }, name)))),
      h("tbody", { role: "rowgroup" }, rows),
    ),
  );
}

customElements.define("hj-admin-costs", AdminCosts);
