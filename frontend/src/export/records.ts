import { AtlasError } from "../data/errors";
import { Blocks } from "../data/blocks";
import type { Run } from "../data/morton";
import type { ByteSource } from "../data/ranges";
import type { Block, RecordFile, RecordGroup } from "../schema";

/** Bytes that are asked for at once where they lie side by side: so few pass the browser's cache by. */
const READ_BYTES = 192 * 2 ** 10;

/** Pages that are asked for at once, however small they are. */
const PAGES_AT_ONCE = 48;

/** Bytes of pages nobody wants that are read along: a request of its own costs a slow line more. */
const SKIPPED_BYTES = 16 * 2 ** 10;

/** Reads on the way at a time: enough to keep a line busy where they are small. */
const ON_THE_WAY = 10;

/** Reads of which the bytes are asked for before anything is exported. */
const READ_AHEAD = 8;

const ID = "media_id";

/** All columns together, in files of older atlases. */
const WHOLE = "";

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

/** Where records are read from. */
export interface RecordSource {
  /** The file of the pages. */
  readonly file: ByteSource;
  /** The ids of the media of consecutive rows. */
  readonly idsOf: (rows: Run) => Promise<string[]>;
}

/** Consecutive pages, and which rows of each are wanted; of some between others none. */
interface Wanted {
  readonly first: number;
  readonly chosen: number[][];
}

type Page = Uint8Array<ArrayBuffer>;

/** What was asked for before it is wanted, by what it is; it is taken once. */
type Ahead<T> = Map<string, Promise<T>>;

/** Reads `records.bin` by range: only pages that hold a wanted row, neighbours together. */
export class RecordPages {
  readonly #file: RecordFile;
  readonly #source: RecordSource;
  readonly #groups: readonly RecordGroup[];
  readonly #blocks: Blocks;
  readonly #starts = new Map<string, Promise<ArrayLike<number>>>();
  readonly #pagesAhead: Ahead<Page[]> = new Map();
  readonly #idsAhead: Ahead<string[]> = new Map();

  constructor(file: RecordFile, source: RecordSource) {
    this.#file = file;
    this.#source = source;
    this.#blocks = new Blocks(file, source.file);
    const { groups = [], columns } = file;
    this.#groups = groups.length ? groups : [{ name: WHOLE, columns }];
  }

