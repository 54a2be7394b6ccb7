import type { Block } from "../schema";
import { AtlasError } from "./errors";
import type { Run } from "./morton";
import { type ByteSource, PAGE_BYTES, PagedFile } from "./ranges";

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
} as const;

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** A binary file of blocks, as `atlas.json` tells of it. */
export interface BlockTable {
  path: string;
  blocks: readonly Block[];
}

/** Reads the typed arrays of a file such as `points.bin`, page by page. */
export class Blocks {
  readonly #path: string;
  readonly #blocks: Map<string, Block>;
  readonly #source: ByteSource;
  readonly #pages: ByteSource;

  /** `pageBytes` are read at once where neighbouring bytes are likely to follow. */
  constructor({ path, blocks }: BlockTable, source: ByteSource, pageBytes = PAGE_BYTES) {
    const size = Math.max(0, ...blocks.map((block) => block.offset + block.n_bytes));
    this.#path = path;
    this.#blocks = new Map(blocks.map((block) => [block.name, block]));
    this.#source = source;
    this.#pages = new PagedFile(source, size, path, pageBytes);
  }

  has(name: string): boolean {
    return this.#blocks.has(name);
  }

  /** How many rows a block has; 0 if the file lacks it. */
  rows(name: string): number {
    return this.#blocks.get(name)?.shape[0] ?? 0;
  }

  /** Return the numbers of a block for some rows, or null if the file lacks the block. */
  async read(name: string, rows: Run): Promise<Numbers | null> {
    const block = this.#blocks.get(name);
    if (!block) return null;
    const array = ARRAYS[block.dtype];
    const rowBytes = rowLength(block) * array.BYTES_PER_ELEMENT;
    const offset = block.offset + rows.first * rowBytes;
    const bytes = await this.#pages.read(offset, (rows.end - rows.first) * rowBytes);
    return new array(bytes.buffer);
  }

  /** Return all numbers of a block, or none if the file lacks it; its pages are kept. */
  async readAll(name: string): Promise<Numbers> {
    return (await this.read(name, { first: 0, end: this.rows(name) })) ?? new Uint8Array();
  }

  /** Read blocks that lie beside each other in one request; their pages are kept. */
  async ahead(names: readonly string[]): Promise<void> {
    const blocks = names.flatMap((name) => this.#blocks.get(name) ?? []);
    const first = Math.min(...blocks.map(({ offset }) => offset));
    const end = Math.max(...blocks.map(({ offset, n_bytes }) => offset + n_bytes));
    const wanted = blocks.reduce((sum, { n_bytes }) => sum + n_bytes, 0);
    if (wanted && end - first < 2 * wanted) await this.#pages.read(first, end - first);
  }

  /** Return all numbers of a block, read at once and not kept; throws if the file lacks it. */
  whole(name: string): Promise<Numbers> {
    return this.once(name, { first: 0, end: this.rows(name) });
  }

  /** Return the numbers of some rows, read at once and not kept; throws if the file lacks them. */
  async once(name: string, rows: Run): Promise<Numbers> {
    const block = this.#blocks.get(name);
    if (!block) throw new AtlasError({ kind: "absent", what: [name] });
    const array = ARRAYS[block.dtype];
    const rowBytes = rowLength(block) * array.BYTES_PER_ELEMENT;
    const length = (rows.end - rows.first) * rowBytes;
    if (!length) return new array();
    const bytes = await this.#source.read(block.offset + rows.first * rowBytes, length);
    if (bytes.length < length) throw this.#broken("it ends too early");
    return new array(bytes.buffer);
  }

  /** Return a block that holds JSON. */
  async json(name: string): Promise<unknown> {
    const bytes = await this.readAll(name);
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    } catch {
      throw this.#broken(`its block ${name} is not JSON`);
    }
  }

  /**
   * Return the bytes of entry i of a block of lists, which lie one after another.
   *
   * Block `<name>_at` tells where each begins.
   */
  async entry(name: string, i: number): Promise<Uint8Array> {
    const edges = await this.read(`${name}_at`, { first: i, end: i + 2 });
    const [first = 0, end = 0] = edges ?? [];
    if (end < first) throw this.#broken(`entry ${i} of its block ${name} ends before it begins`);
    return ((await this.read(name, { first, end })) ?? new Uint8Array()) as Uint8Array;
  }

  #broken(what: string): AtlasError {
    return new AtlasError({ kind: "broken", file: this.#path, what });
  }
}

/** How many numbers a row of a block has. */
function rowLength({ shape }: Block): number {
  return shape.slice(1).reduce((a, b) => a * b, 1);
}
