// <hj-reader>: a whole document. Reading begins at the section that the address
// names; the following ones are fetched as the reader comes to them.
import { h, icon } from "./dom.js";
import { failure, loading } from "./states.js";
import { documentPath, getJSON, localPart, readerPath, sectionPath } from "./api.js";
import { badges, facts, partRange, relations, sectionText } from "./section.js";
import { pageImage, pagesOf } from "./page-image.js";
import { count, safeURL, shortName } from "./format.js";
import { setTitle } from "./router.js";

const AHEAD = "600px"; // how far below the window the next section is fetched

class Reader extends HTMLElement {
  #abort = new AbortController();
  #next = null; // the section after the last one shown
  #watcher = null;
  #fetching = false;

  connectedCallback() {
    this.className = "reader";
    this.#loadDocument();
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#watcher?.disconnect();
  }

  get documentId() {
    return this.getAttribute("document");
  }

  async #loadDocument() {
    this.replaceChildren(h("div", { class: "page" }, loading("Henter dokumentet …", 8)));
    try {
      const { signal } = this.#abort;
      const { document, outline } = await getJSON(documentPath(this.documentId), { signal });
      this.#layout(document, outline);
      const first = this.getAttribute("section") ?? (outline[0] && localPart(outline[0].id));
      if (first) await this.#begin(first);
      else this.sections.replaceChildren(h("p", {}, "Dokumentet har ingen tekst."));
    } catch (error) {
      this.#fail(error, this, () => this.#loadDocument());
    }
  }

  #fail(error, place, retry) {
    if (error.name === "AbortError") return;
    const again = error.status === 404 ? null : retry;
    place.replaceChildren(h("div", { class: place === this ? "page" : "" }, failure(error, again, place === this ? "h1" : "h2")));
  }

  #layout(document, outline) {
    setTitle(shortName(document));
    const url = safeURL(document.url);
    this.outline = h("hj-outline");
    this.outline.show(document, outline);
    this.before = h("div", { class: "reader-before" });
    this.sections = h("div", { class: "reader-sections" });
    this.after = h("div", { class: "reader-after" });
    this.replaceChildren(
      h(
        "header",
        { class: "reader-head" },
        h("h1", {}, document.title),
        badges(document),
        facts(document),
        h(
          "p",
          { class: "reader-links" },
          url && h("a", { class: "action", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("external"), "Officiel kilde"),
          document.superseded_by && h("a", { class: "action", href: readerPath(document.superseded_by) }, icon("next"), "Nyere udgave"),
          document.supersedes && h("a", { class: "action", href: readerPath(document.supersedes) }, icon("back"), "Ældre udgave"),
        ),
      ),
      h(
        "details",
        { class: "reader-outline", open: matchMedia("(min-width: 64rem)").matches },
        h("summary", {}, `Indhold (${count(outline.length, "afsnit", "afsnit")})`),
        this.outline,
      ),
      h("div", { class: "reader-text" }, this.before, this.sections, this.after),
    );
    this.#watcher = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && this.#more(), { rootMargin: AHEAD });
  }

  async #begin(local) {
    this.sections.replaceChildren(loading("Henter teksten …", 6));
    try {
      const detail = await this.#fetch(local);
      const mark = markFromHash(location.hash, detail.section);
      const element = this.#section(detail, mark);
      this.sections.replaceChildren(element);
      this.#showPrevious(detail.previous);
      this.#setNext(detail.next);
      this.outline.setCurrent(local);
      if (this.getAttribute("section")) (element.querySelector("mark") ?? element).scrollIntoView({ block: mark ? "center" : "start" });
    } catch (error) {
      this.#fail(error, this.sections, () => this.#begin(local));
    }
  }

  #fetch(local) {
    return getJSON(sectionPath(this.documentId, local), { signal: this.#abort.signal });
  }

  async #more() {
    if (!this.#next || this.#fetching) return;
    this.#fetching = true;
    const wanted = this.#next;
    this.after.replaceChildren(loading(`Henter ${wanted.label || "næste afsnit"} …`, 2));
    try {
      const detail = await this.#fetch(localPart(wanted.id));
      this.sections.append(this.#section(detail, null));
      this.#setNext(detail.next);
    } catch (error) {
      this.#watcher.disconnect();
      this.#fail(error, this.after, () => this.#more());
    } finally {
      this.#fetching = false;
    }
  }

  #setNext(next) {
    this.#next = next;
    this.#watcher.disconnect();
    this.after.replaceChildren(next ? "" : h("p", { class: "hint" }, "Slut på dokumentet."));
    // Watched anew each time: the observer tells again although the end stays in sight.
    if (next) this.#watcher.observe(this.after);
  }

  #showPrevious(previous) {
    if (!previous) return this.before.replaceChildren();
    const show = async () => {
      try {
        const detail = await this.#fetch(localPart(previous.id));
        const element = this.#section(detail, null);
        this.sections.prepend(element);
        this.#showPrevious(detail.previous);
        element.querySelector("h2").focus();
      } catch (error) {
        this.#fail(error, this.before, show);
      }
    };
    const name = previous.label || "forrige afsnit";
    this.before.replaceChildren(h("button", { type: "button", class: "link-button", onclick: show }, icon("back"), `Vis ${name} ovenfor`));
  }

  #section(detail, mark) {
    const { document, section } = detail;
    const local = localPart(section.id);
    const groups = (section.path ?? []).slice(0, -1).join(" › ");
    const name = section.label || section.heading || section.path?.at(-1) || local;
    const pages = document.pages > 0 ? pagesOf(section, mark) : [];
    return h(
      "section",
      { class: "reader-section", "aria-label": name },
      groups && h("p", { class: "section-place" }, groups),
      h(
        "h2",
        { tabindex: "-1" },
        h("a", { class: "permalink", href: readerPath(document.id, local) }, name),
        section.label && section.heading && h("span", { class: "section-heading" }, ` ${section.heading}`),
      ),
      section.repealed && h("p", { class: "hint" }, "Ophævet"),
      sectionText(section, { mark, references: detail.references }),
      pages.map((page) => pageDetails(document, section, mark, page)),
      relations(detail, null),
    );
  }
}

/** pageDetails shows a page's picture when it is unfolded. */
function pageDetails(document, section, mark, page) {
  const details = h("details", { class: "page-details" }, h("summary", {}, `Vis side ${page}`));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(pageImage(document, section, mark, page));
  });
  return details;
}

/**
 * markFromHash reads what the address asks to highlight: #m=120-240 is a byte
 * range, #del=stk. 2 a part of the section.
 */
function markFromHash(hash, section) {
  const wanted = new URLSearchParams(hash.slice(1));
  const range = wanted.get("m")?.match(/^(\d+)-(\d+)$/);
  if (range) return { start: Number(range[1]), end: Number(range[2]) };
  return wanted.has("del") ? partRange(section, wanted.get("del")) : null;
}

customElements.define("hj-reader", Reader);
