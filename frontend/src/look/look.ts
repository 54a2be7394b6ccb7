import type { DataSource } from "../data/source";
import type { Card } from "../schema";
import type { Store } from "../store";
import type { Viewer } from "./viewer";

/** Shows the picture of the open card at its full size while the store says so. */
export class Look {
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #home: HTMLElement;
  #viewer: Viewer | null = null;
  #wish = 0;

  constructor(home: HTMLElement, source: DataSource, store: Store) {
    this.#home = home;
    this.#source = source;
    this.#store = store;
    store.watch(
      ({ looking, selection }) => (looking && selection?.status === "open" ? selection.card : null),
      (card) => void this.#show(card),
    );
    // a card that is closed is not looked at when the next one opens
    store.onChange(
      ({ selection }) => selection === null || selection.status === "failed",
      (closed) => {
        if (closed && store.state.looking) store.set({ looking: false });
      },
    );
  }

  async #show(card: Card | null): Promise<void> {
    const wish = ++this.#wish;
    this.#viewer?.remove();
    this.#viewer = null;
    if (!card) return;
    // few visitors need it: it is loaded when one does
    const { Viewer } = await import("./viewer");
    if (wish !== this.#wish) return;
    this.#viewer = new Viewer(card, this.#source, () => {
      this.#store.set({ looking: false });
    });
    this.#home.append(this.#viewer.element);
    await this.#viewer.show(card.picture ?? null);
  }
}
