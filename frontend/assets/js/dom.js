// Building elements. Text only ever enters the page as text nodes: what stands
// in a document of the collection is data and cannot become markup.

/**
 * h builds an element: h("p", {class: "hint", onclick: fn}, "text", child).
 * Attributes that are null, undefined or false are left out, true is written
 * as an empty attribute, "on…" adds a listener. Children that are null or
 * false are left out, strings become text nodes, arrays are flattened.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** svg builds an SVG element in the same way as h. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

const PATHS = {
  close: "M5 5l14 14M19 5L5 19",
  next: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  print: "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
  external: "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
  book: "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  theme: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16",
  alert: "M12 8v5M12 16.5v.5M12 3l10 18H2z",
  done: "M4 12l5 6L20 6",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  thumb: "M4 11h3v9H4zM7 11l4-7c1.5 0 2 1 2 2l-.5 4H19c1 0 1.6.8 1.4 1.7l-1.5 6.5c-.2.8-.8 1.3-1.6 1.3H7z",
  comment: "M4 5h16v11H12l-5 4v-4H4z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
};

/** icon draws one of the named line icons; it is decoration and hidden from screen readers. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}

/** hidden is text for screen readers only. */
export const hidden = (text) => h("span", { class: "visually-hidden" }, text);

let lastId = 0;

/** uid gives an id that no other element of the page has. */
export const uid = (prefix) => `${prefix}-${++lastId}`;

/** toast says briefly, to eyes and screen readers, that something has been done. */
export function toast(message) {
  const box = document.getElementById("toast");
  box.textContent = message;
  box.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => {
    box.classList.remove("shown");
    box.textContent = "";
  }, 4000);
}

/** copyText puts text on the clipboard and says so; where the browser refuses, it says that instead. */
export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} er kopieret.`);
  } catch {
    toast("Browseren tillader ikke kopiering. Markér teksten, og kopiér den selv.");
  }
}

/** swap shows the stop button in place of the submit button while something runs, and moves the focus along. */
export function swap(submit, stop, running) {
  const hadFocus = [submit, stop].includes(document.activeElement);
  stop.hidden = !running;
  submit.hidden = running;
  if (hadFocus) (running ? stop : submit).focus();
}
