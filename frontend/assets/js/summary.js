// <hj-summary>: sums up a document of the collection, a chapter of it, or a
// file that is read and not stored.
import { h, icon, uid } from "./dom.js";
import { refusal } from "./states.js";
import { documentPath, getJSON, lost, postForm, postJSON, Problem } from "./api.js";

const PAUSE = 250; // ms after the last key before a search is sent
const SHOWN = 8; // documents offered at a time

const LENGTHS = [
  ["short", "Kort"],
  ["medium", "Mellem"],
  ["long", "Lang"],
];

class Summary extends HTMLElement {
  #running = null;
  #timer = 0;
  #chosen = null; // the document that is picked
  #file = null;

  connectedCallback() {
    if (!this.form) this.#make();
    const asked = new URLSearchParams(location.search).get("dokument");
    if (asked) this.#chooseById(asked);
    else if (!this.#chosen) this.#find();
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
    this.error = h("div", { class: "field-error", id: uid("error") });
    this.search = h("input", { type: "search", id: uid("find"), autocomplete: "off", "aria-describedby": this.error.id, oninput: () => this.#later() });
    this.results = h("div", { class: "picker", role: "group", "aria-label": "Dokumenter" });
    this.chapter = h("select", { id: uid("chapter") });
    this.chapterField = h("div", { class: "field", hidden: true }, h("label", { for: this.chapter.id }, "Afgræns til"), this.chapter);
    this.picker = h("input", { type: "file", hidden: true, onchange: () => this.#setFile(this.picker.files[0] ?? null) });
    this.fileName = h("p", { class: "hint", role: "status" });
    this.submit = h("button", { type: "submit", class: "button primary" }, "Sammenfat");
    this.stopButton = h("button", { type: "button", class: "button primary", hidden: true, onclick: () => this.#running?.abort() }, "Stop");
    const name = uid("length");
    const length = ([value, text]) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name, value, checked: value === "medium" }), text);
    this.lengths = h("fieldset", { class: "choices" }, h("legend", {}, "Længde"), LENGTHS.map(length));
    this.form = h(
      "form",
      { class: "question", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      h(
        "div",
        { class: "field" },
        h("label", { for: this.search.id }, "Dokument i samlingen"),
        h("p", { class: "hint" }, "Søg efter titel, nummer eller forkortelse, og vælg på listen."),
        this.error,
        this.search,
        this.results,
      ),
      this.chapterField,
      h(
        "div",
        { class: "field" },
        h("span", { class: "label" }, "Eller en fil"),
        h("p", { class: "hint" }, "Filen bliver læst og ikke gemt. Filer med CPR-numre bliver afvist."),
        h("button", { type: "button", class: "button secondary small", onclick: () => this.picker.click() }, icon("upload"), "Vælg fil"),
        this.fileName,
        this.picker,
      ),
      h("div", { class: "question-row" }, this.lengths, h("div", { class: "question-send" }, this.stopButton, this.submit)),
    );
    return this.form;
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(), PAUSE);
  }

  async #find() {
    const query = new URLSearchParams({ limit: SHOWN });
    if (this.search.value.trim()) query.set("q", this.search.value.trim());
    try {
      const { documents = [], total } = await getJSON(`/api/v1/documents?${query}`);
      this.#offer(documents ?? [], total);
    } catch (error) {
      this.results.replaceChildren(h("p", { class: "hint" }, error.detail));
    }
  }

  #offer(documents, total) {
    const name = uid("document");
    const option = (document) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name, value: document.id, checked: document.id === this.#chosen?.id, onchange: () => this.#choose(document) }),
        h("span", {}, document.title, h("span", { class: "hint" }, ` ${[document.number, document.short_titles?.[0]].filter(Boolean).join(" · ")}`)),
      );
    const rest = total - documents.length;
    this.results.replaceChildren(
      ...documents.map(option),
      documents.length === 0 ? h("p", { class: "hint" }, "Intet dokument passer. Prøv færre eller andre ord.") : "",
      rest > 0 ? h("p", { class: "hint" }, `${rest} mere. Skriv noget af titlen for at finde dem.`) : "",
    );
  }

  async #choose(document) {
    this.#chosen = document;
    this.#setFile(null);
    this.#clearError();
    this.chapterField.hidden = true;
    try {
      const { outline = [] } = await getJSON(documentPath(document.id));
      if (this.#chosen !== document) return;
      const chapters = [...new Set(outline.filter(({ path }) => path?.length > 1).map(({ path }) => path.at(-2)))];
      this.chapter.replaceChildren(h("option", { value: "" }, "Hele dokumentet"), ...chapters.map((c) => h("option", { value: c }, c)));
      this.chapterField.hidden = chapters.length < 2;
    } catch {
      this.chapterField.hidden = true; // the whole document can still be summed up
    }
  }

  async #chooseById(id) {
    try {
      const { document } = await getJSON(documentPath(id));
      this.search.value = document.title;
      this.#chosen = document;
      this.#offer([document], 1);
      await this.#choose(document);
    } catch (error) {
      this.#showError(error.detail);
    }
  }

  #setFile(file) {
    this.#file = file;
    this.fileName.textContent = file ? `Valgt: ${file.name}` : "";
    if (!file) {
      this.picker.value = "";
      return;
    }
    this.#chosen = null;
    this.chapterField.hidden = true;
    this.#clearError();
    for (const radio of this.results.querySelectorAll("input")) radio.checked = false;
  }

  async #submitted(event) {
    event.preventDefault();
    if (this.#running) return;
    this.#clearError();
    if (!this.#file && !this.#chosen) return this.#showError("Vælg et dokument eller en fil.");
    this.panel.close();
    const answer = h("hj-answer");
    const chapter = this.chapterField.hidden ? "" : this.chapter.value;
    const name = [this.#file?.name ?? this.#chosen.title, chapter].filter(Boolean).join(", ");
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
    if (!this.#file) return postJSON("/api/v1/summaries", { document: this.#chosen.id, chapter: chapter || undefined, length }, signal);
    const form = new FormData();
    form.append("length", length);
    form.append("file", this.#file, this.#file.name);
    return postForm("/api/v1/summaries", form, signal);
  }

  #failed(answer, error) {
    if (error.name === "AbortError") return answer.stop();
    if (!error.verdict) return answer.fail(error, () => this.form.requestSubmit());
    this.slotBox.replaceChildren();
    const title = h("p", { class: "error-title" }, icon("lock"), "Filen er ikke læst");
    const places = error.verdict.places?.map((place) => place.masked).join(", ");
    this.error.replaceChildren(h("div", { role: "alert" }, title, refusal(error.verdict), places && h("p", { class: "hint" }, `Sted i filen: ${places}`)));
    this.search.focus();
  }

  #setRunning(controller) {
    this.#running = controller;
    const hadFocus = [this.submit, this.stopButton].includes(document.activeElement);
    this.stopButton.hidden = !controller;
    this.submit.hidden = Boolean(controller);
    if (hadFocus) (controller ? this.stopButton : this.submit).focus();
  }

  #showError(message) {
    this.error.replaceChildren(h("p", { class: "error-title", role: "alert" }, icon("alert"), message));
    this.search.parentElement.classList.add("invalid");
    this.search.setAttribute("aria-invalid", "true");
    this.search.focus();
  }

  #clearError() {
    this.error.replaceChildren();
    this.search.parentElement.classList.remove("invalid");
    this.search.removeAttribute("aria-invalid");
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
