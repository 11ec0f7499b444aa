// <hjemmel-chat>: Hjemmel on another site's page, from one script tag:
//
//   <script src="https://hjemmel.kommune.dk/assets/embed.js" defer></script>
//   <hjemmel-chat collection="Vejledninger" title="Spørg om hjemlen"></hjemmel-chat>
//
// Attributes: server (default: where this script came from), collection (default:
// all), title. The page's origin must stand in the server's setting embed_origins,
// and its Content-Security-Policy must allow the server in script-src and
// connect-src; it needs nothing for styles. Colours follow --hjemmel-accent,
// --hjemmel-surface, --hjemmel-ink and --hjemmel-line. A classic script, because a
// module of another origin would need CORS for every file.
(() => {
  "use strict";
  const home = document.currentScript?.src ? new URL(document.currentScript.src).origin : location.origin;
  const PROPOSAL = "Forslag fundet i kilderne – ikke en afgørelse. Svaret er fundet af et program (AI): læs kilden.";
  const LOST = "Hjemmel svarer ikke lige nu. Vent et øjeblik, og prøv igen.";
  const ROLES = {
    condition: "Betingelser", exception: "Undtagelser", deadline: "Frister", authority: "Hvem afgør det", appeal: "Klage", related: "Se også",
    point: "Hovedpunkter", duty: "Pligter", prohibition: "Forbud", amount: "Beløb og satser", discretion: "Skøn",
    delegation: "Delegation og regler andre fastsætter",
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; --accent: var(--hjemmel-accent, #0d5464); --surface: var(--hjemmel-surface, #fff); --ink: var(--hjemmel-ink, #14242a);
      --line: var(--hjemmel-line, #6a7d84); color: var(--ink); font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; }
    @media (prefers-color-scheme: dark) {
      :host { --accent: var(--hjemmel-accent, #86cfdd); --surface: var(--hjemmel-surface, #18252a); --ink: var(--hjemmel-ink, #e9f0f1);
        --line: var(--hjemmel-line, #8499a0); color-scheme: dark; }
    }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    section { background: var(--surface); border: 1px solid var(--line); border-radius: 4px; padding: 1rem; display: grid; gap: .75rem; }
    h2, h3, h4, p, ol { margin: 0; }
    h2 { font-size: 1.15rem; } h3 { font-size: 1rem; } h4 { font-size: .9rem; margin-top: .5rem; }
    .log { position: relative; display: grid; gap: 1rem; max-height: 32rem; overflow-y: auto; overflow-wrap: anywhere; }
    .log:empty { display: none; }
    article > div p { white-space: pre-line; } article { display: grid; gap: .5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
    .note, .status { font-size: .875rem; } .status:empty { display: none; }
    .problem { border-left: 4px solid #ad1f1b; padding-left: .75rem; }
    ol { padding-left: 1.75rem; } blockquote { margin: .25rem 0; padding-left: .75rem; border-left: 3px solid var(--line); font-family: Charter, Georgia, serif; white-space: pre-line; }
    form { display: grid; gap: .5rem; } label { font-weight: 600; }
    textarea { width: 100%; min-height: 4.5rem; padding: .5rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; resize: vertical; }
    .buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
    button { min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border: 2px solid var(--accent); border-radius: 4px; cursor: pointer; color: var(--accent); background: transparent; }
    button[type="submit"] { background: var(--accent); color: var(--surface); }
    button:disabled { opacity: .6; cursor: default; }
    a, summary { color: var(--accent); padding-block: .25rem; } li a { display: inline-block; } summary { cursor: pointer; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }`);

  /** h makes an element: text is always text, so that no answer becomes markup. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child || child === 0));
    return element;
  }

  /** events reads the server-sent events of a reply: an async iterator of their data, parsed. */
  async function* events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (data) yield JSON.parse(data);
      }
    }
  }

  class Chat extends HTMLElement {
    static observedAttributes = ["title"];
    #conversation = ""; // that the next question goes on
    #asking = null; // AbortController of the question that is being answered

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.heading = h("h2", { id: "heading" }, "Spørg Hjemmel");
      this.log = h("div", { class: "log", role: "log", "aria-label": "Svar", tabindex: "0" });
      this.status = h("p", { class: "status", role: "status" });
      this.field = h("textarea", { id: "question", maxlength: "2000", "aria-describedby": "hint", onkeydown: (e) => this.#key(e) });
      this.send = h("button", { type: "submit" }, "Spørg");
      this.stop = h("button", { type: "button", hidden: true, onclick: () => this.#asking?.abort() }, "Stop");
      this.again = h("button", { type: "button", hidden: true, onclick: () => this.#restart() }, "Ny samtale");
      const form = h("form", { onsubmit: (e) => this.#submit(e) },
        h("label", { for: "question" }, "Dit spørgsmål"),
        this.field,
        h("p", { class: "note", id: "hint" }, "Skriv ingen navne eller cpr-numre. Enter sender, Skift+Enter giver ny linje."),
        h("div", { class: "buttons" }, this.send, this.stop, this.again));
      root.append(h("section", { "aria-labelledby": "heading" }, this.heading, this.log, this.status, form));
    }

    attributeChangedCallback(_name, _old, value) {
      this.heading.textContent = value || "Spørg Hjemmel";
    }

    disconnectedCallback() {
      this.#asking?.abort();
    }

    get #server() {
      return (this.getAttribute("server") || home).replace(/\/+$/, "");
    }

    #key(event) {
      if (event.key === "Escape") this.#asking?.abort();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send.form.requestSubmit();
    }

    async #submit(event) {
      event.preventDefault();
      const question = this.field.value.trim();
      if (!question || this.#asking) return;
      this.#asking = new AbortController();
      this.#busy(true);
      const answer = new Answer(question, this.#server);
      this.log.append(answer.element);
      this.#showLast();
      try {
        if (await this.#ask(question, answer)) this.field.value = ""; // what was refused can be mended
      } catch (error) {
        if (error.name === "AbortError") this.status.textContent = "Stoppet. Svaret er ikke færdigt.";
        else {
          this.status.textContent = "";
          answer.problem(error.shown ?? LOST, error.login);
        }
      } finally {
        this.#asking = null;
        this.#busy(false);
        this.#showLast();
      }
    }

    /** #busy keeps screen readers from reading an answer word by word: it is told when it is whole. */
    #busy(on) {
      this.log.setAttribute("aria-busy", String(on));
      this.send.disabled = on;
      this.stop.hidden = !on;
      this.again.hidden = on || !this.#conversation;
      if (on) this.status.textContent = "Søger i kilderne …";
    }

    /** #showLast scrolls the answers, not the page around them, to the last question. */
    #showLast() {
      const last = this.log.lastElementChild;
      if (last) this.log.scrollTop = last.offsetTop;
    }

    /** #ask shows the answer and tells whether the question was let in. */
    async #ask(question, answer) {
      const collection = this.getAttribute("collection");
      const body = { question, ...(collection && { collections: [collection] }), ...(this.#conversation && { conversation: this.#conversation }) };
      const response = await fetch(`${this.#server}/api/v1/chat`, {
        method: "POST", credentials: "include", signal: this.#asking.signal,
        headers: { "Content-Type": "application/json", Accept: "text/event-stream" }, body: JSON.stringify(body),
      });
      if (!response.ok) {
        const problem = await response.json().catch(() => ({}));
        throw Object.assign(new Error(problem.title), { shown: problem.detail, login: response.status === 401 });
      }
      for await (const event of events(response)) {
        if (event.type === "status") this.status.textContent = event.status;
        if (event.type === "error") throw Object.assign(new Error("error"), { shown: event.error });
        if (event.type === "sentence") answer.sentence(event.sentence);
        if (event.type === "done") {
          answer.finish(event.answer);
          this.#conversation = event.answer.conversation ?? this.#conversation;
          const count = event.answer.sources.length;
          this.status.textContent = event.answer.answered ? `Svaret er klar med ${count} ${count === 1 ? "kilde" : "kilder"}.` : "";
          return event.answer.verdict.allowed;
        }
      }
      throw new Error("the stream ended early");
    }

    #restart() {
      this.#conversation = "";
      this.log.replaceChildren();
      this.status.textContent = "";
      this.again.hidden = true;
      this.field.focus();
    }
  }

  /** Answer shows one question and what is answered, as it comes. */
  class Answer {
    #role = "answer";

    constructor(question, server) {
      this.server = server;
      this.body = h("div");
      this.element = h("article", {}, h("h3", {}, question), this.body);
    }

    sentence({ text, role, citations, verified }) {
      if (role !== this.#role && ROLES[role]) this.body.append(h("h4", {}, ROLES[role]));
      this.#role = role;
      const marks = (citations ?? []).map((n) => `[${n}]`).join(" ");
      this.body.append(h("p", {}, text, marks && ` ${marks}`, verified === false && " (ikke efterprøvet)"));
    }

    finish(answer) {
      if (!answer.answered) {
        if (!answer.verdict.allowed) this.element.querySelector("h3").textContent = "Spørgsmålet blev afvist"; // and is not shown on
        this.problem(answer.refused || "Ingen kilde i samlingen svarer på spørgsmålet.");
        if (answer.verdict.ground) this.element.append(h("p", { class: "note" }, answer.verdict.ground));
        return;
      }
      if (answer.notice) this.element.append(h("p", { class: "note" }, answer.notice));
      this.element.append(h("h4", {}, "Kilder"), h("ol", {}, ...answer.sources.map((source) => this.#source(source))), h("p", { class: "note" }, PROPOSAL));
    }

    #source({ document: id, section, reference, quote, in_force: inForce }) {
      const local = section.slice(section.indexOf("#") + 1);
      const href = `${this.server}/kilde/${encodeURIComponent(id)}/${encodeURIComponent(local)}`;
      return h("li", {},
        h("a", { href, target: "_blank", rel: "noopener" }, reference), inForce ? "" : " (ikke gældende)",
        h("details", {}, h("summary", { "aria-label": `Ordret citat fra ${reference}` }, "Ordret citat"), h("blockquote", {}, quote)));
    }

    problem(text, login = false) {
      this.element.append(h("p", { class: "problem" }, text, login && " ",
        login && h("a", { href: `${this.server}/login`, target: "_blank", rel: "noopener" }, "Log ind på Hjemmel")));
    }
  }

  if (!customElements.get("hjemmel-chat")) customElements.define("hjemmel-chat", Chat);
})();
