// <hj-collection>: what the collection holds, with search, upload and removal.
import { h, icon, toast, uid } from "./dom.js";
import { empty, failure, loading } from "./states.js";
import { documentPath, getJSON, readerPath, remove } from "./api.js";
import { confirmRemoval } from "./confirm.js";
import { count, kindLabel, kinds, longDate, validity, vectorLine } from "./format.js";

const PAGE = 50; // documents fetched at a time
const VECTOR_PAUSE = 15_000; // ms between looks at how far search by meaning is
const PAUSE = 250; // ms after the last key before a search is sent

class Collection extends HTMLElement {
  #documents = [];
  #loading = null;
  #timer = 0;
  #vectorTimer = 0;

  connectedCallback() {
    this.className = "page collection";
    this.banner = h("div", {});
    this.upload = h("hj-upload");
    this.upload.addEventListener("uploaded", () => this.#load());
    this.list = h("div", { class: "documents" });
    this.total = h("p", { class: "documents-total", role: "status" });
    this.vectors = h("p", { class: "documents-vectors" });
    this.replaceChildren(
      h("h1", {}, "Samling"),
      h("p", { class: "lead" }, "De love, vejledninger og lokale retningslinjer, som Hjemmel svarer ud fra."),
      this.banner,
      this.#makeUploadPart(),
      h("hj-sources"),
      this.#makeFilter(),
      this.total,
      this.vectors,
      this.list,
    );
    this.list.replaceChildren(loading("Henter samlingen …", 6));
    this.#load();
    this.#loadVectors();
  }

  disconnectedCallback() {
    clearTimeout(this.#vectorTimer);
  }

  async #loadVectors() {
    try {
      const { vectors } = await getJSON("/api/v1/info");
      this.vectors.textContent = vectorLine(vectors);
      if (vectors?.done < vectors?.total && this.isConnected) this.#vectorTimer = setTimeout(() => this.#loadVectors(), VECTOR_PAUSE);
    } catch {
      this.vectors.textContent = ""; // The page works without it.
    }
  }

  #makeUploadPart() {
    this.uploadPart = h("details", { class: "upload-part for-editors" }, h("summary", {}, "Læg dokumenter i samlingen"), this.upload);
    return this.uploadPart;
  }

