// <hj-answer>: one answer as it is written: statements grouped by what they do,
// each with the numbers of its sources, and the list of sources below.
import { copyText, h, icon } from "./dom.js";
import { failure } from "./states.js";
import { badges } from "./section.js";
import "./feedback.js";
import { conversationPath } from "./api.js";
import { quotation, rolesOf, statusLine, today } from "./format.js";

const PROPOSAL = "Forslag fundet i kilderne – ikke en afgørelse.";

class Answer extends HTMLElement {
  #groups = new Map(); // role → list element
  #sources = new Map(); // number → source
  #sentences = [];
  #task = "lookup"; // until a key point shows that it is a summary
  #part = ""; // the heading under which the last key point stands

  /** start shows the question and waits for statements; day is the date asked about or "", wait what is done first. */
  start(question, day, wait = "Søger i samlingen …") {
    this.question = question;
    this.day = day || today();
    this.status = h("p", { class: "answer-status", role: "status" }, wait);
    this.bar = h("div", { class: "answer-wait", "aria-hidden": "true" });
    this.body = h("div", { class: "answer-body", "aria-live": "polite", "aria-relevant": "additions" });
    this.sourceList = h("ol", { class: "sources" });
    this.sourcePart = h("section", { class: "answer-sources", "aria-label": "Kilder", hidden: true }, h("h3", {}, "Kilder"), this.sourceList);
    this.foot = h("div", { class: "answer-foot" });
    this.replaceChildren(
      h("h2", { class: "answer-question", tabindex: "-1" }, question),
      this.status,
      this.bar,
      this.body,
      this.sourcePart,
      this.foot,
    );
  }

  /** setStatus says what is being done now. */
  setStatus(text) {
    this.status.textContent = text;
  }

