import { type Finding, keyOf } from "../data/findings";
import { Kept } from "../data/kept";
import type { ColumnSource } from "../data/source";
import { common, RowSet } from "./rows";

/** Sets of rows that are kept, so that only what changed is looked up again. */
const SETS_KEPT = 64;

/** What media are asked for: each column, range, word and the area must hold. */
export interface Filters {
  /** Codes by column: a medium has any of them; code 0 is no value. */
  readonly values: ReadonlyMap<string, ReadonlySet<number>>;
  /** Least and greatest number by column, both included. */
  readonly ranges: ReadonlyMap<string, readonly [number, number]>;
  readonly words: readonly Finding[];
  /** Rows drawn around on the map, or null. */
  readonly area: RowSet | null;
}

export const NO_FILTERS: Filters = {
  values: new Map(),
  ranges: new Map(),
  words: [],
  area: null,
};

export type Counts = Float64Array | Uint32Array;

/** Media by the bins of a column of numbers. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** Bin i counts from min + i * binWidth on. */
  readonly binWidth: number;
  /** Media of the selection, but for the column's own range; a range counts by shares. */
  readonly counts: Counts;
  /** Media of the whole atlas. */
  readonly all: Counts;
}

/** What the filters leave, and the counts that go with it. */
export class Selection {
  readonly #source: ColumnSource;
  /** A set for each part of the filters: by column, or by the words. */
  #parts: readonly (readonly [string, RowSet])[] = [];
  readonly #sets = new Kept<string, RowSet>(SETS_KEPT);
  #asked = 0;

  constructor(source: ColumnSource) {
    this.#source = source;
  }

  /**
   * Return the rows that the filters leave, or null for all.
   *
   * If other filters were applied meanwhile, facets are counted by the later ones.
   */
  async apply(filters: Filters): Promise<RowSet | null> {
    const asked = ++this.#asked;
    const parts = await Promise.all(this.#partsOf(filters));
    if (asked === this.#asked) this.#parts = parts;
    return common(parts.map(([, set]) => set));
  }

  /**
   * Return the media by code that the filters leave, but for the column's own filter.
   *
   * Entry 0 counts those without a value. Of a column with several values in a cell each counts.
   */
  async facet(column: string): Promise<Uint32Array> {
    const chosen = this.besides(column);
    const told = chosen ? null : await this.#told(column);
    if (told) return told;
    const [codes, each, { n }] = await Promise.all([
      this.#source.codes(column),
      this.#several(column) ? this.#source.rowsOfEach(column) : null,
      this.#source.values(column),
    ]);
    const counts = new Uint32Array(n + 1);
    const count = (row: number): void => {
      const code = codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    };
    if (chosen) chosen.each(count);
    else for (let row = 0; row < codes.length; row++) count(row);
    for (const [i, rows] of (each ?? []).entries()) {
      let sum = 0;
      rows.each((first, end) => {
        sum += chosen ? chosen.countWithin(first, end) : end - first;
      });
      counts[i + 1] = sum;
    }
    return counts;
  }

  /** Media by code in the whole atlas, where its list of values tells; null where it does not. */
  async #told(column: string): Promise<Uint32Array | null> {
    const { n, whole, values } = await this.#source.values(column);
    if (!whole || this.#several(column)) return null;
    const counts = new Uint32Array(n + 1);
    let sum = 0;
    for (const { code, count } of values) sum += counts[code] = count;
    counts[0] = this.#source.n - sum;
    return counts;
  }

  /** Return the rows that the filters leave, but for those of one column; null for all. */
  besides(column: string): RowSet | null {
    const own = new Set([`values ${column}`, `range ${column}`]);
    return common(this.#parts.filter(([name]) => !own.has(name)).map(([, set]) => set));
  }

  /** Count the numbers of a column in at most about `nBins` bins of the width of the atlas's. */
  async histogram(column: string, nBins: number): Promise<Histogram> {
    const chosen = this.besides(column);
    const told = chosen ? null : this.#toldBins(column, nBins);
    if (told) return told;
    const { values, lasts, min, max } = await this.#source.numbers(column);
    const binWidth = this.#binWidth(column, min, max, nBins);
    const n = Math.floor((max - min) / binWidth) + 1;
    const [counts, all] = [empty(n, lasts !== null), empty(n, lasts !== null)];
    const binOf = (value: number): number =>
      Math.min(Math.max(Math.floor((value - min) / binWidth), 0), n - 1);
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? NaN;
      if (Number.isNaN(value)) continue;
      const last = lasts?.[row] ?? value;
      const has = !chosen || chosen.has(row);
      // each number of a range counts the same
      const share = 1 / (last - value + 1);
      for (let one = value; one <= last; one++) {
        const bin = binOf(one);
        all[bin] = (all[bin] ?? 0) + share;
        if (has) counts[bin] = (counts[bin] ?? 0) + share;
      }
    }
    return { min, max, binWidth, counts, all };
  }

  /** The histogram of the whole atlas, by the bins that it tells; null if it tells none. */
  #toldBins(column: string, nBins: number): Histogram | null {
    const told = this.#source.atlas.numbers?.find((one) => one.column === column);
    if (!told?.bins.length) return null;
    const { minimum: min, maximum: max } = told;
    const binWidth = this.#binWidth(column, min, max, nBins);
    const step = Math.round(binWidth / told.bin_width);
    const all = empty(Math.floor((max - min) / binWidth) + 1, told.ranges === true);
    for (const [i, count] of told.bins.entries()) {
      const bin = Math.min(Math.floor(i / step), all.length - 1);
      all[bin] = (all[bin] ?? 0) + count;
    }
    return { min, max, binWidth, counts: all.slice(), all };
  }

  /** A whole multiple of the width of the bins that the atlas tells, which is a round number. */
  #binWidth(column: string, min: number, max: number, nBins: number): number {
    const told = this.#source.atlas.numbers?.find((one) => one.column === column)?.bin_width;
    const width = told && told > 0 ? told : Math.max(max - min, 1) / nBins;
    const many = (max - min) / width / nBins;
    const step = [1, 2, 5, 10, 20, 25, 50, 100].find((one) => one >= many) ?? Math.ceil(many);
    return width * step;
  }

