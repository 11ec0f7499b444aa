// What a page shows while it waits, when it fails and when there is nothing.
import { h, icon } from "./dom.js";

/** loading is a grey outline of what comes, with the wait in words. */
export function loading(text, rows = 3) {
  const bars = Array.from({ length: rows }, () => h("span", { class: "skeleton-bar" }));
  return h(
    "div",
    { class: "skeleton", role: "status" },
    h("p", { class: "skeleton-text" }, text),
    h("div", { class: "skeleton-bars", "aria-hidden": "true" }, bars),
  );
}

/** failure shows a Problem, with a button that tries again where retry is given. */
export function failure(problem, retry, level = "h2") {
  return h(
    "div",
    { class: "notice notice-error", role: "alert" },
    icon("alert"),
    h(
      "div",
      {},
      h(level, { class: "notice-title" }, problem.title ?? "Noget gik galt"),
      h("p", {}, problem.detail ?? "Siden kunne ikke vises. Prøv igen."),
      problem.requestId && h("p", { class: "hint" }, "Til support: anmodning ", h("code", {}, problem.requestId)),
      retry && h("button", { type: "button", class: "button secondary", onclick: retry }, "Prøv igen"),
    ),
  );
}

/** empty says what is not there and what to do about it. */
export function empty(title, ...content) {
  return h("div", { class: "empty" }, h("h2", {}, title), ...content);
}

/** refusal words a verdict: what was found, why it matters, what to do instead. */
export function refusal(verdict) {
  const row = (term, text) => text && [h("dt", {}, term), h("dd", {}, text)];
  return h(
    "dl",
    { class: "refusal" },
    row("Fundet", verdict.reason),
    row("Hvorfor", verdict.ground),
    row("Gør i stedet", verdict.instead),
  );
}
