// The picture of a PDF's page, with a box drawn around each cited line.
import { h, svg } from "./dom.js";
import { loading, failure } from "./states.js";
import { pageImagePath } from "./api.js";

const WIDTH = 900; // pixels; enough for the panel at twice the screen density

/** pagesOf lists the pages on which a section, or the byte range mark of it, stands. */
export function pagesOf(section, mark) {
  return [...new Set(boxes(section, mark).map((position) => position.page))].sort((a, b) => a - b);
}

function boxes(section, mark) {
  const all = section.positions ?? [];
  return mark ? all.filter((p) => p.start < mark.end && p.end > mark.start) : all;
}

/** pageImage shows page of document with boxes around the lines of section that mark (or the section) covers. */
export function pageImage(document, section, mark, page) {
  const wait = loading(`Henter side ${page} …`, 6);
  const image = h("img", { alt: `Side ${page} i ${document.title}`, src: pageImagePath(document.id, page, WIDTH) });
  const overlay = svg("svg", { class: "page-boxes", viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const p of boxes(section, mark).filter((position) => position.page === page)) {
    overlay.append(svg("rect", { x: p.x0, y: p.y0, width: p.x1 - p.x0, height: p.y1 - p.y0 }));
  }
  const frame = h("div", { class: "page-frame", hidden: true }, image, overlay);
  const figure = h("figure", { class: "page-image" }, wait, frame, h("figcaption", {}, `Side ${page} af ${document.pages}`));
  image.addEventListener("load", () => {
    wait.remove();
    frame.hidden = false;
  });
  image.addEventListener("error", () => {
    const problem = { title: "Siden kan ikke vises", detail: "Billedet af siden kunne ikke hentes. Læs teksten i stedet." };
    wait.replaceWith(failure(problem, null, "h3"));
  });
  return figure;
}
