import type { Neighbours } from "../schema";
import { type ByteSource, PagedFile } from "./ranges";

/** Fills up where there are fewer than k. */
const NONE = 0xffffffff;
const BYTES = 4;

/** Reads which media are most similar to one. */
export class NeighbourTable {
  readonly #k: number;
  readonly #file: ByteSource;

  constructor({ path, k }: Neighbours, n: number, source: ByteSource) {
    this.#k = k;
    this.#file = new PagedFile(source, BYTES * k * n, path);
  }

  /** Return the rows of the media most similar to that of a row, nearest first. */
  async of(row: number): Promise<number[]> {
    const bytes = await this.#file.read(BYTES * this.#k * row, BYTES * this.#k);
    return [...new Uint32Array(bytes.buffer)].filter((one) => one !== NONE);
  }
}
