// <hj-gaps>: holds a guideline up against the law and shows what does not fit.
import { h, icon, swap, toast, uid } from "./dom.js";
import { failure, loading } from "./states.js";
import { post } from "./api.js";
import "./text-choice.js";
import "./gap-report.js";

const ADDRESS = "/api/v1/gaps";

class Gaps extends HTMLElement {
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
    this.panel.addEventListener("panel", (event) => this.classList.toggle("with-panel", event.detail.open));
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.panel.close());
    this.addEventListener("cite", ({ detail: { source, opener, day } }) => this.panel.show(source, { opener, day }));
    this.addEventListener("export", ({ detail: { format } }) => this.#download(format));
    this.slotBox = h("div", { class: "answer-slot" });
    this.append(h("div", { class: "ask-main" }, intro(), this.#makeForm(), this.slotBox), limits(), this.panel);
  }

  #makeForm() {
    this.text = h("hj-text-choice");
    this.against = h("hj-documents", {
      label: "Hold op mod (kan udelades)",
      hint: "Uden valg bruges de love, som teksten selv henviser til, og dem, der ligner i indhold.",
      multiple: true,
    });
    this.dateError = h("div", { class: "field-error", id: uid("error") });
    this.date = h("input", { type: "date", id: uid("date"), "aria-describedby": this.dateError.id });
    this.submit = h("button", { type: "submit", class: "button primary" }, "Find mangler");
    this.stopButton = h("button", { type: "button", class: "button primary", hidden: true, onclick: () => this.#running?.abort() }, "Stop");
    this.form = h(
      "form",
      { class: "question", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      this.text,
      this.against,
      h(
        "div",
        { class: "question-row" },
        h("div", { class: "field" }, h("label", { for: this.date.id }, "Gælder på dato"), this.dateError, this.date, h("p", { class: "hint" }, "Tom betyder i dag")),
        h("div", { class: "question-send" }, this.stopButton, this.submit),
      ),
    );
    return this.form;
  }

  #submitted(event) {
    event.preventDefault();
    if (this.#running) return;
    this.text.clearError();
    this.dateError.replaceChildren();
    this.date.removeAttribute("aria-invalid");
    if (!this.text.name) return this.text.showError("Vælg et dokument eller en fil.");
    if (this.date.validity.badInput) return this.#wrongDate();
    this.asked = this.#request();
    this.#compare();
  }

  #wrongDate() {
    this.dateError.replaceChildren(h("p", { class: "error-title", role: "alert" }, icon("alert"), "Skriv datoen med dag, måned og år."));
    this.date.setAttribute("aria-invalid", "true");
    this.date.focus();
  }

  /** #request is the body that is sent, and sent again for an export. */
  #request() {
    const { file, document } = this.text;
    const against = this.against.chosen.map(({ id }) => id);
    if (!file) return { document: document.id, against, as_of: this.date.value || undefined };
    const form = new FormData();
    if (against.length > 0) form.append("against", against.join(","));
    if (this.date.value) form.append("as_of", this.date.value);
    form.append("file", file, file.name);
    return form;
  }

  async #compare() {
    this.panel.close();
    this.classList.add("asked");
    this.slotBox.replaceChildren(loading(`Holder »${this.text.name}« op mod loven …`, 6));
    this.#setRunning(new AbortController());
    try {
      const response = await post(ADDRESS, this.asked, this.#running.signal);
      const report = h("hj-gap-report");
      this.slotBox.replaceChildren(report);
      report.show(await response.json());
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#setRunning(null);
    }
  }

  #failed(error) {
    if (error.name === "AbortError") return this.slotBox.replaceChildren(h("p", { class: "answer-status", role: "status" }, "Stoppet. Teksten er ikke kontrolleret."));
    if (!error.verdict) return this.slotBox.replaceChildren(failure(error, () => this.#compare()));
    this.slotBox.replaceChildren();
    this.text.showRefusal(error.verdict);
  }

  async #download(format) {
    try {
      const response = await post(`${ADDRESS}?format=${format}`, this.asked);
      const address = URL.createObjectURL(await response.blob());
      h("a", { href: address, download: `mangler.${format}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      toast("Rapporten er hentet.");
    } catch (error) {
      toast(`Rapporten kunne ikke hentes. ${error.detail ?? ""}`);
    }
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
    h("h1", {}, "Passer teksten til loven?"),
    h("p", { class: "lead" }, "Forældede henvisninger, tal og frister, der ikke passer, og krav, som mangler i en retningslinje. Hvert fund viser begge steder."),
  );

const limits = () =>
  h(
    "aside",
    { class: "ask-side", "aria-label": "Om mangler" },
    h(
      "section",
      { class: "limits" },
      h("h2", {}, "Godt at vide"),
      h("h3", {}, "Fund er forslag"),
      h("p", {}, "Læs begge steder, før teksten bliver ændret. Afvis et fund, der ikke holder."),
      h("h3", {}, "Ikke alt kan kontrolleres"),
      h("p", {}, "Kun det, der er i samlingen, kan holdes op mod teksten. Listen nederst viser, hvad der er kontrolleret."),
      h("h3", {}, "Ingen personoplysninger"),
      h("p", {}, "Brug kun tekster om regler, ikke om borgere."),
      h("p", {}, h("a", { href: "/regler" }, "Hvad må Hjemmel bruges til?")),
    ),
  );

customElements.define("hj-gaps", Gaps);
