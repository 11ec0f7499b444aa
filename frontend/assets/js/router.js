// Client routing: which element fills <main>, with the history of the browser.
// Questions never enter an address.
import { h } from "./dom.js";

let routes = [];
let main = null;

/** start shows the current address in element and follows links within the site. */
export function start(element, table) {
  main = element;
  routes = table;
  addEventListener("popstate", () => show(false));
  document.addEventListener("click", follow);
  show(false);
}

/** go shows the page of a path of this site, as a click on a link to it would. */
export function go(path) {
  history.pushState(null, "", path);
  show(true);
}

/** setTitle names the page in the window's title, and to screen readers through it. */
export function setTitle(title) {
  document.title = `${title} · Hjemmel`;
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  if (!match(url.pathname)) return;
  event.preventDefault();
  go(url.pathname + url.search + url.hash);
}

function match(path) {
  for (const route of routes) {
    const found = path.match(route.pattern);
    if (found) return { route, values: found.slice(1).map((value) => value && decode(value)) };
  }
  return null;
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function show(moveFocus) {
  const found = match(location.pathname);
  for (const link of document.querySelectorAll("[data-page]")) {
    if (link.dataset.page === found?.route.page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  setTitle(found?.route.title ?? "Siden findes ikke");
  main.replaceChildren(found ? found.route.make(found.values) : missing());
  if (!moveFocus) return;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function missing() {
  return h(
    "div",
    { class: "page" },
    h("h1", {}, "Siden findes ikke"),
    h("p", {}, "Adressen fører ikke til en side i Hjemmel."),
    h("p", {}, h("a", { href: "/" }, "Gå til Spørg")),
  );
}
