import { el } from "../ui/dom";
import { texts } from "./texts";

const KEY = "wk-who";

/** Longest name that the server takes. */
const LONGEST = 100;

/** Return who sat here last, or null. */
export function knownWho(storage: Storage): string | null {
  return storage.getItem(KEY);
}

/** Ask who sits here, `proposed` being the first guess; null if the question was closed. */
export async function askWho(storage: Storage, proposed: string): Promise<string | null> {
  const name = await askText({
    title: texts.who.title,
    hint: texts.who.hint,
    field: texts.who.field,
    go: texts.who.go,
    value: proposed,
    longest: LONGEST,
  });
  if (name) storage.setItem(KEY, name);
  return name;
}

/** A question that is answered by a line of text. */
interface TextQuestion {
  readonly title: string;
  readonly hint: string;
  readonly field: string;
  readonly go: string;
  readonly value: string;
  readonly longest: number;
}

/** Ask for a line of text; null if the question was closed or nothing was written. */
export function askText(question: TextQuestion): Promise<string | null> {
  const input = el("input", {
    class: "find",
    name: "answer",
    value: question.value,
    maxlength: question.longest,
    "aria-label": question.field,
    autocomplete: "off",
    spellcheck: "false",
  });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "ask-title" }, question.title),
    el("p", {}, question.hint),
    input,
    el(
      "div",
      { class: "ask-answers" },
      el("button", { class: "plain strong", value: "go" }, question.go),
    ),
  );
  const dialog = el("dialog", { class: "ask ask-text", "aria-labelledby": "ask-title" }, form);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      const text = input.value.trim();
      resolve(dialog.returnValue === "go" && text ? text : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}
