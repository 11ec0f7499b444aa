// <hj-conversations>: one's earlier conversations by day, with search, renaming
// and deletion. It tells of a conversation that is gone by a "gone" event, whose
// detail is its id, or "" for all.
import { h, icon, toast, uid } from "./dom.js";
import { failure, refusal } from "./states.js";
import { conversationPath, getJSON, patch, remove } from "./api.js";
import { confirmRemoval } from "./confirm.js";
import { byDay, count } from "./format.js";

const ADDRESS = "/api/v1/conversations";
const PAGE = 30; // conversations fetched at a time
const PAUSE = 250; // ms after the last key before a search is sent

class Conversations extends HTMLElement {
  #list = [];
  #total = 0;
  #open = ""; // id of the conversation on the page
  #timer = 0;
  #loading = null;

  connectedCallback() {
    if (!this.box) this.#make();
    this.refresh();
  }

  #make() {
    this.className = "conversations";
    this.hidden = true; // until there is something to list
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), PAUSE);
    };
    this.search = h("input", { type: "search", id: uid("conversation"), autocomplete: "off", oninput: later });
    this.box = h("div", { class: "conversation-days" });
    this.kept = h("p", {});
    this.found = h("p", { class: "visually-hidden", role: "status" });
    this.append(
      h("div", { class: "conversations-head" }, h("h2", {}, "Dine samtaler"), h("a", { class: "button secondary small", href: "/" }, "Ny samtale")),
      h("div", { class: "field", role: "search" }, h("label", { for: this.search.id }, "Søg i samtaler"), this.search),
      this.found,
      this.box,
      this.#makeOwn(),
    );
  }

  #makeOwn() {
    return h(
      "details",
      { class: "own-data" },
      h("summary", {}, "Dine data"),
      this.kept,
      h(
        "div",
        { class: "buttons" },
        h("a", { class: "link-button", href: "/api/v1/activity", download: "mine-data.json" }, icon("download"), "Hent alt om dig"),
        h("button", { type: "button", class: "link-button", onclick: () => this.#deleteAll() }, icon("trash"), "Slet alle samtaler"),
        h("button", { type: "button", class: "link-button", onclick: () => this.#erase() }, icon("trash"), "Slet alt om dig"),
      ),
    );
  }

  /** mark shows which conversation is on the page; "" for none. */
  mark(id) {
    this.#open = id;
    if (!this.box) return; // not on the page yet
    for (const link of this.box.querySelectorAll("a[data-id]")) {
      if (link.dataset.id === id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** refresh reads the list anew. */
  refresh() {
    return this.#load();
  }

  async #load(offset = 0) {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    const words = this.search.value.trim();
    const query = new URLSearchParams({ limit: PAGE, offset });
    if (words) query.set("q", words);
    try {
      const { conversations = [], total = 0, kept_days: kept = 0 } = await getJSON(`${ADDRESS}?${query}`, { signal });
      const known = offset === 0 ? [] : this.#list;
      const ids = new Set(known.map(({ id }) => id)); // a new conversation moves the others down a place
      this.#list = [...known, ...conversations.filter(({ id }) => !ids.has(id))];
      this.#total = total;
      this.hidden = total === 0 && !words;
      this.kept.textContent = `Kun du kan læse dine samtaler. ${kept > 0 ? `De bliver slettet ${count(kept, "dag", "dage")} efter det sidste spørgsmål.` : "De bliver liggende, til du sletter dem."}`;
      this.#render(words);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.hidden = !words; // without a store of conversations the page works all the same
      this.box.replaceChildren(error.verdict ? refusal(error.verdict) : failure(error, () => this.#load(), "h3"));
    }
  }

  #render(words) {
    this.found.textContent = words ? count(this.#total, "samtale fundet", "samtaler fundet") : "";
    const rest = this.#total - this.#list.length;
    const more = () => this.#load(this.#list.length);
    this.box.replaceChildren(
      ...byDay(this.#list).map(([day, list]) =>
        h("section", {}, h("h3", {}, day), h("ul", {}, list.map((conversation) => this.#item(conversation)))),
      ),
      this.#total === 0 ? h("p", { class: "hint" }, "Ingen samtaler passer. Prøv færre ord.") : "",
      rest > 0 ? h("button", { type: "button", class: "button secondary small", onclick: more }, `Vis flere (${rest})`) : "",
    );
    this.mark(this.#open);
  }

  #item(conversation) {
    const { id, title } = conversation;
    const item = h("li", {});
    const action = (name, label, onclick) =>
      h("button", { type: "button", class: "icon-button", "aria-label": `${label} samtalen: ${title}`, title: label, onclick }, icon(name));
    item.append(
      h("a", { href: `/samtale/${id}`, "data-id": id }, title),
      action("edit", "Omdøb", () => this.#rename(item, conversation)),
      action("trash", "Slet", () => this.#delete(conversation)),
    );
    return item;
  }

  #rename(item, conversation) {
    const error = h("div", { class: "field-error", id: uid("error") });
    const name = h("input", { type: "text", id: uid("name"), maxlength: "120", autocomplete: "off", value: conversation.title, "aria-describedby": error.id });
    const back = () => {
      const fresh = this.#item(conversation);
      item.replaceWith(fresh);
      this.mark(this.#open);
      fresh.querySelector("button").focus();
    };
    const save = async (event) => {
      event.preventDefault();
      try {
        conversation.title = (await patch(conversationPath(conversation.id), { title: name.value })).title;
        back();
        toast("Samtalen er omdøbt.");
      } catch (problem) {
        const message = problem.verdict ? refusal(problem.verdict) : problem.detail;
        error.replaceChildren(h("div", { role: "alert" }, message));
        name.setAttribute("aria-invalid", "true");
        name.focus();
      }
    };
    item.replaceChildren(
      h(
        "form",
        { class: "rename", onsubmit: save, onkeydown: (event) => event.key === "Escape" && back() },
        h("div", { class: "field" }, h("label", { for: name.id }, "Samtalens navn"), error, name),
        h("div", { class: "buttons" }, h("button", { type: "submit", class: "button primary small" }, "Gem"), h("button", { type: "button", class: "button secondary small", onclick: back }, "Fortryd")),
      ),
    );
    name.focus();
    name.select();
  }

  async #delete({ id, title }) {
    const text = `»${title}« bliver slettet med spørgsmål og svar. Tilbagemeldinger, du har sendt, bliver liggende.`;
    if (!(await confirmRemoval({ title: "Slet samtalen?", text, action: "Slet samtalen" }))) return;
    await this.#change(() => remove(conversationPath(id)), "Samtalen er slettet.", id);
  }

  async #deleteAll() {
    const text = "Alle dine samtaler bliver slettet med spørgsmål og svar. Det kan ikke fortrydes.";
    if (!(await confirmRemoval({ title: "Slet alle samtaler?", text, action: "Slet alle" }))) return;
    await this.#change(() => remove(ADDRESS), "Samtalerne er slettet.", "");
  }

  async #erase() {
    const text = "Dine samtaler og tilbagemeldinger bliver slettet, og auditloggen siger ikke længere, at det var dig. Det kan ikke fortrydes.";
    if (!(await confirmRemoval({ title: "Slet alt om dig?", text, action: "Slet alt" }))) return;
    await this.#change(() => remove("/api/v1/activity"), "Alt om dig er slettet.", "");
  }

  async #change(action, message, id) {
    try {
      await action();
      toast(message);
      this.dispatchEvent(new CustomEvent("gone", { detail: id }));
      await this.#load();
      if (!this.hidden) this.search.focus();
    } catch (error) {
      toast(`Det lykkedes ikke. ${error.detail ?? ""}`);
    }
  }
}

customElements.define("hj-conversations", Conversations);
