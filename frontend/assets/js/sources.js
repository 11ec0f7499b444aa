// <hj-sources>: the folders, addresses and acts that the server reads by itself,
// with what became of each at its last runs. Empty where none is configured.
import { h, icon } from "./dom.js";
import { getJSON } from "./api.js";
import { whoami } from "./who.js";
import { count, every, moment, outcomeLabel } from "./format.js";

const RUNNING_PAUSE = 2_000; // ms between looks while a source is being read
const RESTING_PAUSE = 30_000;
const ORDER = ["read", "replaced", "removed", "refused", "failed", "duplicate", "skipped", "unchanged"];

class Sources extends HTMLElement {
  #timer = 0;
  #shown = "";

  async connectedCallback() {
    const { roles } = await whoami();
    if (roles.includes("editor")) this.#load();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #load() {
    let pause = RESTING_PAUSE;
    try {
      const { sources = [] } = await getJSON("/api/v1/ingest");
      this.#show(sources);
      if (sources.some((source) => source.running)) pause = RUNNING_PAUSE;
    } catch {
      this.#show([]); // The page works without it.
    }
    if (this.isConnected) this.#timer = setTimeout(() => this.#load(), pause);
  }

  /** #show renders anew only what has changed, so that an open list of failures stays open. */
  #show(sources) {
    const now = JSON.stringify(sources);
    if (now === this.#shown) return;
    const open = new Set([...this.querySelectorAll("details[open]")].map((details) => details.dataset.source));
    this.#shown = now;
    if (sources.length === 0) return this.replaceChildren();
    this.replaceChildren(
      h("h2", {}, "Mapper og love, der følges"),
      h("ul", { class: "sources" }, sources.map((source) => item(source, open.has(source.name)))),
    );
  }
}

function item(source, open) {
  const last = source.runs[0];
  return h(
    "li",
    { class: "source-followed" },
    h("p", { class: "source-name" }, source.name),
    h("p", { class: "hint" }, [source.name !== source.from && source.from, `samlingen ${source.collection}`, every(source)].filter(Boolean).join(" · ")),
    source.running ? running(source.running) : state(source, last),
    notes(source, last, open),
  );
}

function running({ done, total }) {
  const label = total > 0 ? `Læses nu: ${done} af ${count(total, "fil", "filer")}` : "Læses nu …";
  return h("div", {}, h("p", { role: "status" }, label), h("progress", { max: total || 1, value: done, "aria-label": label }));
}

function state(source, last) {
  if (!last) return h("p", {}, "Er ikke læst endnu.");
  const next = source.next && `Næste gang ${moment(source.next)}.`;
  if (!last.ended) return h("p", {}, warning(), `Blev afbrudt ${moment(last.started)}, og fortsætter. `, next);
  if (last.error) return h("p", { class: "source-error" }, warning(), `Kunne ikke læses ${moment(last.started)}: ${last.error}. `, next);
  return h("p", {}, `Læst ${moment(last.started)}: ${tally(last.counts)}. `, next);
}

const warning = () => icon("alert");

function tally(counts = {}) {
  const parts = ORDER.filter((status) => counts[status] > 0).map((status) => `${counts[status]} ${outcomeLabel(status).toLowerCase()}`);
  return parts.length > 0 ? parts.join(", ") : "ingen filer";
}

/** notes lists what failed or was refused, and what to look at. */
function notes(source, last, open) {
  const problems = last?.problems ?? [];
  const warnings = last?.warnings ?? [];
  if (problems.length + warnings.length === 0) return null;
  const line = ({ path, status, reason }) =>
    h("li", {}, h("span", { class: "file-name" }, path), h("span", {}, `${status ? `${outcomeLabel(status)}: ` : ""}${reason}`));
  const title = [
    problems.length > 0 && count(problems.length, "fil kunne ikke læses ind", "filer kunne ikke læses ind"),
    warnings.length > 0 && count(warnings.length, "ting at se på", "ting at se på"),
  ];
  return h(
    "details",
    { "data-source": source.name, open },
    h("summary", {}, title.filter(Boolean).join(", ")),
    h("ul", { class: "source-notes" }, [...warnings, ...problems].map(line), last.more > 0 && h("li", {}, `og ${last.more} mere`)),
  );
}

customElements.define("hj-sources", Sources);
