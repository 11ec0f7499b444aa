// <hj-who>: who is logged in, and the way out. Empty where no login is set up.
import { post } from "./api.js";
import { h } from "./dom.js";
import { me } from "./me.js";

customElements.define(
  "hj-who",
  class extends HTMLElement {
    async connectedCallback() {
      const { login, name, roles } = await me();
      document.documentElement.classList.toggle("no-editor", !roles.includes("editor"));
      if (!login) return;
      this.replaceChildren(
        h("span", { class: "who-name", title: name }, h("span", { class: "who-label" }, "Logget ind som "), h("b", {}, name || "ukendt")),
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
