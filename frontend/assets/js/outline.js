// <hj-outline>: the table of contents of a document, as nested afsnit and
// kapitler that fold, with a filter.
import { h, uid } from "./dom.js";
import { localPart, readerPath } from "./api.js";

class Outline extends HTMLElement {
  /** show fills the outline of a document; the section that is read is opened and marked by setCurrent. */
  show(document, entries) {
    this.links = new Map();
    const filterId = uid("filter");
    this.filter = h("input", { type: "search", id: filterId, autocomplete: "off", oninput: () => this.#apply() });
    this.tree = h("div", { class: "outline-tree" });
    this.none = h("p", { class: "hint", role: "status" });
    const root = { groups: new Map(), items: [] };
    for (const entry of entries) place(root, entry);
    this.tree.append(...this.#branch(document, root));
    this.replaceChildren(
      h("div", { class: "field" }, h("label", { for: filterId }, "Find i indholdet"), this.filter),
      this.none,
      h("nav", { "aria-label": "Indhold" }, this.tree),
    );
  }

  #branch(document, node) {
    const items = node.items.map((entry) => {
      const local = localPart(entry.id);
      const text = [entry.label, entry.heading].filter(Boolean).join(" ") || entry.path?.at(-1) || local;
      const link = h("a", { href: readerPath(document.id, local) }, text, entry.repealed && h("span", { class: "hint" }, " (ophævet)"));
      this.links.set(local, link);
      return h("li", {}, link);
    });
    const groups = [...node.groups].map(([title, child]) =>
      h("details", {}, h("summary", {}, title), this.#branch(document, child)),
    );
    return [items.length > 0 && h("ul", {}, items), ...groups].filter(Boolean);
  }

  /** setCurrent marks a section, given by its local part, and unfolds what holds it. */
  setCurrent(local) {
    for (const link of this.links.values()) link.removeAttribute("aria-current");
    const link = this.links.get(local);
    if (!link) return;
    link.setAttribute("aria-current", "location");
    for (let at = link.parentElement; at && at !== this; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
    }
    const [mine, box] = [link.getBoundingClientRect(), this.getBoundingClientRect()];
    if (mine.top < box.top || mine.bottom > box.bottom) this.scrollTop += mine.top - box.top - this.clientHeight / 3;
  }

  #apply() {
    const wanted = this.filter.value.trim().toLowerCase();
    let shown = 0;
    for (const link of this.links.values()) {
      const hit = link.textContent.toLowerCase().includes(wanted);
      link.parentElement.hidden = !hit;
      shown += hit;
    }
    for (const group of this.tree.querySelectorAll("details")) {
      const any = [...group.querySelectorAll("li")].some((item) => !item.hidden);
      group.hidden = !any;
      if (wanted && any) group.open = true;
    }
    this.none.textContent = shown === 0 ? "Intet i indholdet passer." : "";
  }
}

/** place hangs an entry below the groups that its path names; the path's last step is the section itself. */
function place(node, entry) {
  for (const step of (entry.path ?? []).slice(0, -1)) {
    if (!node.groups.has(step)) node.groups.set(step, { groups: new Map(), items: [] });
    node = node.groups.get(step);
  }
  node.items.push(entry);
}

customElements.define("hj-outline", Outline);
