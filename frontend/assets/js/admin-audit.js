// <hj-admin-audit>: the audit log with filters, whether it is whole, and its
// export.
import { h, icon, uid } from "./dom.js";
import { failure, loading } from "./states.js";
import { getJSON } from "./api.js";
import { clock, count, number } from "./format.js";
import { OUTCOMES, TASKS, WAYS, classLabel, outcomeName, taskName, wayName } from "./audit-words.js";

const ADDRESS = "/api/v1/audit";
const PAGE = 50; // rows fetched at a time
const PAUSE = 250; // ms after the last key before a search is sent

class AdminAudit extends HTMLElement {
  #list = [];
  #timer = 0;
  #loading = null;

  connectedCallback() {
    this.className = "admin-part";
    this.whole = h("div", {});
    this.total = h("p", { class: "hint", role: "status" });
    this.box = h("div", { class: "documents" }, loading("Henter loggen …"));
    this.exports = h("div", { class: "buttons" });
    this.replaceChildren(
      h("h2", {}, "Auditlog"),
      h("p", { class: "hint" }, "Hvem, hvornår, hvordan og med hvilket udfald. Spørgsmål og afviste tekster står der ikke."),
      this.whole,
      this.#makeFilter(),
      this.total,
      this.box,
      this.exports,
    );
    this.#load();
    this.#verify();
  }

  #makeFilter() {
    const now = () => this.#load();
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(now, PAUSE);
    };
    const options = (table) => [h("option", { value: "" }, "Alle"), ...table.map(([value, text]) => h("option", { value }, text))];
    this.fields = {
      from: h("input", { type: "date", id: uid("from"), onchange: now }),
      to: h("input", { type: "date", id: uid("to"), onchange: now }),
      subject: h("input", { type: "search", id: uid("subject"), autocomplete: "off", oninput: later }),
      way: h("select", { id: uid("way"), onchange: now }, options(WAYS)),
      task: h("select", { id: uid("task"), onchange: now }, options(TASKS)),
      outcome: h("select", { id: uid("outcome"), onchange: now }, options(OUTCOMES)),
    };
    const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);
    const { from, to, subject, way, task, outcome } = this.fields;
    return h(
      "form",
      { class: "admin-filter", role: "search", "aria-label": "Find i auditloggen", onsubmit: (event) => event.preventDefault() },
      field("Fra", from),
      field("Til og med", to),
      field("Person (id)", subject),
      field("Vej ind", way),
      field("Opgave", task),
      field("Udfald", outcome),
    );
  }

  #query() {
    const set = Object.entries(this.fields).map(([name, control]) => [name, control.value.trim()]);
    return new URLSearchParams(set.filter(([, value]) => value !== ""));
  }

  async #load(offset = 0) {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const query = this.#query();
    this.exports.replaceChildren(
      ...[["csv", "Hent som CSV"], ["jsonl", "Hent som JSON Lines"]].map(([format, text]) =>
        h("a", { class: "button secondary small", href: `${ADDRESS}/export?${new URLSearchParams([...query, ["format", format]])}`, download: `audit.${format}` }, icon("download"), text),
      ),
    );
    query.set("limit", PAGE);
    query.set("offset", offset);
    try {
      const { entries, total } = await getJSON(`${ADDRESS}?${query}`, { signal });
      this.#list = offset === 0 ? entries : [...this.#list, ...entries];
      this.#render(total);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.total.textContent = "";
      this.box.replaceChildren(failure(error, () => this.#load(), "h3"));
    }
  }

  #render(total) {
    this.total.textContent = total === 0 ? "Ingen rækker passer." : count(total, "række", "rækker");
    const rest = total - this.#list.length;
    this.box.replaceChildren(
      total > 0 ? table(this.#list) : "",
      rest > 0 ? h("button", { type: "button", class: "button secondary small", onclick: () => this.#load(this.#list.length) }, `Vis flere (${number(rest)})`) : "",
    );
  }

  async #verify() {
    this.whole.replaceChildren(loading("Kontrollerer, at loggen er hel …", 1));
    try {
      this.whole.replaceChildren(verdict(await getJSON(`${ADDRESS}/verification`)));
    } catch (error) {
      this.whole.replaceChildren(failure(error, () => this.#verify(), "h3"));
    }
  }
}

function verdict({ ok, entries, head, removed, faults }) {
  const size = [count(entries, "række", "rækker"), removed > 0 && `${number(removed)} ældre er slettet efter fristen`].filter(Boolean).join(", ");
  return h(
    "div",
    { class: `notice ${ok ? "notice-plain" : "notice-error"}`, role: ok ? null : "alert" },
    icon(ok ? "done" : "alert"),
    h(
      "div",
      {},
      h("h3", { class: "notice-title" }, ok ? "Loggen er hel" : "Loggen er ikke hel"),
      h("p", {}, ok ? `Ingen række er ændret, slettet eller sat ind (${size}).` : `Nogen har ændret i loggen, eller databasen er beskadiget (${size}).`),
      faults.length > 0 && h("ul", { lang: "en" }, faults.map(({ what }) => h("li", {}, what))),
      h("p", { class: "hint" }, "Notér loggens hoved et andet sted, så kan det senere ses, om hele loggen er skrevet om: ", h("code", { class: "hash" }, `${head.seq}:${head.hash}`)),
    ),
  );
}

const COLUMNS = ["Tid", "Person", "Vej ind", "Opgave", "Udfald", "Dokumenter", "Tid brugt"];

function table(entries) {
  const cell = (name, ...content) => h("td", { role: "cell", "data-label": name }, content);
  const row = (entry) =>
    h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, clock(entry.at)),
      cell("Person", person(entry)),
      cell("Vej ind", wayName(entry.way)),
      cell("Opgave", taskName(entry.task)),
      cell("Udfald", outcomeName(entry.outcome), entry.class && ` (${classLabel(entry.class)})`),
      cell("Dokumenter", h("span", { class: "entry-documents" }, entry.documents.join(", ") || "–")),
      cell("Tid brugt", `${number(entry.ms)} ms`),
    );
  return h(
    "table",
    { role: "table", class: "audit" },
    h("caption", { class: "visually-hidden" }, "Auditlog, de nyeste først"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, COLUMNS.map((name) => h("th", { scope: "col", role: "columnheader" }, name)))),
    h("tbody", { role: "rowgroup" }, entries.map(row)),
  );
}

/** person names who an entry is about; the pseudonym where the name was deleted. */
function person({ name, subject, who }) {
  if (subject) return name ? [name, h("span", { class: "hint" }, ` ${subject}`)] : subject;
  return who ? h("span", { class: "hint" }, `slettet (${who.slice(0, 8)})`) : "Hjemmel";
}

customElements.define("hj-admin-audit", AdminAudit);