  #makeFilter() {
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), PAUSE);
    };
    const option = ([value, text]) => h("option", { value }, text);
    this.search = h("input", { type: "search", id: uid("search"), autocomplete: "off", oninput: later });
    this.kind = h("select", { id: uid("kind"), onchange: () => this.#load() }, [["", "Alle"], ...kinds].map(option));
    this.collection = h("select", { id: uid("collection"), onchange: () => this.#load() }, option(["", "Alle"]));
    const field = (label, control) => h("div", { class: "field" }, h("label", { for: control.id }, label), control);
    return h(
      "form",
      { class: "filter", role: "search", "aria-label": "Find dokumenter", onsubmit: (event) => event.preventDefault() },
      field("Søg efter titel eller nummer", this.search),
      field("Type", this.kind),
      field("Samling", this.collection),
    );
  }

  async #load(offset = 0) {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const query = new URLSearchParams({ limit: PAGE, offset });
    if (this.search.value.trim()) query.set("q", this.search.value.trim());
    if (this.kind.value) query.set("kind", this.kind.value);
    if (this.collection.value) query.set("collection", this.collection.value);
    try {
      const page = await getJSON(`/api/v1/documents?${query}`, { signal });
      this.#documents = offset === 0 ? page.documents ?? [] : [...this.#documents, ...page.documents];
      this.#render(page);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.total.textContent = "";
      this.list.replaceChildren(failure(error, () => this.#load()));
    }
  }

  #render({ total, samples, collections = [] }) {
    this.#fillCollections(collections);
    this.#showBanner(samples);
    const filtered = this.search.value.trim() || this.kind.value || this.collection.value;
    if (total === 0) {
      this.total.textContent = "";
      if (!filtered) this.uploadPart.open = true;
      return this.list.replaceChildren(filtered ? noMatch(() => this.#clear()) : nothing());
    }
    this.total.textContent = count(total, "dokument", "dokumenter");
    const more = total > this.#documents.length;
    this.list.replaceChildren(
      this.#table(),
      more ? h("button", { type: "button", class: "button secondary", onclick: () => this.#load(this.#documents.length) }, "Vis flere") : "",
    );
  }

  #fillCollections(collections) {
    const chosen = this.collection.value;
    const options = collections.map(({ name, documents }) => h("option", { value: name }, `${name} (${documents})`));
    this.collection.replaceChildren(h("option", { value: "" }, "Alle"), ...options);
    this.collection.value = chosen;
    this.upload.setCollections(collections.map(({ name }) => name));
  }

  #clear() {
    this.search.value = this.kind.value = this.collection.value = "";
    this.#load();
    this.search.focus();
  }

  #showBanner(samples) {
    if (!samples) return this.banner.replaceChildren();
    this.banner.replaceChildren(
      h(
        "section",
        { class: "notice notice-sample", "aria-label": "Eksempeldokumenter" },
        icon("book"),
        h(
          "div",
          {},
          h("p", { class: "notice-title" }, count(samples, "eksempeldokument", "eksempeldokumenter")),
          h(
            "p",
            {},
            "De er lagt ind, så du kan prøve Hjemmel. ",
            h("span", { class: "for-editors" }, "Fjern dem, når du har lagt kommunens egne dokumenter ind."),
          ),
          h("button", { type: "button", class: "button secondary for-editors", onclick: () => this.#removeSamples(samples) }, "Fjern eksemplerne"),
        ),
      ),
    );
  }

  async #removeSamples(samples) {
    const text = `${count(samples, "eksempeldokument", "eksempeldokumenter")} bliver fjernet fra samlingen. Kommunens egne dokumenter bliver.`;
    if (!(await confirmRemoval({ title: "Fjern eksemplerne?", text, action: "Fjern eksemplerne" }))) return;
    await this.#change(() => remove("/api/v1/samples"), "Eksemplerne er fjernet.");
  }

  async #delete(document) {
    const text = `»${document.title}« bliver fjernet fra samlingen, og Hjemmel svarer ikke længere ud fra det.`;
    if (!(await confirmRemoval({ title: "Slet dokumentet?", text, action: "Slet dokumentet" }))) return;
    await this.#change(() => remove(documentPath(document.id)), "Dokumentet er slettet.");
  }

  async #change(action, message) {
    try {
      await action();
      toast(message);
      await this.#load();
      this.search.focus();
    } catch (error) {
      this.banner.replaceChildren(failure(error));
    }
  }

  #table() {
    const columns = ["Dokument", "Samling", "Status", "Afsnit"];
    return h(
      "table",
      { role: "table" },
      h("caption", { class: "visually-hidden" }, "Dokumenter i samlingen"),
      h(
        "thead",
        { role: "rowgroup" },
        h("tr", { role: "row" }, columns.map((name) => h("th", { scope: "col", role: "columnheader" }, name)), h("td", { role: "cell" })),
      ),
      h("tbody", { role: "rowgroup" }, this.#documents.map((document) => this.#row(document))),
    );
  }

  #row(document) {
    const { label, state } = standing(document);
    const issued = document.number || (document.issued && longDate(document.issued));
    const cell = (name, ...content) => h("td", { role: "cell", "data-label": name }, content);
    return h(
      "tr",
      { role: "row" },
      h(
        "th",
        { scope: "row", role: "rowheader" },
        h("a", { href: readerPath(document.id) }, document.title),
        h("span", { class: "hint" }, [kindLabel(document.kind), issued].filter(Boolean).join(" · ")),
      ),
      cell("Samling", document.collection),
      cell(
        "Status",
        h(
          "span",
          { class: "badges" },
          h("span", { class: `badge badge-${state}` }, label),
          document.sample && h("span", { class: "badge badge-sample" }, "Eksempel"),
          document.groups?.length && h("span", { class: "badge", title: `Kan kun læses af: ${document.groups.join(", ")}` }, "Begrænset adgang"),
        ),
      ),
      cell("Afsnit", String(document.sections)),
      h(
        "td",
        { role: "cell", class: "row-action" },
        h(
          "button",
          { type: "button", class: "icon-button for-editors", "aria-label": `Slet ${document.title}`, onclick: () => this.#delete(document) },
          icon("trash"),
        ),
      ),
    );
  }
}

/** standing words a document's state in the list: replaced says more than no longer in force. */
function standing(document) {
  const valid = validity(document);
  return valid.state === "past" && document.superseded_by ? { ...valid, label: "Erstattet" } : valid;
}

const nothing = () =>
  empty("Samlingen er tom", h("p", {}, "Læg love, vejledninger og retningslinjer ind ovenfor. Derefter kan du spørge."));

const noMatch = (clear) =>
  empty(
    "Ingen dokumenter passer",
    h("p", {}, "Prøv færre ord, eller vis hele samlingen."),
    h("button", { type: "button", class: "button secondary", onclick: clear }, "Vis alle"),
  );

customElements.define("hj-collection", Collection);
