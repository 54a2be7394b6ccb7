import type { Store } from "../store";
import type { Card } from "../schema";
import { button, el, icon } from "./dom";
import { onSwipe } from "./swipe";
import { texts } from "./texts";
import { Walk, type Walked } from "./walk";

const ICONS = { back: "M14.5 5l-7 7 7 7", on: "M9.5 5l7 7-7 7" };

/** The way from one card to the next: buttons, arrow keys, a swipe over the picture. */
export class CardSteps {
  readonly #walk: Walk;
  readonly #store: Store;
  readonly #open: (row: number) => void;

  constructor(source: Walked, store: Store, open: (row: number) => void) {
    this.#walk = new Walk(source);
    this.#store = store;
    this.#open = open;
  }

  /** Listen to the keys and the fingers on the card. */
  listen(panel: HTMLElement): void {
    panel.addEventListener("keydown", (event) => {
      const direction = { ArrowRight: 1, ArrowLeft: -1 }[event.key] as 1 | -1 | undefined;
      if (!direction || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest("input, select, textarea"))
        return;
      event.preventDefault();
      this.#go(direction);
    });
    onSwipe(panel, (direction) => {
      this.#go(direction);
    });
  }

  /** Make the two buttons of a card. */
  readonly buttons = (_card: Card, row: number): HTMLElement => {
    const next = this.#walk.bySimilarity ? texts.card.next : texts.card.beside;
    const one = (label: string, strokes: string, direction: 1 | -1): HTMLButtonElement =>
      button(
        { class: `round step-${direction < 0 ? "back" : "on"}`, "aria-label": label, title: label },
        () => {
          this.#go(direction);
        },
        icon(strokes),
      );
    const back = one(texts.card.previous, ICONS.back, -1);
    back.disabled = !this.#walk.canGoBack(row);
    return el("div", { class: "card-steps" }, back, one(next, ICONS.on, 1));
  };

  #go(direction: 1 | -1): void {
    const { selection, found } = this.#store.state;
    if (selection?.status !== "open") return;
    void this.#walk.step(selection.row, direction, found).then((row) => {
      if (row !== null) this.#open(row);
    });
  }
}
