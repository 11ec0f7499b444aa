// <hj-rules>: what Hjemmel may be used for, and what it refuses, as the
// municipality's policy says.
import { h } from "./dom.js";
import { failure, loading } from "./states.js";
import { getJSON } from "./api.js";
import { riskLabel, taskGroups } from "./policy-words.js";

class Rules extends HTMLElement {
  connectedCallback() {
    this.className = "page rules";
    this.box = h("div", {});
    this.replaceChildren(
      h("h1", {}, "Hvad må Hjemmel bruges til?"),
      h("p", { class: "lead" }, "Hjemmel finder, citerer og sammenholder regler. Medarbejderen vurderer, afgør og skriver."),
      this.box,
    );
    this.#load();
  }

  async #load() {
    this.box.replaceChildren(loading("Henter reglerne …", 6));
    try {
      const { catalogue, rules } = await getJSON("/api/v1/policy");
      this.box.replaceChildren(...taskGroups(catalogue ?? []).map(table), refusals(rules ?? []));
    } catch (error) {
      this.box.replaceChildren(failure(error, () => this.#load()));
    }
  }
}

const COLUMNS = ["Opgave", "AI-risiko", "Hjemmel må", "Hjemmel må ikke", "Grundlag"];

function table({ title, tasks }) {
  const cell = (name, ...content) => h("td", { role: "cell", "data-label": name }, content);
  const row = (task) =>
    h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, task.task),
      cell("AI-risiko", h("span", { class: `badge risk-${task.risk}` }, riskLabel(task.risk))),
      cell("Hjemmel må", h("span", {}, task.may)),
      cell("Må ikke", h("span", {}, task.may_not)),
      cell("Grundlag", h("span", { class: "hint" }, task.ground)),
    );
  return h(
    "section",
    { class: "tasks" },
    h("h2", {}, title),
    h(
      "table",
      { role: "table", "aria-label": title },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, COLUMNS.map((name) => h("th", { scope: "col", role: "columnheader" }, name)))),
      h("tbody", { role: "rowgroup" }, tasks.map(row)),
    ),
  );
}

function refusals(rules) {
  const row = (term, text) => text && [h("dt", {}, term), h("dd", {}, text)];
  const one = (rule) =>
    h(
      "article",
      { class: "rule" },
      h("h3", {}, rule.title),
      h("p", {}, rule.reason),
      h("dl", { class: "refusal" }, row("Hjemmel", rule.ground), row("Gør i stedet", rule.instead), row("I dokumenter", rule.document_instead)),
    );
  return h(
    "section",
    { class: "refusals" },
    h("h2", {}, "Det bliver afvist"),
    h("p", { class: "hint" }, "Et spørgsmål om reglerne bliver altid besvaret, uanset hvad reglerne handler om. En afvist tekst bliver ikke gemt."),
    rules.map(one),
  );
}

customElements.define("hj-rules", Rules);
