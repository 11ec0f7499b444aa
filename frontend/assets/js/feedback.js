// <hj-feedback>: what one thinks of an answer: good, a wrong source, a missing
// source, a comment. What was said before is shown and can be changed.
import { h, icon, uid } from "./dom.js";
import { refusal } from "./states.js";
import { postForJSON } from "./api.js";

class Feedback extends HTMLElement {
  #said = { rating: "", wrong: [], missing: "", comment: "" };

  /** show offers to say something of a turn; sources are those of its answer, said is what was said before. */
  show(turn, sources, said) {
    this.turn = turn;
    this.sources = uniqueSections(sources);
    this.#said = { ...this.#said, ...said };
    this.className = "feedback";
    this.status = h("p", { class: "hint", role: "status" });
    this.formBox = h("div", {});
    this.buttons = h("div", { class: "buttons", role: "group", "aria-label": "Hvad synes du om svaret?" });
    this.replaceChildren(h("h3", {}, "Hvad synes du om svaret?"), this.buttons, this.formBox, this.status);
    this.#drawButtons();
  }

  #drawButtons() {
    const { rating, wrong, missing, comment } = this.#said;
    const toggle = (name, text, pressed, onclick) =>
      h("button", { type: "button", class: "button secondary small", "aria-pressed": String(pressed), onclick }, icon(name), text);
    this.buttons.replaceChildren(
      ...[
        toggle("thumb", "Godt svar", rating === "good", () => this.#send({ ...this.#said, rating: rating === "good" ? "" : "good" })),
        this.sources.length > 0 && toggle("close", "Forkert kilde", wrong.length > 0, () => this.#openForm("wrong")),
        toggle("book", "Mangler kilde", missing !== "", () => this.#openForm("missing")),
        toggle("comment", "Kommentar", comment !== "", () => this.#openForm("comment")),
      ].filter(Boolean),
    );
  }

  #openForm(first) {
    const said = this.#said;
    const check = ({ section, reference }) =>
      h("label", { class: "choice" }, h("input", { type: "checkbox", name: "wrong", value: section, checked: said.wrong.includes(section) }), h("span", {}, reference));
    this.error = h("div", { class: "field-error" });
    const missing = h("input", { type: "text", id: uid("missing"), name: "missing", maxlength: "200", autocomplete: "off", value: said.missing });
    const comment = h("textarea", { id: uid("comment"), name: "comment", maxlength: "1000", rows: "3" }, said.comment);
    const hint = h("p", { class: "hint", id: uid("hint") }, "Nævn loven og paragraffen, fx »serviceloven § 85«.");
    missing.setAttribute("aria-describedby", hint.id);
    const form = h(
      "form",
      { class: "feedback-form", onsubmit: (event) => this.#submitted(event), onkeydown: (event) => event.key === "Escape" && this.#close() },
      this.error,
      this.sources.length > 0 && h("fieldset", { class: "choices" }, h("legend", {}, "Hvilke kilder er forkerte?"), this.sources.map(check)),
      h("div", { class: "field" }, h("label", { for: missing.id }, "Hvilken kilde mangler?"), hint, missing),
      h("div", { class: "field" }, h("label", { for: comment.id }, "Kommentar"), h("p", { class: "hint" }, "Skriv ikke om borgere."), comment),
      h("div", { class: "buttons" }, h("button", { type: "submit", class: "button primary small" }, "Send"), h("button", { type: "button", class: "button secondary small", onclick: () => this.#close() }, "Fortryd")),
    );
    this.formBox.replaceChildren(form);
    form.querySelector(`[name="${first}"]`).focus();
  }

  #close() {
    this.formBox.replaceChildren();
    this.buttons.querySelector("button").focus();
  }

  #submitted(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const wrong = data.getAll("wrong");
    const missing = data.get("missing").trim();
    const wrongAnswer = wrong.length > 0 || missing !== "";
    const rating = wrongAnswer ? "bad" : this.#said.rating === "bad" ? "" : this.#said.rating;
    this.#send({ rating, wrong, missing, comment: data.get("comment").trim() });
  }

  async #send(said) {
    const { rating, wrong, missing, comment } = said;
    try {
      await postForJSON("/api/v1/feedback", { turn: this.turn, rating, wrong, missing, comment });
    } catch (problem) {
      return this.#failed(problem);
    }
    const hadForm = this.formBox.childElementCount > 0;
    this.#said = { rating, wrong, missing, comment };
    this.formBox.replaceChildren();
    this.#drawButtons();
    const nothing = !rating && wrong.length === 0 && !missing && !comment;
    this.status.textContent = nothing ? "Din tilbagemelding er trukket tilbage." : "Tak. Din tilbagemelding er sendt til dem, der passer på samlingen.";
    if (hadForm || !this.contains(document.activeElement)) this.buttons.querySelector("button").focus();
  }

  #failed(problem) {
    const message = h("div", { role: "alert" }, problem.verdict ? refusal(problem.verdict) : problem.detail);
    if (this.formBox.childElementCount > 0) this.error.replaceChildren(message);
    else this.status.replaceChildren(problem.detail);
  }
}

/** uniqueSections names each section once: an answer may quote several places of one. */
function uniqueSections(sources) {
  return [...new Map(sources.map((source) => [source.section, source])).values()];
}

customElements.define("hj-feedback", Feedback);
