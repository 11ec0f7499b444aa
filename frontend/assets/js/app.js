// Starts the pages: registers the elements, connects the router.
import "./theme-toggle.js";
import "./who.js";
import "./answer.js";
import "./source-panel.js";
import "./upload.js";
import "./sources.js";
import "./outline.js";
import "./ask.js";
import "./summary.js";
import "./gaps.js";
import "./collection.js";
import "./reader.js";
import "./rules.js";
import "./admin.js";
import { me } from "./me.js";
import { start } from "./router.js";
import { h } from "./dom.js";

// The pages that one asks on are made once: going to the collection and back
// keeps the answer, and one that is still being written goes on.
let ask = null;
let summary = null;
let gaps = null;

start(document.getElementById("indhold"), [
  { pattern: /^\/$/, page: "ask", title: "Spørg", make: () => (ask ??= h("hj-ask")).at("") },
  { pattern: /^\/samtale\/([^/]+)\/?$/, page: "ask", title: "Samtale", make: ([id]) => (ask ??= h("hj-ask")).at(id) },
  { pattern: /^\/sammenfat\/?$/, page: "summary", title: "Sammenfat", make: () => (summary ??= h("hj-summary")) },
  { pattern: /^\/mangler\/?$/, page: "gaps", title: "Mangler", make: () => (gaps ??= h("hj-gaps")) },
  { pattern: /^\/regler\/?$/, page: "rules", title: "Hvad må Hjemmel bruges til?", make: () => h("hj-rules") },
  { pattern: /^\/administration\/?$/, page: "admin", title: "Administration", make: () => h("hj-admin") },
  { pattern: /^\/samling\/?$/, page: "collection", title: "Samling", make: () => h("hj-collection") },
  {
    pattern: /^\/kilde\/([^/]+)(?:\/([^/]+))?\/?$/,
    page: "reader",
    title: "Kilde",
    make: ([document, section]) => h("hj-reader", { document, section }),
  },
]);

// Administration is shown to those who have something to do there.
me().then(({ roles }) => {
  document.querySelector('[data-page="admin"]').hidden = !["administrator", "evaluator"].some((role) => roles.includes(role));
});

const offline = document.getElementById("offline");
function showConnection() {
  offline.textContent = navigator.onLine ? "" : "Du er ikke på nettet. Hjemmel kan ikke svare, før forbindelsen er tilbage.";
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();
