import type { DictionaryRef, NumberRef } from "../schema";
import { Rows, RowSet } from "../select/rows";
import type { Blocks } from "./blocks";
import { AtlasError } from "./errors";
import { Kept } from "./kept";
import type { ReadableAtlas } from "./open";
import type { ByteSource } from "./ranges";
import { ValueReader } from "./values";

/** Whole columns kept in memory: 2 to 4 bytes a medium each. */
const COLUMNS_KEPT = 8;

/** More values than these are looked for in the codes of all rows, not in lists of rows. */
const LISTS_AT_MOST = 64;

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** The numbers of a column; NaN is no number. */
export interface NumberColumn {
  readonly values: Float32Array;
  /** The end of each range; null where all are single numbers. */
  readonly lasts: Float32Array | null;
  readonly min: number;
  readonly max: number;
}

/** Reads the columns by which media are coloured, filtered and counted. */
export class ColumnTable {
  readonly n: number;
  readonly #blocks: Blocks | null;
  readonly #numbers: readonly NumberRef[];
  readonly #readers: ReadonlyMap<string, ValueReader>;
  readonly #codes = new Kept<string, Codes>(COLUMNS_KEPT);
  readonly #floats = new Kept<string, NumberColumn>(COLUMNS_KEPT);

  /** `blocks` is `points.bin`, or null if the atlas has none. */
  constructor(
    atlas: Pick<ReadableAtlas, "dictionaries" | "n_media" | "numbers" | "points">,
    blocks: Blocks | null,
    open: (path: string) => ByteSource,
    readJson: (path: string) => Promise<unknown>,
  ) {
    this.n = atlas.points?.n ?? atlas.n_media;
    this.#blocks = blocks;
    this.#numbers = atlas.numbers ?? [];
    const reader = (one: DictionaryRef): [string, ValueReader] => [
      one.column,
      new ValueReader(one, open, readJson),
    ];
    this.#readers = new Map(atlas.dictionaries.map(reader));
  }

  /** Return the reader of a column's values; throws an AtlasError if there is no such column. */
  reader(column: string): ValueReader {
    const reader = this.#readers.get(column);
    if (!reader) throw new AtlasError({ kind: "absent", what: [column] });
    return reader;
  }

  /** Return the code of every row: 0 is no value; of several values it is that of the first. */
  codes(column: string): Promise<Codes> {
    return this.#codes.get(column, async () => (await this.#whole(`code:${column}`)) as Codes);
  }

  /** Return the number of every row. */
  numbers(column: string): Promise<NumberColumn> {
    const reference = this.#numbers.find((one) => one.column === column);
    if (!reference) return Promise.reject(new AtlasError({ kind: "absent", what: [column] }));
    const { minimum: min, maximum: max } = reference;
    const read = async (name: string): Promise<Float32Array> => {
      const block = await this.#whole(name);
      if (block instanceof Float32Array) return block;
      return Float32Array.from(block, (code) => (code ? min + code - 1 : NaN));
    };
    return this.#floats.get(column, async () => {
      const [values, lasts] = await Promise.all([
        read(`num:${column}`),
        reference.ranges ? read(`num:${column}:last`) : null,
      ]);
      return { values, lasts, min, max };
    });
  }

  /** Return the rows that have a value; with code 0 those that have none. */
  async rowsOf(column: string, code: number): Promise<Rows> {
    const listed = await this.reader(column).rows(code);
    return listed ?? (await this.#byCodes(column, new Set([code]))).ranges();
  }

  /** Return the rows that have any of some values; with code 0 also those that have none. */
  async rowsOfAny(column: string, codes: ReadonlySet<number>): Promise<RowSet> {
    const { several, values } = this.reader(column).reference;
    if (!codes.size) return RowSet.none(this.n);
    // a code tells the first of several values only
    const listed = values && (several === true || codes.size <= LISTS_AT_MOST);
    if (!listed) return this.#byCodes(column, codes);
    const found = [...codes].map((code) => this.rowsOf(column, code));
    return RowSet.of(this.n, await Promise.all(found));
  }

  async #byCodes(column: string, wanted: ReadonlySet<number>): Promise<RowSet> {
    const codes = await this.codes(column);
    const chosen = new Uint8Array(this.reader(column).reference.n + 1);
    for (const code of wanted) chosen[code] = 1;
    return RowSet.where(this.n, (row) => chosen[codes[row] ?? 0] === 1);
  }

  async #whole(name: string): ReturnType<Blocks["whole"]> {
    if (!this.#blocks) throw new AtlasError({ kind: "absent", what: ["points"] });
    return this.#blocks.whole(name);
  }
}
