// Renders the text of a section: its lines indented by stk., nr. and litra, the
// cited place marked, references as links.
import { h, hidden } from "./dom.js";
import { cut, lines, toIndexes } from "./text.js";
import { count, kindLabel, validity } from "./format.js";
import { readerPath } from "./api.js";

const LABEL = /^(§ ?\d+ ?[a-zæøå]?\.|Stk\. ?\d+\.|\d+\)|[a-zæøå]\))(?= |$)/;

/**
 * sectionText renders section.text. mark is a byte range to highlight or null,
 * references those found in the text. onReference, where given, is called with
 * a reference instead of following its link.
 */
export function sectionText(section, { mark = null, references = [], onReference = null } = {}) {
  const text = section.text;
  const parts = toIndexes(text, section.parts ?? []);
  const marks = mark ? toIndexes(text, [mark]) : [];
  const links = toIndexes(text, references.filter((ref) => ref.status === "resolved" && ref.document));
  const body = h("div", { class: "law" });
  for (const line of lines(text, parts)) {
    const label = text.slice(line.start, line.end).match(LABEL)?.[0].length ?? 0;
    const labels = [{ start: line.start, end: line.start + label }];
    body.append(h("p", { class: `line depth-${line.depth}` }, inline(text, line, links, labels, marks, onReference)));
  }
  markEdges(body);
  return body;
}

function inline(text, line, links, labels, marks, onReference) {
  const marked = (start, end) =>
    cut(start, end, marks).map((p) => {
      const words = text.slice(p.start, p.end);
      return p.range ? h("mark", {}, words) : words;
    });
  const labelled = (start, end) =>
    cut(start, end, labels).map((p) => (p.range ? h("b", {}, marked(p.start, p.end)) : marked(p.start, p.end)));
  return cut(line.start, line.end, links).map((p) =>
    p.range ? reference(p.range, marked(p.start, p.end), onReference) : labelled(p.start, p.end),
  );
}

function reference(ref, content, onReference) {
  const onclick = onReference && ((event) => {
    event.preventDefault();
    onReference(ref);
  });
  return h("a", { class: "ref", href: referencePath(ref), onclick }, content);
}

/** referencePath is the reader's address of what a reference points to, its part marked. */
export function referencePath(ref) {
  const hash = ref.part ? `#${new URLSearchParams({ del: ref.part })}` : "";
  return readerPath(ref.document, ref.section) + hash;
}

/** markEdges says to screen readers where the highlight begins and ends. */
function markEdges(body) {
  const marks = body.querySelectorAll("mark");
  if (marks.length === 0) return;
  marks[0].before(hidden(" [citat begynder] "));
  marks[marks.length - 1].after(hidden(" [citat slutter] "));
}

/** partRange finds the byte range of a part by its label ("stk. 2, nr. 1"), or null. */
export function partRange(section, label) {
  const part = (section.parts ?? []).find((candidate) => candidate.label === label);
  return part ? { start: part.start, end: part.end } : null;
}

/** scrollToMark brings the highlight into the upper third of the scrolling box that holds it. */
export function scrollToMark(box) {
  const mark = box.querySelector("mark");
  if (mark) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  else box.scrollTop = 0;
}

/** badges shows whether a document or source applies on a day, and that it is an example. */
export function badges(item, day) {
  const { state, label } = validity(item, day);
  return h(
    "span",
    { class: "badges" },
    h("span", { class: `badge badge-${state}` }, label),
    item.sample && h("span", { class: "badge badge-sample" }, "Eksempel"),
  );
}

/** facts lists kind, number and period of a document on one line. */
export function facts(document, day) {
  const { period } = validity(document, day);
  return h("p", { class: "facts" }, [kindLabel(document.kind), document.number, period].filter(Boolean).join(" · "));
}

/** relations lists what a section refers to and who cites it; open is called with {document, section, part}. */
export function relations(detail, open) {
  const out = unique(detail.references ?? [], (ref) => `${ref.raw}|${ref.section}`);
  const cited = unique(detail.cited_by ?? [], (ref) => ref.section);
  return h("div", { class: "relations" }, list("Henviser til", out, outgoing, open), list("Omtales i", cited, incoming, open));
}

function list(title, items, render, open) {
  if (items.length === 0) return null;
  return h(
    "details",
    {},
    h("summary", {}, `${title} (${count(items.length, "sted", "steder")})`),
    h("ul", {}, items.map((item) => h("li", {}, render(item, open)))),
  );
}

function outgoing(ref, open) {
  if (ref.status === "resolved" && ref.document) return link(ref, ref.raw, open);
  const why = ref.status === "ambiguous" ? "flere love har det navn" : "findes ikke i samlingen";
  return [ref.raw, h("span", { class: "hint" }, ` – ${why}`)];
}

function incoming(ref, open) {
  const name = [ref.title, ref.label].filter(Boolean).join(" ");
  return link({ document: ref.document, section: ref.section }, name, open);
}

function link(target, text, open) {
  const onclick = open && ((event) => {
    event.preventDefault();
    open(target);
  });
  return h("a", { href: referencePath(target), onclick }, text);
}

function unique(items, key) {
  const seen = new Set();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}
