// <hj-ask>: the question page, with one conversation: the newest answer below
// the question, the earlier ones folded below it. Questions enter neither
// addresses nor any storage of the browser; the server keeps them for their owner,
// and an address names only the conversation.
import { h, icon, swap, uid } from "./dom.js";
import "./conversations.js";
import { failure, loading, refusal } from "./states.js";
import { conversationPath, getJSON, lost, postJSON, Problem } from "./api.js";
import { toIndexes } from "./text.js";
import { infoLine, limits, preview, wrong } from "./ask-parts.js";

const EXAMPLES = [
  "Hvornår kan vi yde tabt arbejdsfortjeneste?",
  "Hvad er fristen for at klage over en afgørelse?",
  "Hvornår skal vi partshøre, før vi afgør en sag?",
];
const LONGEST_HISTORY = 8; // earlier questions sent along where the server keeps no conversation

class Ask extends HTMLElement {
  #running = null; // AbortController of the answer that is being written
  #turns = []; // {question, element}, the newest first; element makes the <hj-answer>
  #conversation = ""; // id of the stored conversation

  connectedCallback() {
    if (this.form) return void this.#loadInfo();
    this.className = "ask";
    this.panel = h("hj-source");
    this.panel.addEventListener("panel", (event) => this.#panelChanged(event.detail.open));
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.panel.close());
    this.addEventListener("cite", (event) => this.#cite(event.detail));
    this.slotBox = h("div", { class: "answer-slot" });
    this.examples = this.#makeExamples();
    this.earlier = h("section", { class: "earlier", hidden: true });
    this.conversations = h("hj-conversations");
    this.conversations.addEventListener("gone", ({ detail: id }) => (id === "" || id === this.#conversation) && this.#leave());
    this.info = h("p", { class: "collection-info" });
    this.append(
      h("div", { class: "ask-main" }, this.#makeIntro(), this.#makeForm(), this.examples, this.slotBox, this.earlier),
      h("aside", { class: "ask-side", "aria-label": "Samtaler og om Hjemmel" }, this.conversations, limits(), this.info),
      this.panel,
    );
    this.#loadInfo();
    this.#loadCollections();
  }

  disconnectedCallback() {
    this.panel.close();
  }

  /**
   * at shows what an address names, and returns the element: a conversation by
   * its id, or with "" a new one. Coming back from another page to "" goes on
   * where one was.
   */
  at(id) {
    if (id) {
      if (id !== this.#conversation) this.#open(id);
    } else if (this.isConnected || !this.#conversation) {
      if (this.isConnected) this.#begin();
    } else history.replaceState(null, "", `/samtale/${this.#conversation}`);
    return this;
  }

  /** #begin empties the page for a new conversation. */
  #begin() {
    this.#running?.abort();
    this.#turns = [];
    this.#setConversation("");
    this.classList.remove("asked");
    this.examples.hidden = false;
    this.slotBox.replaceChildren();
    this.box.value = "";
    this.#clearErrors();
    this.#listEarlier();
  }

  /** #leave begins anew where the conversation on the page is gone. */
  #leave() {
    history.replaceState(null, "", "/");
    this.#begin();
  }

  async #open(id) {
    if (!this.form) this.connectedCallback();
    this.#begin();
    this.#setConversation(id);
    this.examples.hidden = true;
    this.classList.add("asked");
    this.slotBox.replaceChildren(loading("Henter samtalen …", 4));
    try {
      const { turns } = await getJSON(conversationPath(id));
      if (this.#conversation !== id) return; // another one was opened meanwhile
      this.#turns = turns.reverse().map((turn) => ({ question: turn.question, element: once(() => replayed(turn, id)) }));
      this.slotBox.replaceChildren(this.#turns[0]?.element() ?? "");
      this.#listEarlier();
    } catch (error) {
      if (this.#conversation !== id) return;
      this.#setConversation("");
      this.slotBox.replaceChildren(failure(error, error.status === 404 ? null : () => this.#open(id)));
    }
  }

  #setConversation(id) {
    this.#conversation = id;
    this.conversations.mark(id);
  }

  #makeIntro() {
    return h(
      "div",
      { class: "intro" },
      h("h1", {}, "Hvad siger reglerne?"),
      h("p", { class: "lead" }, "Svaret er citater fra kommunens samling af love og vejledninger. Hvert citat kan åbnes i sin kilde."),
    );
  }

  #makeForm() {
    const [questionId, hintId, dateId, dateHintId] = ["q", "qh", "d", "dh"].map(uid);
    this.error = h("div", { class: "field-error", id: uid("error") });
    this.box = h("textarea", {
      id: questionId,
      rows: "2",
      maxlength: "4000",
      autocomplete: "off",
      "aria-describedby": `${this.error.id} ${hintId}`,
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#grow(),
    });
    this.dateError = h("div", { class: "field-error", id: uid("error") });
    this.date = h("input", { type: "date", id: dateId, "aria-describedby": `${this.dateError.id} ${dateHintId}` });
    this.collection = h("select", { id: uid("c") }, h("option", { value: "" }, "Hele samlingen"));
    this.collectionField = h("div", { class: "field", hidden: true }, h("label", { for: this.collection.id }, "Søg i"), this.collection);
    this.submit = h("button", { type: "submit", class: "button primary" }, "Find svar");
    this.stopButton = h("button", { type: "button", class: "button primary", hidden: true, onclick: () => this.#running?.abort() }, "Stop");
    this.form = h(
      "form",
      { class: "question", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      h(
        "div",
        { class: "field" },
        h("label", { for: questionId }, "Dit spørgsmål"),
        h("p", { class: "hint", id: hintId }, "Skriv i almindeligt sprog, nævn en paragraf, eller spørg videre. Enter sender, Skift+Enter giver ny linje."),
        this.error,
        this.box,
      ),
      h(
        "div",
        { class: "question-row" },
        h(
          "div",
          { class: "field" },
          h("label", { for: dateId }, "Gælder på dato"),
          this.dateError,
          this.date,
          h("p", { class: "hint", id: dateHintId }, "Tom betyder i dag"),
        ),
        this.collectionField,
        h("div", { class: "question-send" }, this.stopButton, this.submit),
      ),
    );
    return this.form;
  }

  #makeExamples() {
    const button = (text) => h("button", { type: "button", class: "example", onclick: () => this.#ask(text) }, text, icon("next"));
    return h("section", { class: "examples" }, h("h2", {}, "Prøv for eksempel"), h("ul", {}, EXAMPLES.map((text) => h("li", {}, button(text)))));
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  /** #grow fits the box to its text; rows is an attribute, so no inline style is needed. */
  #grow() {
    const perLine = Math.max(20, Math.floor(this.box.clientWidth / 9.5));
    const needed = this.box.value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / perLine), 0);
    this.box.rows = Math.min(Math.max(needed, 2), 8);
  }

  #submitted(event) {
    event.preventDefault();
    if (this.#running) return;
    const question = this.box.value.trim();
    this.#clearErrors();
    if (question === "") return this.#point(this.box, this.error, wrong("Skriv et spørgsmål."));
    if (this.date.validity.badInput) return this.#point(this.date, this.dateError, wrong("Skriv datoen med dag, måned og år."));
    this.#ask(question);
  }

  async #ask(question) {
    this.#clearErrors();
    this.panel.close();
    this.box.value = question;
    this.#grow();
    const request = { question, as_of: this.date.value || undefined };
    // »Hvad med stk. 2?« is understood from what was asked and cited before.
    if (this.#conversation) request.conversation = this.#conversation;
    else if (this.#turns.length > 0) request.history = this.#turns.slice(0, LONGEST_HISTORY).map(({ element }) => element().turn()).reverse();
    if (this.collection.value) request.collections = [this.collection.value];
    const answer = h("hj-answer");
    answer.start(question, this.date.value);
    this.#show(answer);
    this.#setRunning(new AbortController());
    try {
      await this.#follow(answer, request, this.#running.signal);
    } catch (error) {
      this.#failed(answer, error, question);
    } finally {
      this.#setRunning(null);
    }
  }

  async #follow(answer, request, signal) {
    for await (const { data } of postJSON("/api/v1/chat", request, signal)) {
      if (data.type === "verdict" && !data.verdict.allowed) return this.#refuse(data.verdict, request.question);
      if (data.type === "status") answer.setStatus(data.status);
      if (data.type === "source") answer.addSource(data.source);
      if (data.type === "sentence") answer.addSentence(data.sentence);
      if (data.type === "error") throw new Problem({ title: "Svaret kunne ikke gøres færdigt", detail: data.error });
      if (data.type === "done") {
        answer.finish(data.answer);
        return this.#remember(answer, data.answer.conversation);
      }
    }
    throw lost();
  }

  #failed(answer, error, question) {
    if (error.name === "AbortError") answer.stop();
    else if (error.verdict) this.#refuse(error.verdict, question);
    else answer.fail(error, () => this.#ask(question));
  }

  #setRunning(controller) {
    this.#running = controller;
    swap(this.submit, this.stopButton, Boolean(controller));
  }

  #show(answer) {
    this.examples.hidden = true;
    this.classList.add("asked");
    this.slotBox.replaceChildren(answer);
    this.#listEarlier();
  }

  #remember(answer, conversation) {
    this.#turns.unshift({ question: answer.question, element: once(() => answer) });
    if (!conversation) return;
    this.#setConversation(conversation);
    if (this.isConnected) history.replaceState(null, "", `/samtale/${conversation}`);
    this.conversations.refresh();
  }

  /** #listEarlier folds the turns before the one on the page; each is made when it is opened first. */
  #listEarlier() {
    const others = this.#turns.filter(({ element }) => !element.made || element() !== this.slotBox.firstChild);
    this.earlier.hidden = others.length === 0;
    const fold = ({ question, element }) => {
      const details = h("details", { class: "earlier-turn" }, h("summary", {}, question));
      details.addEventListener("toggle", () => details.open && details.append(element()), { once: true });
      return details;
    };
    const whole = this.#conversation && `${conversationPath(this.#conversation)}/document.docx`;
    const word = whole && h("a", { class: "button secondary small", href: whole, download: "samtale.docx" }, icon("download"), "Hent samtalen som Word");
    this.earlier.replaceChildren(h("div", { class: "earlier-head" }, h("h2", {}, "Tidligere i samtalen"), word), ...others.map(fold));
  }

  /** #refuse keeps the question in its box, selects the place that caused it and says what to do. */
  #refuse(verdict, question) {
    this.slotBox.replaceChildren();
    this.box.value = question; // the places count from the question as it was sent
    const places = toIndexes(question, verdict.places ?? []);
    const title = h("p", { class: "error-title" }, icon("lock"), "Spørgsmålet er ikke stillet");
    this.#point(this.box, this.error, h("div", { role: "alert" }, title, refusal(verdict), preview(question, places)));
    if (places.length > 0) this.box.setSelectionRange(places[0].start, places[0].end);
  }

  /** #point shows an error above its field, ties the two together and goes to the field. */
  #point(field, box, message) {
    box.replaceChildren(message);
    field.parentElement.classList.add("invalid");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  #clearErrors() {
    for (const [field, box] of [[this.box, this.error], [this.date, this.dateError]]) {
      box.replaceChildren();
      field.parentElement.classList.remove("invalid");
      field.removeAttribute("aria-invalid");
    }
  }

