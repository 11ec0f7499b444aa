// <hj-documents label="…">: picks a document of the collection by searching for
// it; with the attribute "multiple", several. It tells of a change by a
// "documents" event.
import { h, uid } from "./dom.js";
import { documentPath, getJSON } from "./api.js";

const PAUSE = 250; // ms after the last key before a search is sent
const SHOWN = 8; // documents offered at a time

class DocumentPicker extends HTMLElement {
  #timer = 0;
  #loading = null;

  /** chosen are the documents that are picked. */
  chosen = [];

  connectedCallback() {
    if (!this.search) this.#make();
  }

  #make() {
    this.className = "field";
    this.several = this.hasAttribute("multiple");
    const label = this.getAttribute("label");
    const hint = this.getAttribute("hint") ?? "Søg efter titel, nummer eller forkortelse, og vælg på listen.";
    this.group = uid("document");
    this.error = h("div", { class: "field-error", id: uid("error") });
    this.search = h("input", { type: "search", id: uid("find"), autocomplete: "off", "aria-describedby": this.error.id, oninput: () => this.#later() });
    this.results = h("div", { class: "picker", role: "group", "aria-label": label });
    this.append(h("label", { for: this.search.id }, label), h("p", { class: "hint" }, hint), this.error, this.search, this.results);
    if (!this.several) this.find();
  }

  /** choose picks the document with an id. */
  async choose(id) {
    this.#loading?.abort();
    try {
      const { document } = await getJSON(documentPath(id));
      this.search.value = document.title;
      this.#set([document]);
      this.#offer([document], 1);
    } catch (error) {
      this.showError(h("p", { role: "alert" }, error.detail));
    }
  }

  /** clear takes every choice back, without an event. */
  clear() {
    this.chosen = [];
    for (const box of this.results.querySelectorAll("input")) box.checked = false;
  }

  showError(content) {
    this.error.replaceChildren(content);
    this.classList.add("invalid");
    this.search.setAttribute("aria-invalid", "true");
    this.search.focus();
  }

  clearError() {
    this.error.replaceChildren();
    this.classList.remove("invalid");
    this.search.removeAttribute("aria-invalid");
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.find(), PAUSE);
  }

  /** find offers the documents that fit the words in the search field. */
  async find() {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const words = this.search.value.trim();
    if (this.several && !words) return this.#offer([], 0);
    const query = new URLSearchParams({ limit: SHOWN });
    if (words) query.set("q", words);
    try {
      const { documents, total } = await getJSON(`/api/v1/documents?${query}`, { signal });
      this.#offer(documents ?? [], total);
    } catch (error) {
      if (error.name !== "AbortError") this.results.replaceChildren(h("p", { class: "hint" }, error.detail));
    }
  }

  #offer(documents, total) {
    const kept = this.several ? this.chosen : []; // what is picked stays in sight
    const others = documents.filter(({ id }) => !kept.some((document) => document.id === id));
    const rest = total - documents.length;
    const nothing = documents.length === 0 && (!this.several || this.search.value.trim());
    this.results.replaceChildren(
      ...[...kept, ...others].map((document) => this.#option(document)),
      nothing ? h("p", { class: "hint" }, "Intet dokument passer. Prøv færre eller andre ord.") : "",
      rest > 0 ? h("p", { class: "hint" }, `${rest} mere. Skriv noget af titlen for at finde dem.`) : "",
    );
  }

  #option(document) {
    const checked = this.chosen.some(({ id }) => id === document.id);
    const type = this.several ? "checkbox" : "radio";
    const pick = (event) => {
      const others = this.several ? this.chosen.filter(({ id }) => id !== document.id) : [];
      this.#set(event.target.checked ? [...others, document] : others);
    };
    return h(
      "label",
      { class: "choice" },
      h("input", { type, name: this.group, value: document.id, checked, onchange: pick }),
      h("span", {}, document.title, h("span", { class: "hint" }, ` ${[document.number, document.short_titles?.[0]].filter(Boolean).join(" · ")}`)),
    );
  }

  #set(documents) {
    this.chosen = documents;
    this.dispatchEvent(new CustomEvent("documents", { bubbles: true }));
  }
}

customElements.define("hj-documents", DocumentPicker);
