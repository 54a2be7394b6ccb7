import type { DataSource } from "../data/source";
import type { Found } from "../store";

/** What a walk from one medium to the next needs of an atlas. */
export type Walked = Pick<DataSource, "atlas" | "n" | "neighbours">;

/** Steps of a walk that are remembered. */
const MOST = 500;

/**
 * Leads from a medium to the most similar one that was not seen on this walk, and back the same
 * way. Where the atlas knows no similar media, next is what lies beside it on the map.
 */
export class Walk {
  readonly #source: Walked;
  #trail: number[] = [];
  #at = -1;

  constructor(source: Walked) {
    this.#source = source;
  }

  /** True if next means similar, not beside. */
  get bySimilarity(): boolean {
    return Boolean(this.#source.atlas.neighbours);
  }

  /** True if there is a way back from a row, or what lies before it on the map. */
  canGoBack(row: number): boolean {
    return this.bySimilarity ? this.#placeOf(row) > 0 : row > 0;
  }

  /** The row that comes after one, or before it; of what was found only. Null at the end. */
  async step(row: number, direction: 1 | -1, found: Found): Promise<number | null> {
    const isIn = (one: number): boolean => !found || found === "all" || found.has(one);
    if (!this.bySimilarity) {
      for (let one = row + direction; one >= 0 && one < this.#source.n; one += direction)
        if (isIn(one)) return one;
      return null;
    }
    const place = this.#placeOf(row);
    const known = this.#trail[place + direction];
    if (known !== undefined) return this.#go(place + direction, known);
    if (direction < 0) return null;
    const near = await this.#source.neighbours(row).catch(() => []);
    const next = near.find((one) => isIn(one) && !this.#trail.includes(one));
    if (next === undefined) return null;
    this.#trail.push(next);
    if (this.#trail.length > MOST) this.#trail.shift();
    return this.#go(this.#trail.length - 1, next);
  }

  /** Where on the trail a row is; one that was reached in another way begins a new walk. */
  #placeOf(row: number): number {
    if (this.#trail[this.#at] !== row) {
      this.#trail = [row];
      this.#at = 0;
    }
    return this.#at;
  }

  #go(at: number, row: number): number {
    this.#at = at;
    return row;
  }
}
