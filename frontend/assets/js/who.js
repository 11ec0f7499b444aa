// <hj-who>: who is logged in, and the way out. Empty where no login is set up.
import { getJSON, post } from "./api.js";
import { h } from "./dom.js";

// Where nobody can say who it is, the server decides what may be done.
const unknown = { login: false, name: "", roles: ["reader", "editor", "evaluator", "administrator"], groups: [] };
let asked = null;

/** whoami says who is logged in, with roles and groups; it is asked once. */
export const whoami = () => (asked ??= getJSON("/api/v1/me").catch(() => unknown));

customElements.define(
  "hj-who",
  class extends HTMLElement {
    async connectedCallback() {
      const me = await whoami();
      document.documentElement.classList.toggle("no-editor", !me.roles.includes("editor"));
      if (!me.login) return;
      this.replaceChildren(
        h("span", { class: "who-name", title: me.name }, h("span", { class: "who-label" }, "Logget ind som "), h("b", {}, me.name || "ukendt")),
        h("button", { type: "button", class: "theme", onclick: () => this.leave() }, "Log ud"),
      );
    }

    async leave() {
      const response = await post("/api/v1/logout", {});
      const { location: next } = await response.json();
      location.assign(next);
    }
  },
);