  /** What is told of media: all, or by which they are named, found and cited. */
  records(which: "all" | "main"): Records {
    const groups = which === "all" ? this.#groups : this.#groups.slice(0, 1);
    const told = new Set([ID, ...groups.flatMap(({ columns }) => columns)]);
    const columns = this.#file.columns.filter((name) => told.has(name));
    return { columns, parts: (rows) => this.#parts(rows, groups) };
  }

  /** Ask for what an export of ascending rows begins with; what was asked for before is dropped. */
  ahead(rows: Iterable<number>): void {
    this.#pagesAhead.clear();
    this.#idsAhead.clear();
    const [main] = this.#groups;
    for (const run of this.#runs(rows).slice(0, READ_AHEAD)) {
      if (main) hold(this.#pagesAhead, pagesKey(run, main), this.#pages(run, main));
      if (!this.#isWhole) hold(this.#idsAhead, idsKey(run), this.#ids(run));
    }
  }

  /** The file is of an older atlas: all columns lie together, `media_id` too. */
  get #isWhole(): boolean {
    return this.#groups[0]?.name === WHOLE;
  }

  async *#parts(
    rows: Iterable<number>,
    groups: readonly RecordGroup[],
  ): AsyncGenerator<RecordPart> {
    const coming: Promise<RecordPart[]>[] = [];
    for (const run of this.#runs(rows)) {
      const part = this.#read(run, groups);
      part.catch(() => undefined); // it is heard of when its turn comes
      if (coming.push(part) >= ON_THE_WAY) yield* (await coming.shift()) ?? [];
    }
    for (const part of coming) yield* await part;
  }

  /** What is read together. */
  #runs(rows: Iterable<number>): Wanted[] {
    const pages = Math.max(1, Math.ceil(this.#file.n / this.#file.per_page));
    const sizes = this.#groups.map(({ name }) => this.#block(blockName("page", name)).n_bytes);
    const pageBytes = Math.max(1, ...sizes) / pages;
    const most = Math.min(PAGES_AT_ONCE, Math.max(1, Math.floor(READ_BYTES / pageBytes)));
    return pagesOf(rows, this.#file.per_page, most, Math.floor(SKIPPED_BYTES / pageBytes));
  }

  async #read(run: Wanted, groups: readonly RecordGroup[]): Promise<RecordPart[]> {
    const [ids, ...pages] = await Promise.all([
      this.#isWhole ? null : (take(this.#idsAhead, idsKey(run)) ?? this.#ids(run)),
      ...groups.map(
        (group) => take(this.#pagesAhead, pagesKey(run, group)) ?? this.#pages(run, group),
      ),
    ]);
    const { per_page } = this.#file;
    const wanted = [...run.chosen.entries()].filter(([, chosen]) => chosen.length);
    return Promise.all(
      wanted.map(async ([i, chosen]) => {
        const unpacked = await Promise.all(pages.map((some) => this.#unpacked(some[i])));
        const own = ids?.slice(i * per_page, (i + 1) * per_page);
        const told = own
          ? [[ID, new Column(own, null)] as const, ...unpacked.flat()]
          : unpacked.flat();
        return { columns: new Map(told), chosen };
      }),
    );
  }

  /** The ids from the first row of the pages on; none is read before the first that is wanted. */
  async #ids({ first, chosen }: Wanted): Promise<string[]> {
    const { per_page } = this.#file;
    const skipped = chosen[0]?.[0] ?? 0;
    const last = (chosen.length - 1) * per_page + (chosen.at(-1)?.at(-1) ?? 0);
    const begin = first * per_page;
    const ids = await this.#source.idsOf({ first: begin + skipped, end: begin + last + 1 });
    return [...Array.from({ length: skipped }, () => ""), ...ids];
  }

  async #pages({ first, chosen }: Wanted, { name }: RecordGroup): Promise<Page[]> {
    const starts = await this.#pageStarts(blockName("page_at", name));
    const { offset } = this.#block(blockName("page", name));
    const start = (page: number): number => starts[page] ?? 0;
    const [from, end] = [start(first), start(first + chosen.length)];
    const bytes = await this.#source.file.read(offset + from, end - from);
    return chosen.map((_, i) => bytes.slice(start(first + i) - from, start(first + i + 1) - from));
  }

  async #unpacked(page: Page | undefined): Promise<[string, Column][]> {
    try {
      // a stream of a Blob would take each page by way of another process
      const { readable, writable } = new DecompressionStream("gzip");
      const writer = writable.getWriter();
      const told = new Response(readable).json() as Promise<Record<string, Told>>;
      await Promise.all([told, writer.write(page ?? new Uint8Array()), writer.close()]);
      return Object.entries(await told).map(([name, one]) => [name, columnOf(one)]);
    } catch (error) {
      const trouble = { kind: "broken", file: this.#file.path, what: "a page is damaged" } as const;
      throw new AtlasError(trouble, { cause: error });
    }
  }

  #pageStarts(block: string): Promise<ArrayLike<number>> {
    const starts = this.#starts.get(block) ?? this.#blocks.whole(block);
    this.#starts.set(block, starts);
    starts.catch(() => this.#starts.delete(block));
    return starts;
  }

  #block(name: string): Block {
    const block = this.#file.blocks.find((one) => one.name === name);
    if (!block) throw new AtlasError({ kind: "absent", what: [name] });
    return block;
  }
}

/** A column of a page as it is stored. */
interface Told {
  readonly values?: readonly string[];
  readonly codes?: readonly number[];
  readonly letters?: readonly string[];
}

function columnOf({ values, codes, letters }: Told): Column {
  return new Column(letters ? textsOf(letters) : (values ?? []), codes ?? null);
}

/** Put texts together of their first letters, their second ones and so on; all are plain letters. */
function textsOf(letters: readonly string[]): string[] {
  const n = Math.max(0, ...letters.map(({ length }) => length));
  const bytes = new Uint8Array(n * letters.length);
  for (const [place, ofAll] of letters.entries())
    for (let i = 0; i < n; i++)
      bytes[i * letters.length + place] = ofAll.charCodeAt(ofAll.length === 1 ? 0 : i);
  const text = new TextDecoder().decode(bytes);
  return Array.from({ length: n }, (_, i) =>
    text.slice(i * letters.length, (i + 1) * letters.length).trimEnd(),
  );
}

/** What a group's block is called. */
function blockName(block: string, group: string): string {
  return group === WHOLE ? block : `${block}:${group}`;
}

function pagesKey({ first, chosen }: Wanted, { name }: RecordGroup): string {
  return [first, chosen.length, name].join();
}

function idsKey({ first, chosen }: Wanted): string {
  return [first, chosen.length, chosen[0]?.[0], chosen.at(-1)?.at(-1)].join();
}

function hold<T>(ahead: Ahead<T>, key: string, coming: Promise<T>): void {
  coming.catch(() => ahead.delete(key)); // it is asked for again when it is wanted
  ahead.set(key, coming);
}

function take<T>(ahead: Ahead<T>, key: string): Promise<T> | undefined {
  const held = ahead.get(key);
  ahead.delete(key);
  return held;
}

/**
 * Ascending rows by page: runs of at most so many consecutive pages together.
 *
 * In a run, up to `skipped` pages may lie between two that hold a row.
 */
export function pagesOf(
  rows: Iterable<number>,
  perPage: number,
  most = PAGES_AT_ONCE,
  skipped = 0,
): Wanted[] {
  const runs: Wanted[] = [];
  for (const row of rows) {
    const page = Math.floor(row / perPage);
    const run = runs.at(-1);
    const end = run ? run.first + run.chosen.length : 0;
    if (run && page < end) run.chosen.at(-1)?.push(row % perPage);
    else if (run && page <= end + skipped && page - run.first < most) {
      for (let between = end; between < page; between++) run.chosen.push([]);
      run.chosen.push([row % perPage]);
    } else runs.push({ first: page, chosen: [[row % perPage]] });
  }
  return runs;
}
