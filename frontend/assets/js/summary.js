// <hj-summary>: sums up a document of the collection, a chapter of it, or a
// file that is read and not stored.
import { h, swap, uid } from "./dom.js";
import { documentPath, getJSON, lost, postForm, postJSON, Problem } from "./api.js";
import "./text-choice.js";

const LENGTHS = [
  ["short", "Kort"],
  ["medium", "Mellem"],
  ["long", "Lang"],
];

class Summary extends HTMLElement {
  #running = null;

  connectedCallback() {
    if (!this.form) this.#make();
    const asked = new URLSearchParams(location.search).get("dokument");
    if (asked) this.text.picker.choose(asked);
  }

  disconnectedCallback() {
    this.panel.close();
  }

  #make() {
    this.className = "ask";
    this.panel = h("hj-source");
    this.panel.addEventListener("panel", (event) => {
      this.classList.toggle("with-panel", event.detail.open);
      if (!event.detail.open) this.slotBox.firstChild?.showOpen?.(0);
    });
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.panel.close());
    this.addEventListener("cite", ({ detail: { source, opener, day } }) => {
      this.panel.show(source, { opener, day });
      this.slotBox.firstChild.showOpen(source.n);
    });
    this.slotBox = h("div", { class: "answer-slot" });
    this.append(h("div", { class: "ask-main" }, intro(), this.#makeForm(), this.slotBox), limits(), this.panel);
  }

  #makeForm() {
    this.text = h("hj-text-choice");
    this.text.addEventListener("choice", () => this.#findChapters());
    this.chapter = h("select", { id: uid("chapter") });
    this.chapterField = h("div", { class: "field", hidden: true }, h("label", { for: this.chapter.id }, "Afgræns til"), this.chapter);
    this.submit = h("button", { type: "submit", class: "button primary" }, "Sammenfat");
    this.stopButton = h("button", { type: "button", class: "button primary", hidden: true, onclick: () => this.#running?.abort() }, "Stop");
    const name = uid("length");
    const length = ([value, text]) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name, value, checked: value === "medium" }), text);
    this.lengths = h("fieldset", { class: "choices" }, h("legend", {}, "Længde"), LENGTHS.map(length));
    this.form = h(
      "form",
      { class: "question", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      this.text,
      this.chapterField,
      h("div", { class: "question-row" }, this.lengths, h("div", { class: "question-send" }, this.stopButton, this.submit)),
    );
    return this.form;
  }

  /** #findChapters offers the chapters of the document that is chosen. */
  async #findChapters() {
    const { document } = this.text;
    this.chapterField.hidden = true;
    if (!document) return;
    try {
      const { outline = [] } = await getJSON(documentPath(document.id));
      if (this.text.document !== document) return;
      const chapters = [...new Set(outline.filter(({ path }) => path?.length > 1).map(({ path }) => path.at(-2)))];
      this.chapter.replaceChildren(h("option", { value: "" }, "Hele dokumentet"), ...chapters.map((c) => h("option", { value: c }, c)));
      this.chapterField.hidden = chapters.length < 2;
    } catch {
      this.chapterField.hidden = true; // the whole document can still be summed up
    }
  }

  async #submitted(event) {
    event.preventDefault();
    if (this.#running) return;
    this.text.clearError();
    if (!this.text.name) return this.text.showError("Vælg et dokument eller en fil.");
    this.panel.close();
    const answer = h("hj-answer");
    const chapter = this.chapterField.hidden ? "" : this.chapter.value;
    const name = [this.text.name, chapter].filter(Boolean).join(", ");
    answer.start(`Sammenfatning: ${name}`, "", "Læser …");
    this.classList.add("asked");
    this.slotBox.replaceChildren(answer);
    this.#setRunning(new AbortController());
    try {
      await this.#follow(answer, chapter);
    } catch (error) {
      this.#failed(answer, error);
    } finally {
      this.#setRunning(null);
    }
  }

  async #follow(answer, chapter) {
    const length = this.lengths.querySelector("input:checked").value;
    for await (const { data } of this.#request(length, chapter, this.#running.signal)) {
      if (data.type === "status") answer.setStatus(data.status);
      if (data.type === "source") answer.addSource(data.source);
      if (data.type === "sentence") answer.addSentence(data.sentence);
      if (data.type === "error") throw new Problem({ title: "Sammenfatningen kunne ikke gøres færdig", detail: data.error });
      if (data.type === "done") return answer.finish(data.answer);
    }
    throw lost();
  }

  #request(length, chapter, signal) {
    const { file, document } = this.text;
    if (!file) return postJSON("/api/v1/summaries", { document: document.id, chapter: chapter || undefined, length }, signal);
    const form = new FormData();
    form.append("length", length);
    form.append("file", file, file.name);
    return postForm("/api/v1/summaries", form, signal);
  }

  #failed(answer, error) {
    if (error.name === "AbortError") return answer.stop();
    if (!error.verdict) return answer.fail(error, () => this.form.requestSubmit());
    this.slotBox.replaceChildren();
    this.text.showRefusal(error.verdict);
  }

  #setRunning(controller) {
    this.#running = controller;
    swap(this.submit, this.stopButton, Boolean(controller));
  }
}

const intro = () =>
  h(
    "div",
    { class: "intro" },
    h("h1", {}, "Hvad står der?"),
    h("p", { class: "lead" }, "Hovedpunkter og opmærksomhedspunkter i en lov, et kapitel eller en vejledning. Hvert punkt er et citat med henvisning."),
  );

const limits = () =>
  h(
    "aside",
    { class: "ask-side", "aria-label": "Om sammenfatninger" },
    h(
      "section",
      { class: "limits" },
      h("h2", {}, "Godt at vide"),
      h("h3", {}, "Et udvalg"),
      h("p", {}, "En sammenfatning er de vigtigste punkter, ikke det hele. Læs kilden, før du bruger reglen i en sag."),
      h("h3", {}, "Ingen personoplysninger"),
      h("p", {}, "Brug kun tekster om regler, ikke om borgere."),
    ),
  );

customElements.define("hj-summary", Summary);
