// <hj-source>: one source beside the answer; a sheet over it on small screens.
// Inside it one can walk to neighbouring sections and along references, and
// back to the citation.
import { copyText, h, icon, uid } from "./dom.js";
import { failure, loading } from "./states.js";
import { getJSON, localPart, readerPath, sectionPath } from "./api.js";
import { badges, facts, partRange, relations, scrollToMark, sectionText } from "./section.js";
import { pageImage, pagesOf } from "./page-image.js";
import { partAt } from "./text.js";
import { quotation, safeURL, shortName } from "./format.js";

const DRAFT = "kladde"; // the id of a text that is not stored
const narrow = matchMedia("(max-width: 63.99rem)");

class SourcePanel extends HTMLElement {
  #trail = []; // the places visited, the shown one last
  #opener = null;
  #loading = null;

  connectedCallback() {
    if (this.dialog) return;
    this.titleId = uid("source");
    this.box = h("div", { class: "source-scroll", tabindex: "0", role: "region", "aria-label": "Kildens tekst" });
    this.headBox = h("header", { class: "source-head" });
    this.dialog = h("dialog", { class: "source", "aria-labelledby": this.titleId }, this.headBox, this.box);
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    narrow.addEventListener("change", () => this.#reopen());
    this.append(this.dialog);
  }

  /** show opens a source of an answer; opener gets the focus back when the panel closes. */
  show(source, { opener, day }) {
    this.#opener = opener;
    this.day = day;
    this.#trail = [{ ...source, mark: { start: source.start, end: source.end } }];
    this.#open();
    this.#load();
  }

  close() {
    if (this.dialog?.open) this.dialog.close();
  }

  #open() {
    if (!this.dialog.open) narrow.matches ? this.dialog.showModal() : this.dialog.show();
    this.dispatchEvent(new CustomEvent("panel", { bubbles: true, detail: { open: true } }));
  }

