import type { Block, Points } from "../schema";
import type { Run } from "./morton";
import { type ByteSource, PagedFile } from "./ranges";

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
} as const;

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** Reads the typed arrays of `points.bin`, page by page. */
export class Blocks {
  readonly #blocks: Map<string, Block>;
  readonly #file: ByteSource;

  constructor({ path, blocks }: Points, source: ByteSource) {
    const size = Math.max(0, ...blocks.map((block) => block.offset + block.n_bytes));
    this.#blocks = new Map(blocks.map((block) => [block.name, block]));
    this.#file = new PagedFile(source, size, path);
  }

  has(name: string): boolean {
    return this.#blocks.has(name);
  }

  /** Return the numbers of a block for some rows, or null if the atlas lacks the block. */
  async read(name: string, rows: Run): Promise<Numbers | null> {
    const block = this.#blocks.get(name);
    if (!block) return null;
    const array = ARRAYS[block.dtype];
    const perRow = block.shape.slice(1).reduce((a, b) => a * b, 1);
    const rowBytes = perRow * array.BYTES_PER_ELEMENT;
    const offset = block.offset + rows.first * rowBytes;
    const bytes = await this.#file.read(offset, (rows.end - rows.first) * rowBytes);
    return new array(bytes.buffer);
  }

  /** Return all numbers of a block, or none if the atlas lacks it. */
  async readAll(name: string): Promise<Numbers> {
    const n = this.#blocks.get(name)?.shape[0] ?? 0;
    return (await this.read(name, { first: 0, end: n })) ?? new Uint8Array();
  }
}
