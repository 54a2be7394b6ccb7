import type { Rows } from "../select/rows";
import type { Dictionary, DictionaryRef, ValueFile } from "../schema";
import { Blocks, type Numbers } from "./blocks";
import { AtlasError } from "./errors";
import { decodePostings } from "./postings";
import { type ByteSource, SMALL_PAGE_BYTES } from "./ranges";
import { compareBytes } from "./words";

/** Of a column with too many values for one file these many are listed, most frequent first. */
const LISTED_FIRST = 512;

/** A value of a column: code 0 is no value. */
export interface ListedValue {
  readonly code: number;
  readonly text: string;
  /** Media that have it, in the whole atlas. */
  readonly count: number;
}

/** The counts of more values than these are read with those of all others. */
const FEW = 64;

/** The values of a column, as far as they are listed. */
export interface ValueList {
  /** How many distinct values the column has. */
  readonly n: number;
  /** True: all of them, by text. False: those with most media, the most frequent first. */
  readonly whole: boolean;
  readonly values: readonly ListedValue[];
}

/** Reads the distinct values of one column: a file of all, or a few of many by range. */
export class ValueReader {
  readonly reference: DictionaryRef;
  readonly #file: Blocks | null;
  readonly #readJson: (path: string) => Promise<unknown>;
  #all: Promise<Dictionary> | null = null;
  #counts: Promise<Numbers> | null = null;
  #every: Promise<unknown> | null = null;

  constructor(
    reference: DictionaryRef,
    open: (path: string) => ByteSource,
    readJson: (path: string) => Promise<unknown>,
  ) {
    this.reference = reference;
    this.#readJson = readJson;
    const file: ValueFile | null = reference.values ?? null;
    this.#file = file && new Blocks(file, open(file.path), SMALL_PAGE_BYTES);
  }

  /** All values from a file that holds them all; throws if there are too many for one. */
  all(): Promise<Dictionary> {
    const { path, column } = this.reference;
    if (!path) return Promise.reject(new AtlasError({ kind: "absent", what: [column] }));
    this.#all ??= this.#readJson(path).then((json) => checked(json, path));
    this.#all.catch(() => (this.#all = null));
    return this.#all;
  }

  async list(): Promise<ValueList> {
    const { n, path } = this.reference;
    if (path) {
      const { values } = await this.all();
      const listed = values.map(({ value, count }, i) => ({ code: i + 1, text: value, count }));
      return { n, whole: true, values: listed };
    }
    const end = Math.min(LISTED_FIRST, n);
    const most = (await this.#file?.read("most", { first: 0, end })) ?? [];
    return { n, whole: false, values: await this.#listed([...most]) };
  }

  /** Return values in the order of their bytes, from the first that is not before `begin` on. */
  async from(begin: string, limit: number): Promise<ListedValue[]> {
    if (!this.#file) {
      const { values } = await this.list();
      return values.filter(({ text }) => compareBytes(text, begin) >= 0).slice(0, limit);
    }
    let [low, high] = await this.#around(begin);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(await this.text(middle + 1), begin) < 0) low = middle + 1;
      else high = middle;
    }
    const end = Math.min(low + limit, this.reference.n);
    return this.#listed(Array.from({ length: end - low }, (_, i) => low + i));
  }

  /** Return what a code stands for; empty for 0 and for a code that the column lacks. */
  async text(code: number): Promise<string> {
    if (code < 1 || code > this.reference.n) return "";
    if (this.reference.path) return (await this.all()).values[code - 1]?.value ?? "";
    const bytes = await this.#file?.entry("text", code - 1);
    return new TextDecoder().decode(bytes);
  }

  /** Media that have each value; entry i is of code i + 1. */
  counts(): Promise<ArrayLike<number>> {
    if (this.reference.path)
      return this.all().then(({ values }) => values.map(({ count }) => count));
    this.#counts ??= this.#file?.whole("count") ?? Promise.resolve(new Uint32Array());
    this.#counts.catch(() => (this.#counts = null));
    return this.#counts;
  }

  /** Media that have each of some values, which are counted from 0. */
  async countsOf(values: readonly number[]): Promise<number[]> {
    if (this.reference.path || this.#counts || !this.#file || values.length > FEW) {
      const counts = await this.counts();
      return values.map((value) => counts[value] ?? 0);
    }
    const file = this.#file;
    const read = values.map((value) => file.read("count", { first: value, end: value + 1 }));
    return (await Promise.all(read)).map((count) => count?.[0] ?? 0);
  }

  /** Return the rows that have a value, or null where the atlas has no lists of rows. */
  async rows(code: number): Promise<Rows | null> {
    if (!this.#file || code < 1 || code > this.reference.n) return null;
    return decodePostings(await this.#file.entry("rows", code - 1));
  }

  /** Read ahead what leads to the rows of each value. */
  async readyRows(): Promise<void> {
    await this.#file?.readAll("rows_at");
  }

  /** Return the rows of all values, read at once, or null where there are no lists. */
  async allRows(): Promise<Rows[] | null> {
    if (!this.#file) return null;
    const [at, bytes] = await Promise.all([this.#file.whole("rows_at"), this.#file.whole("rows")]);
    return Array.from({ length: this.reference.n }, (_, i) =>
      decodePostings(bytes.subarray(at[i], at[i + 1]) as Uint8Array),
    );
  }

  /** Two values, by their places, of which a text lies between: from the list of every so many. */
  async #around(text: string): Promise<[number, number]> {
    const { n, values } = this.reference;
    if (!values || !this.#file?.has("page")) return [0, n];
    this.#every ??= this.#file.json("page");
    this.#every.catch(() => (this.#every = null));
    const every = await this.#every;
    if (!Array.isArray(every)) return [0, n];
    const before = every.filter((one) => compareBytes(String(one), text) < 0).length;
    const step = values.page_values;
    return [Math.max(0, before - 1) * step, Math.min(n, before * step)];
  }

  async #listed(values: readonly number[]): Promise<ListedValue[]> {
    const counts = await this.counts();
    return Promise.all(
      values.map(async (value) => ({
        code: value + 1,
        text: await this.text(value + 1),
        count: counts[value] ?? 0,
      })),
    );
  }
}

function checked(json: unknown, path: string): Dictionary {
  if (typeof json === "object" && json && Array.isArray((json as Partial<Dictionary>).values))
    return json as Dictionary;
  throw new AtlasError({ kind: "broken", file: path, what: "it lists no values" });
}