  #cite({ source, opener, day }) {
    this.panel.show(source, { opener, day });
    this.#showOpen(opener.closest("hj-answer"), source.n);
  }

  /** #showOpen marks the citations of the source that is open, in its answer only. */
  #showOpen(answer, n) {
    for (const other of this.querySelectorAll("hj-answer")) other.showOpen(other === answer ? n : 0);
  }

  #panelChanged(open) {
    this.classList.toggle("with-panel", open);
    if (!open) this.#showOpen(null, 0);
  }

  async #loadInfo() {
    try {
      const info = await getJSON("/api/v1/info");
      this.info.replaceChildren(...infoLine(info));
    } catch {
      this.info.replaceChildren(); // The page works without it; a question will say what is wrong.
    }
  }

  async #loadCollections() {
    try {
      const { collections = [] } = await getJSON("/api/v1/documents?limit=1");
      for (const { name } of collections) this.collection.append(h("option", { value: name }, name));
      this.collectionField.hidden = collections.length < 2;
    } catch {
      this.collectionField.hidden = true;
    }
  }
}

function replayed(turn, conversation) {
  const answer = h("hj-answer");
  answer.replay(turn, conversation);
  return answer;
}

/** once makes something when it is asked for first; made says whether that was. */
function once(make) {
  let value;
  const get = () => {
    get.made = true;
    return (value ??= make());
  };
  return get;
}

customElements.define("hj-ask", Ask);
