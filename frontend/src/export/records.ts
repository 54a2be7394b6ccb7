import type { ByteSource } from "../data/ranges";
import { AtlasError } from "../data/errors";
import { Blocks } from "../data/blocks";
import type { RecordFile } from "../schema";

/** Pages that are asked for at once where they lie side by side: some megabytes. */
const PAGES_AT_ONCE = 48;

/** What the sources say of some media under one term; the same text is there once. */
export class Column {
  readonly values: readonly string[];
  readonly #codes: ArrayLike<number> | null;

  /** Without `codes` there is a text for each row, or one for all. */
  constructor(values: readonly string[], codes: ArrayLike<number> | null) {
    this.values = values;
    this.#codes = codes;
  }

  /** The place among `values` of a row's text. */
  code(i: number): number {
    if (this.#codes) return this.#codes[i] ?? 0;
    return this.values.length === 1 ? 0 : i;
  }

  text(i: number): string {
    return this.values[this.code(i)] ?? "";
  }
}

/** Some of the media that are exported. */
export interface RecordPart {
  /** Columns by name; one that tells nothing of any of them is absent. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Which rows of the columns are exported. */
  readonly chosen: readonly number[];
}

/** What sources say of media: terms of Darwin Core and Audiovisual Core. */
export interface Records {
  /** All columns, in the order of an export; `media_id` first. */
  readonly columns: readonly string[];
  /** Yield the media of ascending rows, part by part. */
  parts(rows: Iterable<number>): AsyncIterable<RecordPart>;
}

/** Consecutive pages, and which rows of each are wanted. */
interface Wanted {
  readonly first: number;
  readonly chosen: number[][];
}

/** Reads `records.bin` by range: only pages that hold a wanted row, neighbours together. */
export class PagedRecords implements Records {
  readonly columns: readonly string[];
  readonly #file: RecordFile;
  readonly #source: ByteSource;
  #starts: Promise<ArrayLike<number>> | null = null;

  constructor(file: RecordFile, source: ByteSource) {
    this.#file = file;
    this.#source = source;
    this.columns = file.columns;
  }

  async *parts(rows: Iterable<number>): AsyncGenerator<RecordPart> {
    const wanted = pagesOf(rows, this.#file.per_page);
    let next = this.#read(wanted[0]);
    for (const [i, run] of wanted.entries()) {
      const pages = await next;
      // while these are unpacked, the following are fetched
      next = this.#read(wanted[i + 1]);
      next.catch(() => undefined);
      for (const [j, page] of pages.entries())
        yield { columns: await this.#unpacked(page), chosen: run.chosen[j] ?? [] };
    }
  }

  async #read(run: Wanted | undefined): Promise<Uint8Array<ArrayBuffer>[]> {
    if (!run) return [];
    const [starts, { offset }] = [await this.#pageStarts(), this.#block("page")];
    const start = (page: number): number => starts[page] ?? 0;
    const [from, end] = [start(run.first), start(run.first + run.chosen.length)];
    const bytes = await this.#source.read(offset + from, end - from);
    return run.chosen.map((_, i) =>
      bytes.slice(start(run.first + i) - from, start(run.first + i + 1) - from),
    );
  }

  async #unpacked(page: Uint8Array<ArrayBuffer>): Promise<Map<string, Column>> {
    try {
      const text = new Blob([page]).stream().pipeThrough(new DecompressionStream("gzip"));
      const told = (await new Response(text).json()) as Record<string, Told>;
      return new Map(
        Object.entries(told).map(([name, { values, codes }]) => [
          name,
          new Column(values, codes ?? null),
        ]),
      );
    } catch (error) {
      const trouble = { kind: "broken", file: this.#file.path, what: "a page is damaged" } as const;
      throw new AtlasError(trouble, { cause: error });
    }
  }

  #pageStarts(): Promise<ArrayLike<number>> {
    this.#starts ??= new Blocks(this.#file, this.#source).whole("page_at");
    this.#starts.catch(() => (this.#starts = null));
    return this.#starts;
  }

  #block(name: string): { offset: number } {
    const block = this.#file.blocks.find((one) => one.name === name);
    if (!block) throw new AtlasError({ kind: "absent", what: [name] });
    return block;
  }
}

/** A column of a page as it is stored. */
interface Told {
  readonly values: readonly string[];
  readonly codes?: readonly number[];
}

/** Ascending rows by page, runs of consecutive pages together. */
export function pagesOf(rows: Iterable<number>, perPage: number): Wanted[] {
  const runs: Wanted[] = [];
  let last = -1;
  for (const row of rows) {
    const page = Math.floor(row / perPage);
    const run = runs.at(-1);
    if (page === last) run?.chosen.at(-1)?.push(row % perPage);
    else if (run && page === last + 1 && run.chosen.length < PAGES_AT_ONCE)
      run.chosen.push([row % perPage]);
    else runs.push({ first: page, chosen: [[row % perPage]] });
    last = page;
  }
  return runs;
}
