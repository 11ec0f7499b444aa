// <hj-gap-report>: what a comparison found, with filters, what was in order, and
// dismissals, which live in this tab's memory only. An export is asked for by an
// "export" event, a source by "cite".
import { copyText, h, hidden, icon, uid } from "./dom.js";
import { readerPath } from "./api.js";
import { count, longDate, seconds } from "./format.js";
import { confidenceLabel, gapKind, inOrder, kindCounts, levels, partlyCovered, placeOf, reportText, select, severityLabel } from "./gap-words.js";

const DRAFT = "kladde"; // the id of a text that is not stored
const FORMATS = [
  ["docx", "Word"],
  ["md", "Markdown"],
  ["csv", "CSV"],
];

class GapReport extends HTMLElement {
  #dismissed = new Map(); // finding → why

  /** show fills the element with a report of the API. */
  show(report) {
    this.report = report;
    this.report.findings ??= [];
    this.report.checked ??= [];
    const found = this.report.findings.length > 0;
    this.counts = h("p", { class: "answer-status", role: "status" });
    this.list = h("ol", { class: "gaps" });
    this.replaceChildren(
      h("h2", { class: "answer-question", tabindex: "-1" }, `Mangler: ${report.title}`),
      this.counts,
      found ? this.#makeFilter() : nothing(this.report),
      this.list,
      this.#makeCoverage(),
      h("div", { class: "answer-foot" }, h("p", { class: "proposal" }, "Forslag fundet i kilderne – ikke en afgørelse."), this.#tools()),
    );
    this.#render();
  }

  #makeFilter() {
    const { findings } = this.report;
    const option = (value, text) => h("option", { value }, text);
    this.kind = h("select", { id: uid("kind"), onchange: () => this.#render() }, [
      option("", `Alle (${findings.length})`),
      ...kindCounts(findings).map(([code, wording, n]) => option(code, `${wording} (${n})`)),
    ]);
    this.least = h("select", { id: uid("least"), onchange: () => this.#render() }, levels.map(([least, text]) => option(String(least), text)));
    const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);
    return h("div", { class: "gap-filter", role: "group", "aria-label": "Vis fund" }, field("Slags", this.kind), field("Sikkerhed", this.least));
  }

  #render() {
    const { findings, as_of: asOf, against, ms } = this.report;
    const shown = this.kind ? select(findings, { kind: this.kind.value, least: Number(this.least.value) }) : [];
    this.list.replaceChildren(...shown.map((finding) => this.#item(finding)));
    const parts = [
      count(findings.length, "fund", "fund"),
      shown.length !== findings.length && `${shown.length} vist`,
      this.#dismissed.size > 0 && `${this.#dismissed.size} afvist`,
      `holdt op mod ${count(against?.length ?? 0, "dokument", "dokumenter")}`,
      `gælder pr. ${longDate(asOf)}`,
      seconds(ms ?? 0),
    ];
    this.counts.textContent = parts.filter(Boolean).join(" · ");
  }

  #item(finding) {
    const why = this.#dismissed.get(finding);
    const { kind, severity, confidence, at, law, now, explanation } = finding;
    const item = h("li", { class: `gap gap-${kind}${why === undefined ? "" : " gap-dismissed"}` });
    item.append(
      h(
        "div",
        { class: "gap-head" },
        h("h3", {}, h("span", { class: `badge gap-badge-${kind}` }, gapKind(kind)), hidden(": "), h("span", {}, placeOf(at))),
        h("p", { class: "facts" }, `${severityLabel(severity)} · ${confidenceLabel(confidence)}`),
      ),
      h("p", { class: "gap-why" }, explanation),
      h("div", { class: "gap-places" }, this.#textPlace(at, kind), this.#lawPlace("Loven siger", law, kind), now && this.#lawPlace("Nu gælder", now, kind)),
      why === undefined ? this.#dismissTools(finding, item) : this.#dismissedLine(finding, why),
    );
    return item;
  }

  #textPlace(at, kind) {
    const draft = at.section.startsWith(`${DRAFT}#`);
    const source = { document: draft ? DRAFT : this.report.document, section: at.section, reference: placeOf(at), title: this.report.title, kicker: "Teksten", quote: at.quote, start: at.start, end: at.end, page: at.page };
    const where = kind === "missing" && !at.quote ? "Det står ikke i teksten." : null;
    return place("Teksten siger", this.#opener(source), at.quote, where);
  }

  #lawPlace(title, law, kind) {
    if (!law) return place(title, null, "", kind === "unknown_reference" ? "Stedet findes ikke i samlingen." : "Intet sted i samlingen.");
    const opener = law.section ? this.#opener({ ...law, kicker: "Loven" }) : h("a", { href: readerPath(law.document) }, law.reference || law.title);
    return place(title, opener, law.quote, law.quote ? null : law.title);
  }

  #opener(source) {
    const open = (event) =>
      this.dispatchEvent(new CustomEvent("cite", { bubbles: true, detail: { source, opener: event.currentTarget, day: this.report.as_of } }));
    return h("button", { type: "button", class: "source-open", "aria-haspopup": "dialog", onclick: open }, source.reference);
  }

