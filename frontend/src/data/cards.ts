import type { Card, Cards } from "../schema";
import { AtlasError } from "./errors";

/** Chunks kept in memory, the one read longest ago dropped first. */
const CHUNKS_KEPT = 16;

/** Reads cards in the chunks in which they are stored. */
export class CardReader {
  readonly #cards: Cards;
  readonly #readJson: (path: string) => Promise<unknown>;
  readonly #chunks = new Map<number, Promise<unknown>>();

  constructor(cards: Cards, readJson: (path: string) => Promise<unknown>) {
    this.#cards = cards;
    this.#readJson = readJson;
  }

  /** Return the card of a row. */
  async card(row: number): Promise<Card> {
    const chunk = Math.floor(row / this.#cards.per_chunk);
    const cards = await this.#chunk(chunk);
    const card: unknown = Array.isArray(cards) ? cards[row % this.#cards.per_chunk] : undefined;
    if (!isCard(card))
      throw new AtlasError({
        kind: "broken",
        file: this.#pathOf(chunk),
        what: `it has no card for row ${row}`,
      });
    return card;
  }

  #pathOf(chunk: number): string {
    return this.#cards.path.replace("{chunk}", String(chunk));
  }

  #chunk(chunk: number): Promise<unknown> {
    const held = this.#chunks.get(chunk) ?? this.#readJson(this.#pathOf(chunk));
    this.#chunks.delete(chunk);
    this.#chunks.set(chunk, held);
    held.catch(() => this.#chunks.delete(chunk));
    const oldest = this.#chunks.keys().next();
    if (this.#chunks.size > CHUNKS_KEPT && !oldest.done) this.#chunks.delete(oldest.value);
    return held;
  }
}

function isCard(value: unknown): value is Card {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Card>).id === "string" &&
    typeof (value as Partial<Card>).credit === "object" &&
    Array.isArray((value as Partial<Card>).classification) &&
    Array.isArray((value as Partial<Card>).facts)
  );
}
