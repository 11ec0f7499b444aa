// <hj-text-choice>: the text that a page works on: a document of the collection,
// or a file that is read and not stored. It tells of a choice by a "choice" event.
import { h, icon, uid } from "./dom.js";
import { refusal } from "./states.js";
import "./document-picker.js";

class TextChoice extends HTMLElement {
  /** file is the File that is chosen, or null. */
  file = null;

  connectedCallback() {
    if (this.picker) return;
    this.picker = h("hj-documents", { label: "Dokument i samlingen" });
    this.picker.addEventListener("documents", () => {
      if (this.picker.chosen.length > 0) this.#setFile(null);
      this.#changed();
    });
    this.input = h("input", { type: "file", id: uid("file"), hidden: true, onchange: () => this.#setFile(this.input.files[0] ?? null) });
    this.fileName = h("p", { class: "hint", role: "status" });
    this.append(
      this.picker,
      h(
        "div",
        { class: "field" },
        h("span", { class: "label" }, "Eller en fil"),
        h("p", { class: "hint" }, "Filen bliver læst og ikke gemt. Filer med CPR-numre bliver afvist."),
        h("button", { type: "button", class: "button secondary small", onclick: () => this.input.click() }, icon("upload"), "Vælg fil"),
        this.fileName,
        this.input,
      ),
    );
  }

  /** document is the document that is chosen, or null. */
  get document() {
    return this.picker.chosen[0] ?? null;
  }

  /** name is what the choice is called, "" where there is none. */
  get name() {
    return this.file?.name ?? this.document?.title ?? "";
  }

  /** showError says above the search what is wrong, and goes there. */
  showError(message) {
    this.picker.showError(h("p", { class: "error-title", role: "alert" }, icon("alert"), message));
  }

  /** showRefusal says why the policy stops the file. */
  showRefusal(verdict) {
    const title = h("p", { class: "error-title" }, icon("lock"), "Filen er ikke læst");
    const places = verdict.places?.map((place) => place.masked).join(", ");
    this.picker.showError(h("div", { role: "alert" }, title, refusal(verdict), places && h("p", { class: "hint" }, `Sted i filen: ${places}`)));
  }

  clearError() {
    this.picker.clearError();
  }

  #setFile(file) {
    this.file = file;
    this.fileName.textContent = file ? `Valgt: ${file.name}` : "";
    if (!file) {
      this.input.value = "";
      return;
    }
    this.picker.clear();
    this.#changed();
  }

  #changed() {
    this.clearError();
    this.dispatchEvent(new CustomEvent("choice", { bubbles: true }));
  }
}

customElements.define("hj-text-choice", TextChoice);
