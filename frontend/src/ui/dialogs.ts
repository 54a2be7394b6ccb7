import { button, el, icon, ICONS } from "./dom";

/** Keys, and what they do; several keys are parted by spaces. */
export type KeyLines = readonly (readonly [keys: string, does: string])[];

const CLOSE = "Close";

/** Ask a question; return the answer that was chosen, the first one if it was closed. */
export function ask(
  title: string,
  hint: string,
  answers: readonly (readonly [value: string, label: string])[],
): Promise<string> {
  const dialog = el(
    "dialog",
    { class: "ask", "aria-labelledby": "ask-title" },
    el("h2", { id: "ask-title" }, title),
    el("p", {}, hint),
  );
  const choices = answers.map(([value, label]) =>
    button(
      { class: "plain", "data-answer": value },
      () => {
        dialog.close(value);
      },
      label,
    ),
  );
  choices.at(-1)?.classList.add("strong");
  dialog.append(el("div", { class: "ask-answers" }, ...choices));
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || (answers[0]?.[0] ?? ""));
    });
    document.body.append(dialog);
    dialog.showModal();
    choices.at(-1)?.focus();
  });
}

/** Make a dialog that lists keys; it is shown by `showModal`. */
export function keysDialog(title: string, lines: KeyLines): HTMLDialogElement {
  const dialog = el("dialog", { class: "ask help", "aria-labelledby": "help-title" });
  const close = button(
    { class: "round help-close", "aria-label": CLOSE, title: CLOSE },
    () => {
      dialog.close();
    },
    icon(ICONS.close),
  );
  const parts = lines.flatMap(([keys, does]) => [
    el("dt", {}, ...keys.split(/(,? )/).map((part) => (/^,? $/.test(part) ? part : kbd(part)))),
    el("dd", {}, does),
  ]);
  dialog.append(
    close,
    el("h2", { id: "help-title" }, title),
    el("dl", { class: "keys" }, ...parts),
  );
  return dialog;
}

function kbd(text: string): HTMLElement {
  return el("kbd", {}, text);
}
