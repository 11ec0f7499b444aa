// <hj-admin-feedback>: the queue of feedback, without names.
import { h, icon, toast, uid } from "./dom.js";
import { failure, loading } from "./states.js";
import { getJSON, patch, readerPath } from "./api.js";
import { clock, count } from "./format.js";

const ADDRESS = "/api/v1/feedback";
const PAGE = 20; // pieces fetched at a time

class AdminFeedback extends HTMLElement {
  #list = [];

  connectedCallback() {
    this.className = "admin-part";
    this.state = h("select", { id: uid("state"), onchange: () => this.#load() }, h("option", { value: "open" }, "Ubehandlede"), h("option", { value: "" }, "Alle"));
    this.total = h("p", { class: "hint", role: "status" });
    this.box = h("div", {}, loading("Henter tilbagemeldinger …"));
    this.replaceChildren(
      h("h2", {}, "Tilbagemeldinger"),
      h("div", { class: "admin-filter" }, h("div", { class: "field" }, h("label", { for: this.state.id }, "Vis"), this.state)),
      this.total,
      this.box,
    );
    this.#load();
  }

  async #load(offset = 0) {
    const query = new URLSearchParams({ limit: PAGE, offset });
    if (this.state.value) query.set("state", this.state.value);
    try {
      const { feedback, total } = await getJSON(`${ADDRESS}?${query}`);
      this.#list = offset === 0 ? feedback : [...this.#list, ...feedback];
      this.#render(total);
    } catch (error) {
      this.total.textContent = "";
      this.box.replaceChildren(failure(error, () => this.#load(), "h3"));
    }
  }

  #render(total) {
    this.total.textContent = total === 0 ? "Ingen tilbagemeldinger." : count(total, "tilbagemelding", "tilbagemeldinger");
    const rest = total - this.#list.length;
    this.box.replaceChildren(
      h("ul", { class: "queue" }, this.#list.map((feedback) => this.#item(feedback))),
      rest > 0 ? h("button", { type: "button", class: "button secondary small", onclick: () => this.#load(this.#list.length) }, `Vis flere (${rest})`) : "",
    );
  }

  #item(feedback) {
    const done = feedback.state === "done";
    const mark = () => this.#mark(feedback, done ? "open" : "done");
    const line = (term, ...content) => [h("dt", {}, term), h("dd", {}, content)];
    return h(
      "li",
      { class: "queue-item" },
      h("h3", {}, feedback.question),
      h("p", { class: "facts" }, rating(feedback), ` ${clock(feedback.at)}${done ? " · behandlet" : ""}`),
      h(
        "dl",
        { class: "refusal" },
        feedback.wrong.length > 0 && line("Forkert", places(feedback.wrong)),
        feedback.missing && line("Mangler", feedback.missing),
        feedback.comment && line("Kommentar", feedback.comment),
        line("Svaret viste", feedback.shown.length > 0 ? places(feedback.shown) : "ingen kilde"),
      ),
      h("button", { type: "button", class: "link-button", "aria-label": `${done ? "Åbn igen" : "Behandlet"}: ${feedback.question}`, onclick: mark }, icon(done ? "back" : "done"), done ? "Åbn igen" : "Behandlet"),
    );
  }

  async #mark(feedback, state) {
    try {
      await patch(`${ADDRESS}/${encodeURIComponent(feedback.id)}`, { state });
      toast(state === "done" ? "Markeret som behandlet." : "Åbnet igen.");
      await this.#load();
      this.state.focus();
    } catch (error) {
      toast(`Det lykkedes ikke. ${error.detail ?? ""}`);
    }
  }
}

function rating({ rating: code }) {
  if (code === "good") return h("span", { class: "badge badge-current" }, "Godt svar");
  if (code === "bad") return h("span", { class: "badge badge-past" }, "Noget er galt");
  return h("span", { class: "badge" }, "Kommentar");
}

/** places links to sections by their ids. */
function places(ids) {
  return ids.map((id, at) => {
    const document = id.split("#", 1)[0];
    return [at > 0 && ", ", h("a", { href: readerPath(document, id) }, id)];
  });
}

customElements.define("hj-admin-feedback", AdminFeedback);
