// What stands around a question: what the collection holds, what Hjemmel is not
// for, and what is wrong with a question that is not put.
import { h, icon } from "./dom.js";
import { count, meaningLine } from "./format.js";

/** limits says beside the question what Hjemmel is not for. */
export function limits() {
  return h(
    "section",
    { class: "limits" },
    h("h2", {}, "Godt at vide"),
    h("h3", {}, "Ingen personoplysninger"),
    h("p", {}, "Skriv hverken CPR-nummer, navn eller andet om en bestemt borger. Spørg til reglen, ikke til sagen."),
    h("h3", {}, "Du afgør sagen"),
    h("p", {}, "Hjemmel finder og citerer regler. Vurderingen og afgørelsen er din."),
    h("p", {}, h("a", { href: "/regler" }, "Hvad må Hjemmel bruges til?")),
    h("h3", {}, "Læs kilden"),
    h("p", {}, "Tallene efter hver sætning, fx ", h("span", { class: "cite-sample" }, "[1]"), ", åbner det sted, sætningen står."),
  );
}

/** infoLine says how much the collection holds. */
export function infoLine(info) {
  if (info.documents === 0) return ["Samlingen er tom. ", h("a", { href: "/samling" }, "Læg dokumenter i samlingen"), "."];
  return [
    "Samlingen har ",
    h("a", { href: "/samling" }, count(info.documents, "dokument", "dokumenter")),
    ` med ${count(info.sections, "bestemmelse", "bestemmelser")}.`,
    meaningLine(info.vectors) && ` ${meaningLine(info.vectors)}`,
    info.indexing && " Nye dokumenter er ved at blive gjort søgbare.",
  ].filter(Boolean);
}

/** wrong is the message of a field that is filled in wrongly. */
export const wrong = (message) => h("p", { class: "error-title", role: "alert" }, icon("alert"), message);

/** preview repeats the question with the offending places masked. */
export function preview(question, places) {
  if (places.length === 0) return null;
  const content = [];
  let at = 0;
  for (const place of places) {
    content.push(question.slice(at, place.start), h("mark", {}, place.masked));
    at = place.end;
  }
  content.push(question.slice(at));
  return h("p", { class: "refusal-preview" }, content);
}
