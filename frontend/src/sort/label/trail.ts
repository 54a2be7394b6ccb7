import { button, el } from "../../ui/dom";
import type { Answers } from "../answers";
import { badge, calledOf, type Choice } from "../classes";
import type { SortMedium } from "../schema";
import { texts } from "../texts";

/** Answers that are shown. */
const SHOWN = 10;

/** What was answered last, newest first, each with whether it is saved. */
export class Trail {
  readonly element: HTMLElement;
  readonly #list = el("ol", { class: "trail-list" });
  readonly #answers: Answers;
  readonly #choices: readonly Choice[];
  readonly #address: (medium: SortMedium) => string;
  readonly #open: (id: string) => void;
  readonly #items = new Map<string, HTMLElement>();
  #media: SortMedium[] = [];

  constructor(
    answers: Answers,
    choices: readonly Choice[],
    address: (medium: SortMedium) => string,
    open: (id: string) => void,
  ) {
    this.#answers = answers;
    this.#choices = choices;
    this.#address = address;
    this.#open = open;
    const title = el("h3", {}, texts.label.recent);
    this.element = el("section", { class: "trail", hidden: true }, title, this.#list);
  }

  /** Put a medium in front. */
  add(medium: SortMedium): void {
    this.#media = [medium, ...this.#media.filter(({ id }) => id !== medium.id)].slice(0, SHOWN);
    this.refresh();
  }

  /** Show the answers as they are now; what was taken back is left out. */
  refresh(): void {
    const shown = this.#media.filter((one) => this.#answered(one).value !== null);
    const ids = new Set(this.#media.map(({ id }) => id));
    for (const id of this.#items.keys()) if (!ids.has(id)) this.#items.delete(id);
    this.#list.replaceChildren(...shown.map((medium) => this.#item(medium)));
    this.element.hidden = shown.length === 0;
  }

  #answered(medium: SortMedium) {
    const settled = this.#answers.of(medium, true);
    return settled.value === null ? this.#answers.of(medium) : settled;
  }

  #item(medium: SortMedium): HTMLElement {
    const item = this.#items.get(medium.id) ?? this.#made(medium);
    const { value, saved } = this.#answered(medium);
    const choice = this.#choices.find(({ name }) => name === value);
    const state = saved ? texts.label.saved : texts.label.notSaved;
    const label = `${medium.caption}: ${calledOf(value ?? "")}, ${state}`;
    item.classList.toggle("waits", !saved);
    const inner = item.querySelector("button");
    inner?.setAttribute("aria-label", label);
    inner?.setAttribute("title", label);
    inner?.querySelector(".badge")?.remove();
    if (choice) inner?.append(badge(choice));
    return item;
  }

  #made(medium: SortMedium): HTMLElement {
    const item = el(
      "li",
      { class: "trail-item" },
      button(
        { class: "trail-button", "data-id": medium.id },
        () => {
          this.#open(medium.id);
        },
        el("img", { src: this.#address(medium), alt: "", width: 64, height: 64 }),
      ),
    );
    this.#items.set(medium.id, item);
    return item;
  }
}
