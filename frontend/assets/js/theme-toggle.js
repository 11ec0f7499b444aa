// <hj-theme>: the button that switches between the light and the dark theme.
import { h, icon } from "./dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

customElements.define(
  "hj-theme",
  class extends HTMLElement {
    connectedCallback() {
      this.label = h("span", { class: "theme-label" });
      this.replaceChildren(h("button", { type: "button", class: "theme", onclick: () => this.toggle() }, icon("theme"), this.label));
      dark.addEventListener("change", () => this.update());
      this.update();
    }

    get current() {
      return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
    }

    toggle() {
      const theme = this.current === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try {
        localStorage.setItem("hjemmel-theme", theme);
      } catch {
        // Storage is switched off: the choice lasts as long as the page.
      }
      this.update();
    }

    update() {
      this.label.textContent = this.current === "dark" ? "Lyst tema" : "Mørkt tema";
    }
  },
);
