import { button, el } from "./dom";
import { texts } from "./texts";

/** The button says for so long what it did. */
const SAID_MS = 2500;

/** Make a button that copies a text and says so, to screen readers too. */
export function copyButton(label: string, text: () => string): HTMLElement {
  const shown = el("span", { "aria-hidden": true }, texts.card.copy);
  const said = el("span", { class: "unseen", role: "status" });
  let timer = 0;
  const say = (done: boolean): void => {
    shown.textContent = done ? texts.card.copied : texts.card.copyFailed;
    said.textContent = shown.textContent;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      shown.textContent = texts.card.copy;
      said.textContent = "";
    }, SAID_MS);
  };
  const copy = button(
    { class: "quiet copy", "aria-label": label },
    () => void copied(text()).then(say),
    shown,
  );
  return el("span", { class: "copying" }, copy, said);
}

/** Copy a text; false if the browser does not let us. */
async function copied(text: string): Promise<boolean> {
  try {
    // there only where the page came by https or from this machine
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedOld(text);
  }
}

function copiedOld(text: string): boolean {
  const field = el("textarea", { class: "unseen", "aria-hidden": true, tabindex: -1 });
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  // the only way where there is no clipboard to write to
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const done = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}
