import { el } from "../ui/dom";
import { UNSURE } from "./answers";
import type { SortClass } from "./schema";

/** One answer that can be given: how it is called, given, and shown. */
export interface Choice {
  readonly name: string;
  /** The digit that gives it; may be empty. */
  readonly key: string;
  /** The letter that gives it too, lower case; empty where it means something else. */
  readonly letter: string;
  /** Shown beside the colour: a shape of its own, for who cannot tell the colours. */
  readonly sign: string;
  /** Class of the elements that have its colour. */
  readonly look: string;
}

/** Letters that mean something in a view. */
const TAKEN = "acjnosuw";

const SIGNS = ["●", "■", "▲", "◆", "✚", "★", "▼", "◐", "◼"];

/** Return the answers of a task, 'unsure' last, with keys and signs. */
export function choicesOf(classes: readonly SortClass[]): Choice[] {
  const letters = new Set(TAKEN);
  return classes.map(({ name, key }, i) => {
    if (name === UNSURE) return { name, key, letter: "n", sign: "?", look: "class-unsure" };
    const first = name.slice(0, 1).toLowerCase();
    const letter = /^[a-z]$/.test(first) && !letters.has(first) ? first : "";
    letters.add(letter);
    const place = i % SIGNS.length;
    return { name, key, letter, sign: SIGNS[place] ?? "", look: `class-${place}` };
  });
}

/** Return the answer that a key gives, or null. */
export function choiceOf(choices: readonly Choice[], event: KeyboardEvent): Choice | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return null;
  const key = event.key.toLowerCase();
  return choices.find((one) => one.key === key || one.letter === key) ?? null;
}

/** Return how an answer is called. */
export function calledOf(name: string): string {
  return name === UNSURE ? "not sure" : name;
}

/** Return the keys of an answer, as they are shown. */
export function keysOf({ key, letter }: Choice): string {
  return [key, letter.toUpperCase()].filter(Boolean).join(" ");
}

/** Show an answer by colour and sign, with its name. */
export function badge(choice: Choice, className = ""): HTMLElement {
  return el(
    "span",
    { class: `badge ${choice.look} ${className}`.trim() },
    el("span", { class: "sign", "aria-hidden": true }, choice.sign),
    el("span", { class: "badge-name" }, calledOf(choice.name)),
  );
}
