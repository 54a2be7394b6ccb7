import { AtlasError } from "./data/errors";
import type { Sprite } from "./data/points";
import type { DataSource } from "./data/source";
import type { Card } from "./schema";
import type { Store } from "./store";

/** What of an atlas is needed to open cards. */
export type Visited = Pick<DataSource, "card" | "rowOf" | "sprite">;

/** The panel says that it is waiting when a card takes longer than this. */
const PATIENCE_MS = 150;

/** Opens and closes cards: the last wish of the visitor counts, earlier answers are dropped. */
export class Visit {
  readonly #source: Visited;
  readonly #store: Store;
  #wish = 0;
  #again: () => void = () => undefined;

  constructor(source: Visited, store: Store) {
    this.#source = source;
    this.#store = store;
  }

  /** Open the card of a sprite. */
  async openSprite(sprite: Sprite): Promise<void> {
    const wish = this.#begin(() => void this.openSprite(sprite));
    this.#store.set({ marked: sprite });
    const patience = window.setTimeout(() => {
      if (wish === this.#wish) this.#store.set({ selection: { status: "loading", id: null } });
    }, PATIENCE_MS);
    try {
      const card = await this.#source.card(sprite.row);
      if (wish === this.#wish) this.#show(card, sprite.row);
    } catch (error) {
      this.#fail(wish, null, error);
    } finally {
      window.clearTimeout(patience);
    }
  }

  /** Open the card with an id; return its sprite, or null if another wish came between. */
  async openId(id: string): Promise<Sprite | null> {
    const wish = this.#begin(() => void this.openId(id));
    this.#store.set({ selection: { status: "loading", id }, marked: null });
    try {
      const row = await this.#source.rowOf(id);
      const [card, sprite] = await Promise.all([
        this.#source.card(row),
        // a card without its place on the map is still worth reading
        this.#source.sprite(row).catch(() => null),
      ]);
      if (wish !== this.#wish) return null;
      this.#store.set({ marked: sprite });
      this.#show(card, row);
      return sprite;
    } catch (error) {
      this.#fail(wish, id, error);
      return null;
    }
  }

  /** Open the card of a row. */
  async openRow(row: number): Promise<void> {
    const wish = this.#begin(() => void this.openRow(row));
    try {
      const sprite = await this.#source.sprite(row);
      if (wish !== this.#wish) return;
      if (sprite) await this.openSprite(sprite);
      else await this.#openWithoutPlace(wish, row);
    } catch (error) {
      this.#fail(wish, null, error);
    }
  }

  /** Close the card. */
  close(): void {
    this.#begin(() => undefined);
    this.#store.set({ selection: null, marked: null });
  }

  /** Try again what failed. */
  retry(): void {
    this.#again();
  }

  async #openWithoutPlace(wish: number, row: number): Promise<void> {
    const card = await this.#source.card(row);
    if (wish === this.#wish) this.#show(card, row);
  }

  #begin(again: () => void): number {
    this.#again = again;
    return ++this.#wish;
  }

  #show(card: Card, row: number): void {
    this.#store.set({ selection: { status: "open", id: card.id, card, row } });
  }

  #fail(wish: number, id: string | null, error: unknown): void {
    if (!(error instanceof AtlasError)) throw error;
    if (wish !== this.#wish) return;
    this.#store.set({ selection: { status: "failed", id, trouble: error.trouble } });
  }
}
