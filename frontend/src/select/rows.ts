import type { Run } from "../data/morton";

const BITS = 32;
const ALL = 0xffffffff;

/** Rows as ascending runs that do not touch: first and end of each, one after another. */
export class Rows {
  static readonly none = new Rows(new Uint32Array());
  readonly edges: Uint32Array;

  constructor(edges: Uint32Array) {
    this.edges = edges;
  }

  /** Rows of runs that are in order and do not touch. */
  static of(runs: readonly Run[]): Rows {
    return new Rows(Uint32Array.from(runs.flatMap(({ first, end }) => [first, end])));
  }

  /** Rows of ascending numbers, each once. */
  static ofNumbers(rows: Iterable<number>): Rows {
    const edges: number[] = [];
    for (const row of rows) {
      if (edges.length && edges[edges.length - 1] === row) edges[edges.length - 1] = row + 1;
      else edges.push(row, row + 1);
    }
    return new Rows(Uint32Array.from(edges));
  }

  /** How many rows there are. */
  get count(): number {
    let count = 0;
    this.each((first, end) => {
      count += end - first;
    });
    return count;
  }

  /** Call `tell` with first and end of each run, in order. */
  each(tell: (first: number, end: number) => void): void {
    const { edges } = this;
    for (let i = 0; i < edges.length; i += 2) tell(edges[i] ?? 0, edges[i + 1] ?? 0);
  }

  /** The rows one by one; for few of them. */
  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.edges.length; i += 2)
      for (let row = this.edges[i] ?? 0; row < (this.edges[i + 1] ?? 0); row++) yield row;
  }
}

/** Which of n rows are chosen: a bit for each. */
export class RowSet {
  readonly n: number;
  /** Row r is bit `r % 32` of word `r >> 5`; bits from n on are 0. */
  readonly words: Uint32Array;
  #count = -1;

  private constructor(n: number, words: Uint32Array) {
    this.n = n;
    this.words = words;
  }

  static none(n: number): RowSet {
    return new RowSet(n, new Uint32Array(Math.ceil(n / BITS)));
  }

  static all(n: number): RowSet {
    return RowSet.of(n, [Rows.of([{ first: 0, end: n }])]);
  }

  /** The union of some rows; those beyond n are left out. */
  static of(n: number, parts: Iterable<Rows>): RowSet {
    const set = RowSet.none(n);
    for (const rows of parts)
      rows.each((first, end) => {
        fill(set.words, Math.min(first, n), Math.min(end, n));
      });
    return set;
  }

  /** Rows in any order; those beyond n are left out. */
  static ofNumbers(n: number, parts: Iterable<Iterable<number>>): RowSet {
    const set = RowSet.none(n);
    for (const rows of parts)
      for (const row of rows)
        if (row < n) set.words[row >>> 5] = (set.words[row >>> 5] ?? 0) | (1 << (row & 31));
    return set;
  }

  /** Those rows of n for which `chosen` is true. */
  static where(n: number, chosen: (row: number) => boolean): RowSet {
    const set = RowSet.none(n);
    for (let row = 0; row < n; row++)
      if (chosen(row)) set.words[row >>> 5] = (set.words[row >>> 5] ?? 0) | (1 << (row & 31));
    return set;
  }

  and(other: RowSet): RowSet {
    return new RowSet(
      this.n,
      this.words.map((word, i) => word & (other.words[i] ?? 0)),
    );
  }

  or(other: RowSet): RowSet {
    return new RowSet(
      this.n,
      this.words.map((word, i) => word | (other.words[i] ?? 0)),
    );
  }

  not(): RowSet {
    const words = this.words.map((word) => ~word);
    const over = this.n % BITS;
    const last = words.length - 1;
    if (over) words[last] = (words[last] ?? 0) & (ALL >>> (BITS - over));
    return new RowSet(this.n, words);
  }

  has(row: number): boolean {
    return row < this.n && (((this.words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /** How many rows are chosen. */
  get count(): number {
    if (this.#count < 0) this.#count = this.words.reduce((sum, word) => sum + ones(word), 0);
    return this.#count;
  }

  /** How many rows from `first` to `end`, exclusive, are chosen. */
  countWithin(first: number, end: number): number {
    if (first >= end) return 0;
    const [low, high] = [first >>> 5, (end - 1) >>> 5];
    let count = 0;
    for (let i = low; i <= high; i++) count += ones((this.words[i] ?? 0) & mask(i, first, end));
    return count;
  }

  /** Call `tell` with each chosen row from `first` to `end`, exclusive, in order. */
  each(tell: (row: number) => void, first = 0, end = this.n): void {
    if (first >= end) return;
    const [low, high] = [first >>> 5, (end - 1) >>> 5];
    for (let i = low; i <= high; i++) {
      let word = (this.words[i] ?? 0) & mask(i, first, end);
      while (word) {
        tell(i * BITS + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
  }

  /** At most `limit` chosen rows, in order, after the first `skip`. */
  slice(skip: number, limit: number): number[] {
    const rows: number[] = [];
    let passed = 0;
    for (let i = 0; i < this.words.length && rows.length < limit; i++) {
      const here = ones(this.words[i] ?? 0);
      const wanted = passed + here > skip;
      const take = (row: number): void => {
        if (passed++ >= skip && rows.length < limit) rows.push(row);
      };
      if (wanted) this.each(take, i * BITS, Math.min((i + 1) * BITS, this.n));
      else passed += here;
    }
    return rows;
  }

  /** The chosen rows as runs. */
  ranges(): Rows {
    const edges: number[] = [];
    this.each((row) => {
      if (edges.length && edges[edges.length - 1] === row) edges[edges.length - 1] = row + 1;
      else edges.push(row, row + 1);
    });
    return new Rows(Uint32Array.from(edges));
  }
}

/** The set of what all have: null stands for all rows. */
export function common(sets: readonly (RowSet | null)[]): RowSet | null {
  return sets.reduce((both, set) => (both && set ? both.and(set) : (both ?? set)), null);
}

/** The bits of word i that belong to rows from `first` to `end`, exclusive. */
function mask(i: number, first: number, end: number): number {
  const low = i === first >>> 5 ? ALL << (first & 31) : ALL;
  const high = i === (end - 1) >>> 5 ? ALL >>> (31 - ((end - 1) & 31)) : ALL;
  return low & high;
}

function fill(words: Uint32Array, first: number, end: number): void {
  if (first >= end) return;
  const [low, high] = [first >>> 5, (end - 1) >>> 5];
  if (high > low + 1) words.fill(ALL, low + 1, high);
  words[low] = (words[low] ?? 0) | mask(low, first, end);
  words[high] = (words[high] ?? 0) | mask(high, first, end);
}

/** How many bits of a word are 1 (Warren, Hacker's Delight, 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