  #dismissTools(finding, item) {
    const name = `${gapKind(finding.kind)}, ${placeOf(finding.at)}`;
    const box = h("div", { class: "gap-tools" });
    const ask = () => {
      const reason = h("input", { type: "text", id: uid("reason"), maxlength: "300", autocomplete: "off" });
      const done = (event) => {
        event.preventDefault();
        this.#dismissed.set(finding, reason.value.trim());
        this.#replace(item, finding);
      };
      box.replaceChildren(
        h(
          "form",
          { class: "gap-dismiss", onsubmit: done },
          h("div", { class: "field" }, h("label", { for: reason.id }, "Hvorfor holder fundet ikke?"), reason),
          h("button", { type: "submit", class: "button secondary small" }, "Afvis"),
          h("button", { type: "button", class: "button small link-button", onclick: () => this.#replace(item, finding) }, "Fortryd"),
        ),
      );
      reason.focus();
    };
    box.append(h("button", { type: "button", class: "link-button", "aria-label": `Afvis fundet: ${name}`, onclick: ask }, icon("close"), "Afvis fundet"));
    return box;
  }

  #dismissedLine(finding, why) {
    const undo = (event) => {
      this.#dismissed.delete(finding);
      this.#replace(event.currentTarget.closest(".gap"), finding);
    };
    return h(
      "div",
      { class: "gap-tools" },
      h("p", { class: "gap-reason" }, h("b", {}, "Afvist"), why && `: ${why}`),
      h("button", { type: "button", class: "link-button", "aria-label": `Medtag igen: ${gapKind(finding.kind)}, ${placeOf(finding.at)}`, onclick: undo }, "Medtag igen"),
    );
  }

  /** #replace draws one finding anew and keeps the focus in it. */
  #replace(item, finding) {
    const at = [...this.list.children].indexOf(item);
    this.#render();
    this.list.children[at]?.querySelector(".gap-tools button")?.focus();
  }

  #makeCoverage() {
    const groups = inOrder(this.report.checked);
    const open = this.report.checked.filter(({ outcome }) => outcome === "not_checked");
    const partly = partlyCovered(this.report.checked);
    const total = groups.reduce((sum, [, checks]) => sum + checks.length, 0);
    if (total + partly.length + open.length === 0) return null;
    const line = ({ at, law, note, confidence }) =>
      h("li", {}, [at && placeOf(at), law?.reference, note, confidence > 0 && confidenceLabel(confidence)].filter(Boolean).join(" – "));
    const part = (title, checks) => [h("h4", {}, `${title} (${checks.length})`), h("ul", {}, checks.map(line))];
    return h(
      "section",
      { class: "coverage", "aria-label": "Kontrolleret" },
      partly.length > 0 && h("details", {}, h("summary", {}, `Delvist dækket (${partly.length})`), h("ul", {}, partly.map(line))),
      total > 0 && h("details", {}, h("summary", {}, `Kontrolleret og i orden (${total})`), groups.map(([title, checks]) => part(title, checks))),
      open.length > 0 && h("details", {}, h("summary", {}, `Kunne ikke kontrolleres (${open.length})`), h("ul", {}, open.map(line))),
    );
  }

  #tools() {
    const button = (name, text, onclick) => h("button", { type: "button", class: "button secondary small", onclick }, icon(name), text);
    const ask = (format) => this.dispatchEvent(new CustomEvent("export", { bubbles: true, detail: { format } }));
    return [
      h(
        "div",
        { class: "buttons" },
        button("copy", "Kopiér fund", () => this.#copy()),
        FORMATS.map(([format, name]) => button("download", name, () => ask(format))),
        button("print", "Udskriv", () => print()),
      ),
      h("p", { class: "hint" }, "Kopien udelader de fund, du har afvist. Filerne har dem alle."),
    ];
  }

  #copy() {
    const standing = this.report.findings.filter((finding) => !this.#dismissed.has(finding));
    copyText(reportText(this.report, standing), "Fundene");
  }
}

const place = (title, opener, quote, instead) =>
  h(
    "div",
    { class: "gap-place" },
    h("h4", {}, title),
    opener && h("p", { class: "gap-where" }, opener),
    quote && h("blockquote", { class: "gap-quote" }, quote),
    instead && h("p", { class: "hint" }, instead),
  );

const nothing = ({ checked }) =>
  h(
    "div",
    { class: "notice notice-plain" },
    icon("done"),
    h(
      "div",
      {},
      h("h3", { class: "notice-title" }, checked.length > 0 ? "Ingen fund" : "Der var intet at kontrollere"),
      h("p", {}, checked.length > 0
        ? "Det, der kunne kontrolleres, passer til loven. Se nedenfor, hvad det var."
        : "Teksten henviser ikke til love i samlingen. Vælg et dokument at holde den op mod, eller læg loven i samlingen."),
    ),
  );

customElements.define("hj-gap-report", GapReport);
