// <hj-who>: who is logged in, and the way out. Empty where no login is set up.
import { getJSON, post } from "./api.js";
import { h } from "./dom.js";

customElements.define(
  "hj-who",
  class extends HTMLElement {
    async connectedCallback() {
      let me;
      try {
        me = await getJSON("/api/v1/me");
      } catch {
        return; // the page itself says what is wrong
      }
      if (!me.login) return;
      this.replaceChildren(
        h("span", { class: "who-name" }, "Logget ind som ", h("b", {}, me.name || "ukendt")),
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