  #reopen() {
    if (!this.dialog.open) return;
    this.dialog.removeAttribute("open");
    if (!narrow.matches) this.dialog.close();
    this.#open();
  }

  #closed() {
    if (this.dialog.open) return;
    this.#loading?.abort();
    this.dispatchEvent(new CustomEvent("panel", { bubbles: true, detail: { open: false } }));
    if (this.#opener?.isConnected) this.#opener.focus();
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  }

  async #load() {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const place = this.#trail.at(-1);
    this.#showHead(place.reference ?? "Henter …", place);
    this.heading.focus();
    this.box.replaceChildren(loading("Henter kilden …", 8));
    if (place.document === DRAFT) return this.#renderDraft(place);
    try {
      const detail = await getJSON(sectionPath(place.document, place.section), { signal });
      if (place.part) place.mark = partRange(detail.section, place.part);
      this.#render(place, detail);
    } catch (error) {
      if (error.name !== "AbortError") this.box.replaceChildren(failure(error, () => this.#load(), "h3"));
    }
  }

  #showHead(reference, place) {
    this.heading = h("h2", { id: this.titleId, tabindex: "-1" }, reference);
    const kicker = place.kicker ?? (place.n ? `Kilde ${place.n}` : "Fulgt fra kilden");
    this.headBox.replaceChildren(
      h("div", { class: "source-title" }, h("p", { class: "kicker" }, kicker), this.heading),
      h("button", { type: "button", class: "icon-button", "aria-label": "Luk kilden", onclick: () => this.close() }, icon("close")),
    );
  }

  #render(place, detail) {
    const { document, section } = detail;
    if (!place.reference) {
      const part = place.part ? `, ${place.part}` : "";
      place.reference = `${shortName(document)} ${section.label || section.heading || ""}${part}`.trim();
      this.heading.textContent = place.reference;
    }
    const pages = document.pages > 0 ? pagesOf(section, place.mark) : [];
    const text = sectionText(section, {
      mark: place.mark,
      references: detail.references,
      onReference: (ref) => this.#walk({ document: ref.document, section: ref.section, part: ref.part }),
    });
    this.box.replaceChildren(
      this.#about(document, section, place),
      this.#actions(document, section, place),
      pages.length > 0 ? this.#tabs(text, detail, place, pages) : text,
      this.#neighbours(detail),
      relations(detail, (target) => this.#walk(target)),
    );
    scrollToMark(this.box);
  }

  /** #renderDraft shows the quotation alone: a file that was sent to be looked at once is not stored. */
  #renderDraft(place) {
    const path = (place.path ?? []).filter(Boolean);
    this.box.replaceChildren(
      path.length > 0 && h("ol", { class: "place", "aria-label": "Placering" }, path.map((step) => h("li", {}, step))),
      h("p", { class: "facts" }, [place.title, place.page > 0 && `side ${place.page}`].filter(Boolean).join(", ")),
      h("div", { class: "law" }, h("p", { class: "line" }, h("mark", {}, place.quote))),
      h("p", { class: "hint" }, "Filen er læst, men ikke gemt. Åbn den på din egen computer for at se mere."),
    );
  }

  #about(document, section, place) {
    const part = place.mark ? partAt(section.parts ?? [], place.mark.start, place.mark.end) : "";
    const path = [...(section.path ?? []), part].filter(Boolean);
    return h(
      "div",
      { class: "source-about" },
      this.#trail.length > 1 &&
        h("button", { type: "button", class: "link-button", onclick: () => this.#back() }, icon("back"), "Tilbage"),
      h("p", { class: "source-document" }, document.title, " ", badges(document, this.day)),
      facts(document, this.day),
      path.length > 0 && h("ol", { class: "place", "aria-label": "Placering" }, path.map((step) => h("li", {}, step))),
    );
  }

  #actions(document, section, place) {
    const url = safeURL(document.url);
    const hash = place.mark ? `#m=${place.mark.start}-${place.mark.end}` : "";
    return h(
      "div",
      { class: "buttons source-actions" },
      h(
        "button",
        { type: "button", class: "button secondary small", onclick: () => this.#copy(document, place) },
        icon("copy"),
        "Kopiér henvisning",
      ),
      h("a", { class: "action", href: readerPath(document.id, section.id) + hash }, icon("book"), "Læs hele dokumentet"),
      url && h("a", { class: "action", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("external"), "Officiel kilde"),
    );
  }

  #copy(document, place) {
    const selection = getSelection();
    const chosen = this.box.contains(selection.anchorNode) ? selection.toString() : "";
    const marked = [...this.box.querySelectorAll(".law mark")].map((mark) => mark.textContent).join(" ");
    const { title, number, url } = document;
    copyText(quotation({ quote: chosen || place.quote || marked, reference: place.reference, title, number, url }), "Henvisningen");
  }

  #tabs(text, detail, place, pages) {
    const panel = h("div", { role: "tabpanel", class: "tabpanel", tabindex: "0" });
    const views = [
      { name: "Tekst", make: () => text },
      ...pages.map((page) => ({
        name: `Side ${page}`,
        make: () => pageImage(detail.document, detail.section, place.mark, page),
      })),
    ];
    const tabs = views.map((view) =>
      h("button", { type: "button", role: "tab", id: uid("tab"), onclick: () => select(view) }, view.name),
    );
    const select = (view) => {
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", String(views[i] === view));
        tab.tabIndex = views[i] === view ? 0 : -1;
        if (views[i] === view) panel.setAttribute("aria-labelledby", tab.id);
      });
      panel.replaceChildren(view.make());
    };
    const list = h("div", { role: "tablist", class: "tabs", "aria-label": "Visning" }, tabs);
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (tabs.indexOf(event.target) + step + tabs.length) % tabs.length;
      tabs[next].focus();
      select(views[next]);
    });
    select(views[0]);
    return h("div", {}, list, panel);
  }

  #neighbours({ document, previous, next }) {
    const button = (to, name, text) =>
      to &&
      h(
        "button",
        { type: "button", class: "link-button", onclick: () => this.#walk({ document: document.id, section: to.id }) },
        name === "back" ? icon("back") : null,
        `${text} ${to.label || localPart(to.id)}`,
        name === "next" ? icon("next") : null,
      );
    return h(
      "nav",
      { class: "neighbours", "aria-label": "Nabobestemmelser" },
      button(previous, "back", "Forrige:"),
      button(next, "next", "Næste:"),
    );
  }

  #walk(target) {
    this.#trail.push({ ...target, mark: null });
    this.#load();
  }

  #back() {
    this.#trail.pop();
    this.#load();
  }
}

customElements.define("hj-source", SourcePanel);
