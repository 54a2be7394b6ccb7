import { button, el } from "../../ui/dom";
import { answerButton } from "../answerbutton";
import { type Choice, choicesOf, keysOf } from "../classes";
import { texts } from "./texts";
import type { SortMedium, SortState } from "../schema";
import type { Around } from "../view";

/** Pictures of what is selected that are shown. */
const SHOWN = 24;

/** What the bar asks for. */
export interface BarActions {
  readonly label: (choice: Choice) => void;
  readonly clear: () => void;
}

/** What is selected, and the classes it can be given. */
export class SelectionBar {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #n = el("p", { class: "bar-n", role: "status" });
  readonly #note = el("p", { class: "bar-note" });
  readonly #strip = el("ul", { class: "bar-strip", "aria-hidden": true });
  readonly #classes = el("div", { class: "bar-classes" });
  readonly #adds = el("input", { type: "checkbox" });
  readonly #label: (choice: Choice) => void;
  #keys = "";

  constructor(around: Around, { label, clear }: BarActions) {
    this.#around = around;
    this.#label = label;
    this.element = el(
      "div",
      { class: "map-bar", hidden: true },
      el("div", { class: "bar-words" }, this.#n, this.#note),
      this.#strip,
      el(
        "div",
        { class: "bar-ways" },
        this.#classes,
        el("label", { class: "bar-adds" }, this.#adds, texts.adds),
        button({ class: "plain" }, clear, texts.clear),
      ),
    );
  }

  /** True if the next line adds to what is selected. */
  get adds(): boolean {
    return this.#adds.checked && !this.element.hidden;
  }

  refresh({ classes }: SortState): void {
    const choices = choicesOf(classes);
    const keys = choices.map((one) => one.name + keysOf(one)).join(" ");
    if (keys === this.#keys) return;
    this.#keys = keys;
    this.#classes.replaceChildren(
      ...choices.map((choice) =>
        answerButton(choice, () => {
          this.#label(choice);
        }),
      ),
    );
  }

  /** Show what is selected; `outside` is how many are not media of this task. */
  show(media: readonly SortMedium[], outside: number): void {
    this.element.hidden = media.length === 0;
    if (!media.length) this.#adds.checked = false;
    const already = media.filter((one) => this.#around.answers.of(one).value !== null).length;
    this.#n.textContent = texts.selected(media.length);
    const notes = [already && texts.already(already), outside && texts.outside(outside)];
    this.#note.textContent = notes.filter(Boolean).join(" · ");
    this.#strip.replaceChildren(
      ...media.slice(0, SHOWN).map((medium) => {
        const src = this.#around.api.picture(medium, "small");
        return el("li", {}, el("img", { src, alt: "", loading: "lazy" }));
      }),
    );
  }
}