  #several(column: string): boolean {
    const { dictionaries } = this.#source.atlas;
    return dictionaries.some((one) => one.column === column && one.several === true);
  }

  #partsOf(filters: Filters): Promise<readonly [string, RowSet]>[] {
    const values = [...filters.values]
      .filter(([, codes]) => codes.size)
      .map(([column, codes]): [string, Promise<RowSet>] => {
        const key = JSON.stringify([column, [...codes].sort((a, b) => a - b)]);
        return [
          `values ${column}`,
          this.#sets.get(key, () => this.#source.rowsOfAny(column, codes)),
        ];
      });
    const ranges = [...filters.ranges].map(([column, range]): [string, Promise<RowSet>] => [
      `range ${column}`,
      this.#sets.get(JSON.stringify([column, "range", range]), () => this.#inRange(column, range)),
    ]);
    const words = filters.words.map((finding): [string, Promise<RowSet>] => [
      `words ${keyOf(finding)}`,
      this.#sets.get(keyOf(finding), async () =>
        RowSet.of(this.#source.n, [await this.#source.rowsOfFinding(finding)]),
      ),
    ]);
    const area: [string, Promise<RowSet>][] = filters.area
      ? [["area", Promise.resolve(filters.area)]]
      : [];
    return [...values, ...ranges, ...words, ...area].map(
      async ([name, set]) => [name, await set] as const,
    );
  }

  async #inRange(column: string, [low, high]: readonly [number, number]): Promise<RowSet> {
    const { values, lasts } = await this.#source.numbers(column);
    return RowSet.where(this.#source.n, (row) => {
      const value = values[row] ?? NaN;
      return (lasts?.[row] ?? value) >= low && value <= high;
    });
  }
}

/** Counts of nothing; of ranges they are not whole. */
function empty(n: number, shares: boolean): Counts {
  return shares ? new Float64Array(n) : new Uint32Array(n);
}
