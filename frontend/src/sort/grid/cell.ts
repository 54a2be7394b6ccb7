import { el } from "../../ui/dom";
import type { Said } from "../answers";
import { badge, calledOf, type Choice } from "../classes";
import type { Box } from "./layout";
import type { SortMedium } from "../schema";
import { texts } from "../texts";

/** How a cell stands among the others. */
export interface CellState {
  readonly place: number;
  readonly n: number;
  readonly box: Box;
  readonly chosen: boolean;
  readonly focused: boolean;
  readonly said: Said;
  /** Whether what the ensemble proposes is shown. */
  readonly proposals: boolean;
}

/** One picture of the grid, with its answer and what is proposed. */
export class GridCell {
  readonly element: HTMLElement;
  readonly medium: SortMedium;
  readonly #image: HTMLImageElement;
  readonly #marks = el("span", { class: "cell-marks" });
  readonly #choices: readonly Choice[];
  #shown = "";

  /** `loaded` is called when the picture has come. */
  constructor(medium: SortMedium, address: string, choices: readonly Choice[], loaded: () => void) {
    this.medium = medium;
    this.#choices = choices;
    this.#image = el("img", { src: address, alt: "", decoding: "async", draggable: "false" });
    this.#image.addEventListener("load", loaded);
    const caption = el("span", { class: "cell-caption", "aria-hidden": true }, medium.caption);
    this.element = el(
      "div",
      { class: "cell", role: "option", id: idOf(medium), "data-id": medium.id },
      el("span", { class: "cell-picture" }, this.#image, this.#marks),
      caption,
    );
  }

  /** True if the picture is there to be judged. */
  get seen(): boolean {
    return this.#image.complete && this.#image.naturalWidth > 0;
  }

  /** Bring the cell up to date. */
  refresh(state: CellState): void {
    const { box, chosen, focused, place, n } = state;
    const { style } = this.element;
    style.transform = `translate(${box.left}px, ${box.top}px)`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
    this.element.setAttribute("aria-selected", String(chosen));
    this.element.setAttribute("aria-posinset", String(place + 1));
    this.element.setAttribute("aria-setsize", String(n));
    this.element.classList.toggle("focused", focused);
    this.#mark(state);
  }

  /** Let the picture go; what is still on its way is not fetched any more. */
  drop(): void {
    this.element.remove();
    this.#image.removeAttribute("src");
  }

  #mark({ said, proposals }: CellState): void {
    const { medium } = this;
    const value = said.value ?? medium.label;
    const proposed = proposals ? medium.proposed : null;
    const shown = [value, said.value === null, said.saved, proposed].join("|");
    if (shown === this.#shown) return;
    this.#shown = shown;
    const own = this.#choices.find(({ name }) => name === value);
    const other = this.#choices.find(({ name }) => name === proposed);
    const marks: HTMLElement[] = [];
    if (own) marks.push(badge(own, said.value === null ? "theirs" : ""));
    else if (other) marks.push(badge(other, "proposed"));
    this.#marks.replaceChildren(...marks);
    this.element.dataset["said"] = said.value ?? "";
    this.element.classList.toggle("waits", !said.saved);
    for (const { look } of this.#choices) this.element.classList.toggle(look, look === own?.look);
    const words = [
      medium.caption,
      value === null ? "" : calledOf(value),
      proposed === null ? "" : texts.grid.proposed(proposed, medium.score ?? 0),
    ];
    const label = words.filter(Boolean).join(", ");
    this.element.setAttribute("aria-label", label);
    this.element.title = label;
  }
}

/** Return the id of a cell in the page. */
export function idOf({ id }: { readonly id: string }): string {
  return `cell-${id}`;
}
