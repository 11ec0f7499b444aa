// <hj-admin>: what an administrator and an evaluator look after: feedback, the
// audit log and its state, what answers cost. Each part is shown to whom it is for.
import { h } from "./dom.js";
import { empty, loading } from "./states.js";
import { may } from "./me.js";
import "./admin-feedback.js";
import "./admin-costs.js";
import "./admin-audit.js";

const PARTS = [
  ["evaluator", "hj-admin-feedback"],
  ["administrator", "hj-admin-costs"],
  ["administrator", "hj-admin-audit"],
];

class Admin extends HTMLElement {
  async connectedCallback() {
    this.className = "page admin";
    this.box = h("div", { class: "admin-parts" }, loading("Henter …"));
    this.replaceChildren(
      h("h1", {}, "Administration"),
      h("p", { class: "lead" }, "Tilbagemeldinger på svar, udgifter, og loggen over, hvad Hjemmel er brugt til."),
      this.box,
    );
    const parts = [];
    for (const [role, tag] of PARTS) if (await may(role)) parts.push(h(tag));
    this.box.replaceChildren(...(parts.length > 0 ? parts : [empty("Du har ikke adgang", h("p", {}, "Siden er for administratorer og evaluatorer."))]));
  }
}

customElements.define("hj-admin", Admin);