  /** addSource makes a source known before the statements that cite it. */
  addSource(source) {
    if (this.#sources.has(source.n)) return;
    this.#sources.set(source.n, source);
    this.sourceList.append(this.#sourceItem(source));
    this.sourcePart.hidden = false;
  }

  /** addSentence shows one statement under its role's heading. */
  addSentence(sentence) {
    this.#sentences.push(sentence);
    const marks = sentence.citations.map((n) => this.#mark(n));
    const unsure = sentence.verified === false && h("span", { class: "badge badge-future" }, "Ikke efterprøvet");
    if (sentence.role === "point") this.#task = "summary";
    const group = this.#group(sentence.role);
    if (sentence.role === "point" && sentence.part && sentence.part !== this.#part) {
      this.#part = sentence.part;
      group.append(h("h4", { class: "part" }, sentence.part));
    }
    group.append(h("div", { class: "statement" }, sentence.text, " ", marks, unsure, sentence.worded && reworded()));
  }

  /** finish closes the answer. The whole answer comes again; what the stream lacked is added. */
  finish(answer) {
    answer.sources?.forEach((source) => this.addSource(source));
    answer.answer?.slice(this.#sentences.length).forEach((sentence) => this.addSentence(sentence));
    this.bar.remove();
    if (answer.understood) this.querySelector(".answer-question").after(h("p", { class: "answer-understood" }, `Forstået som: ${answer.understood}`));
    if (answer.degraded) this.body.before(h("p", { class: "answer-degraded" }, answer.degraded));
    if (!answer.answered) {
      this.#unanswered(answer);
      return this.#offerFeedback(answer);
    }
    this.setStatus(statusLine(answer, this.day, this.#sources.size));
    if (answer.notice) this.body.before(h("p", { class: "answer-notice" }, icon("alert"), answer.notice));
    this.foot.replaceChildren(h("p", { class: "proposal" }, PROPOSAL), this.#tools(answer));
    this.#offerFeedback(answer);
  }

  /** replay shows an answer that was stored: turn is {id, question, answer, feedback}, of a conversation. */
  replay(turn, conversation) {
    this.start(turn.question, turn.answer.as_of);
    this.said = turn.feedback;
    this.finish({ ...turn.answer, conversation, turn: turn.id });
  }

  /** #offerFeedback asks what one thinks of an answer, where it is stored so that something can be said of it. */
  #offerFeedback({ turn }) {
    if (!turn) return;
    const feedback = h("hj-feedback");
    feedback.show(turn, [...this.#sources.values()], this.said);
    this.foot.append(feedback);
  }

  /** turn is what a follow-up question needs to know of this answer. */
  turn() {
    const sections = [...this.#sources.values()].map((source) => source.section);
    return { question: this.question, sections: [...new Set(sections)] };
  }

  /** stop ends the answer as it is, because the caseworker asked for it. */
  stop() {
    this.bar.remove();
    this.setStatus("Stoppet. Svaret er ikke færdigt.");
  }

  /** fail ends the answer with a problem. */
  fail(problem, retry) {
    this.bar.remove();
    this.setStatus(this.#sentences.length > 0 ? "Svaret er ikke færdigt." : "");
    this.foot.replaceChildren(failure(problem, retry, "h3"));
  }

  #group(role) {
    const roles = rolesOf(this.#task);
    const known = roles.find(([code]) => code === role) ?? roles[0];
    const [code, title] = known;
    if (!this.#groups.has(code)) {
      const list = h("div", { class: "statements" });
      const group = h("section", { class: `role role-${code}` }, h("h3", {}, title), list);
      group.order = roles.indexOf(known);
      const after = [...this.body.children].find((other) => other.order > group.order);
      this.body.insertBefore(group, after ?? null);
      this.#groups.set(code, list);
    }
    return this.#groups.get(code);
  }

  #mark(n) {
    const source = this.#sources.get(n);
    const label = source ? `Kilde ${n}: ${source.reference}` : `Kilde ${n}`;
    const open = (event) => this.#open(n, event.currentTarget);
    const attributes = { type: "button", class: "cite", "data-n": n, "aria-label": label, "aria-haspopup": "dialog", onclick: open };
    return h("button", attributes, `[${n}]`);
  }

  #open(n, opener) {
    const source = this.#sources.get(n);
    if (!source) return;
    this.dispatchEvent(new CustomEvent("cite", { bubbles: true, detail: { source, opener, day: this.day } }));
  }

  /** showOpen marks the citations of the source that is open; 0 for none. */
  showOpen(n) {
    for (const element of this.querySelectorAll("[data-n]")) {
      if (Number(element.dataset.n) === n) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
  }

  #sourceItem(source) {
    const open = (event) => this.#open(source.n, event.currentTarget);
    const where = [source.title, source.page > 0 && `side ${source.page}`].filter(Boolean).join(", ");
    return h(
      "li",
      { class: "source-item", "data-n": source.n },
      h("span", { class: "source-n", "aria-hidden": "true" }, `[${source.n}]`),
      h(
        "div",
        {},
        h("button", { type: "button", class: "source-open", onclick: open, "aria-haspopup": "dialog" }, source.reference),
        badges(source, this.day),
        h("p", { class: "source-where" }, where),
        h("blockquote", { class: "source-quote" }, source.quote),
        source.url && h("p", { class: "print-only" }, source.url),
      ),
    );
  }

  #tools({ conversation, turn }) {
    const word = turn && `${conversationPath(conversation)}/document.docx?turn=${encodeURIComponent(turn)}`;
    return h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "button secondary small", onclick: () => this.#copy() }, icon("copy"), "Kopiér svar med kilder"),
      word && h("a", { class: "button secondary small", href: word, download: "svar.docx" }, icon("download"), "Hent som Word"),
      h("button", { type: "button", class: "button secondary small", onclick: () => print() }, icon("print"), "Udskriv"),
    );
  }

  #copy() {
    const text = [...this.body.querySelectorAll(".role")].flatMap((role) => [
      role.querySelector("h3").textContent,
      ...[...role.querySelectorAll(".statement")].map(wording),
      "",
    ]);
    const sources = [...this.#sources.values()].map((source) => `[${source.n}] ${quotation(source)}`);
    copyText([this.question, "", ...text, "Kilder", ...sources, "", PROPOSAL].join("\n"), "Svaret");
  }

  #unanswered(answer) {
    this.setStatus("");
    if (answer.notice) return this.body.append(h("p", { class: "answer-notice unanswered" }, icon("alert"), answer.notice));
    this.body.append(
      h(
        "div",
        { class: "notice notice-plain unanswered" },
        icon("book"),
        h(
          "div",
          {},
          h("h3", { class: "notice-title" }, "Ingen kilde fundet"),
          h("p", {}, answer.refused || "Der står ikke noget i samlingen, som svarer på spørgsmålet."),
          h("p", {}, "Prøv at:"),
          h(
            "ul",
            {},
            h("li", {}, "skrive det med lovens egne ord, fx »tabt arbejdsfortjeneste« i stedet for »løn mens jeg passer mit barn«"),
            h("li", {}, "nævne loven eller paragraffen, fx »serviceloven § 85«"),
            h("li", {}, "se efter, om datoen og samlingen under spørgsmålet er de rigtige"),
            h("li", {}, "lægge dokumentet i ", h("a", { href: "/samling" }, "samlingen"), ", hvis det mangler"),
          ),
        ),
      ),
    );
  }
}

/** reworded marks a sentence that a language model wrote, and tells what that means when it is opened. */
const reworded = () =>
  h(
    "details",
    { class: "reworded" },
    h("summary", {}, "Omskrevet – bekræftet af kilden"),
    h("p", {}, "En sprogmodel har skrevet sætningen. Hjemmel har holdt den op mod kilden: tal, datoer, navne, henvisninger og nægtelser passer. Åbn kilden for at læse lovens egne ord."),
  );

/** wording is the text of a statement without the explanation of its mark. */
function wording(statement) {
  const copy = statement.cloneNode(true);
  copy.querySelector(".reworded")?.remove();
  return copy.textContent.trim();
}

customElements.define("hj-answer", Answer);
