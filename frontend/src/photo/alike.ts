import { Blocks, type Numbers } from "../data/blocks";
import type { DataSource } from "../data/source";
import type { Alike } from "../schema";
import type { Like } from "./results";

const ROW_BYTES = 4;
const MIDDLE = 128;

/** What is the same for every photograph. */
interface Frame {
  readonly mean: Numbers;
  readonly along: Numbers;
  readonly scale: Numbers;
  readonly centres: Numbers;
  readonly at: Numbers;
}

/** Finds the media that are like a vector, in the cells of a file that are nearest to it. */
export class AlikeTable {
  readonly #alike: Alike;
  readonly #blocks: Blocks;
  #frame: Promise<Frame> | null = null;

  constructor(source: DataSource, alike: Alike) {
    this.#alike = alike;
    this.#blocks = new Blocks(alike, source.file(alike.path));
  }

  /** Bytes that are read before the first photograph, and about as many for each. */
  static bytes({ blocks, n, n_read }: Alike): number {
    const of = (name: string): number => blocks.find((one) => one.name === name)?.n_bytes ?? 0;
    const cells = blocks.find(({ name }) => name === "centre")?.shape[0] ?? 1;
    const ahead = of("mean") + of("direction") + of("scale") + of("centre") + of("cell_at");
    return ahead + (n ? (of("entry") * n_read) / cells : 0);
  }

  /** Read what is the same for every photograph. */
  ready(): Promise<Frame> {
    const all = ["mean", "direction", "scale", "centre", "cell_at"] as const;
    this.#frame ??= this.#blocks.ahead(all).then(async () => {
      const read = all.map((name) => this.#blocks.readAll(name));
      const [mean, along, scale, centres, at] = await Promise.all(read);
      const none = new Float32Array();
      return {
        mean: mean ?? none,
        along: along ?? none,
        scale: scale ?? none,
        centres: centres ?? none,
        at: at ?? none,
      };
    });
    this.#frame.catch(() => (this.#frame = null));
    return this.#frame;
  }

  /** The rows of the media most like a vector, the likest first. */
  async nearest(features: Float32Array, k: number): Promise<Like[]> {
    const frame = await this.ready();
    const wanted = unit(features);
    const size = frame.scale.length;
    const along = new Float32Array(size);
    for (let i = 0; i < size; i++)
      along[i] = dot(frame.along.subarray(i * wanted.length, (i + 1) * wanted.length), wanted);
    const base = dot(frame.mean, wanted);
    const weights = along.map((value, i) => value * (frame.scale[i] ?? 0));
    const cells = nearestCells(frame, along, this.#alike.n_read);
    const found = await Promise.all(cells.map((cell) => this.#cell(frame, cell, weights, base)));
    return found
      .flat()
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, k);
  }

  async #cell(frame: Frame, cell: number, weights: Float32Array, base: number): Promise<Like[]> {
    const [first = 0, end = 0] = [frame.at[cell], frame.at[cell + 1]];
    const entries = await this.#blocks.read("entry", { first, end });
    if (!entries) return [];
    const size = ROW_BYTES + weights.length;
    const view = new DataView(entries.buffer, entries.byteOffset);
    return Array.from({ length: end - first }, (_, i) => {
      let similarity = base;
      for (let j = 0; j < weights.length; j++)
        similarity += ((entries[i * size + ROW_BYTES + j] ?? 0) - MIDDLE) * (weights[j] ?? 0);
      const row = view.getUint32(i * size, true);
      return { row, similarity: Math.min(1, Math.max(-1, similarity)) };
    });
  }
}

/** The cells whose middles are nearest to where a vector lies. */
function nearestCells(
  { centres, mean, along }: Frame,
  at: Float32Array,
  n: number,
): readonly number[] {
  const size = at.length;
  const width = mean.length;
  // where the mean lies along the directions: the middles are told from there
  const place = at.map((value, i) => value - dot(along.subarray(i * width, (i + 1) * width), mean));
  const away = Array.from({ length: centres.length / size }, (_, cell) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += ((centres[cell * size + i] ?? 0) - (place[i] ?? 0)) ** 2;
    return { cell, sum };
  });
  return away
    .sort((a, b) => a.sum - b.sum)
    .slice(0, n)
    .map(({ cell }) => cell);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

function dot(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
