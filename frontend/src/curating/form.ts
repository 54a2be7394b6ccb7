import { button, el } from "../ui/dom";
import { texts } from "./texts";

/** Ask something in a dialog; true if it is to be kept. */
export function askWith(title: string, hint: string, ...content: HTMLElement[]): Promise<boolean> {
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "curating-title" }, title),
    el("p", {}, hint),
    ...content,
    el(
      "div",
      { class: "ask-answers" },
      button(
        { class: "plain" },
        () => {
          dialog.close();
        },
        texts.cancel,
      ),
      el("button", { class: "plain strong", value: "keep" }, texts.keep),
    ),
  );
  const dialog = el(
    "dialog",
    { class: "ask curating-ask", "aria-labelledby": "curating-title" },
    form,
  );
  // what is typed here means nothing to the map
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "keep");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
