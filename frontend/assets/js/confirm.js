// The dialog that asks before something is removed.
import { h, uid } from "./dom.js";

/**
 * confirmRemoval asks and resolves to true where the answer is yes. Esc and
 * "Fortryd" mean no. Focus returns to where it was.
 */
export function confirmRemoval({ title, text, action }) {
  const opener = document.activeElement;
  const titleId = uid("confirm");
  return new Promise((resolve) => {
    const cancel = h("button", { type: "button", class: "button secondary", onclick: () => dialog.close("") }, "Fortryd");
    const yes = h("button", { type: "button", class: "button danger", onclick: () => dialog.close("yes") }, action);
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-labelledby": titleId },
      h("h2", { id: titleId }, title),
      h("p", {}, text),
      h("div", { class: "buttons" }, yes, cancel),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
