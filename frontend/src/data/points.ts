import type { Block, Points, Tiles } from "../schema";
import { AtlasError } from "./errors";
import { joinRuns, mortonRuns, type Rectangle, type Run } from "./morton";
import { type ByteSource, PagedFile } from "./ranges";

/** Without these blocks no medium can be found on the map. */
const NEEDED = ["index", "x", "y"];

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
} as const;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** Where one medium lies: centre and size in pixels at the highest zoom. */
export interface Sprite {
  row: number;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Reads `points.bin`: which media lie where. */
export class PointTable {
  readonly n: number;
  readonly #blocks: Map<string, Block>;
  readonly #file: ByteSource;
  readonly #indexZoom: number;
  readonly #indexTilePx: number;
  readonly #spritePx: number;

  constructor(points: Points, tiles: Tiles, spritePx: number, source: ByteSource) {
    const size = Math.max(0, ...points.blocks.map((block) => block.offset + block.n_bytes));
    this.n = points.n;
    this.#blocks = new Map(points.blocks.map((block) => [block.name, block]));
    this.#file = new PagedFile(source, size, points.path);
    this.#indexZoom = points.index_zoom;
    this.#indexTilePx = tiles.tile_px * 2 ** (tiles.max_zoom - points.index_zoom);
    this.#spritePx = spritePx;
    const absent = NEEDED.filter((name) => !this.#blocks.has(name));
    if (absent.length) throw new AtlasError({ kind: "absent", what: absent });
  }

  /** Return the media whose centres lie in a rectangle, and some around it. */
  async within(area: Rectangle): Promise<Sprite[]> {
    const runs = mortonRuns(area, this.#indexZoom, this.#indexTilePx);
    const rows = await Promise.all(runs.map((run) => this.#rowsOf(run)));
    const sprites = await Promise.all(joinRuns(rows).map((run) => this.sprites(run)));
    return sprites.flat();
  }

  /** Return the media of consecutive rows. */
  async sprites(rows: Run): Promise<Sprite[]> {
    const [x, y, w, h] = await Promise.all(["x", "y", "w", "h"].map((b) => this.#column(b, rows)));
    return Array.from({ length: rows.end - rows.first }, (_, i) => ({
      row: rows.first + i,
      x: x?.[i] ?? 0,
      y: y?.[i] ?? 0,
      w: w?.[i] ?? this.#spritePx,
      h: h?.[i] ?? this.#spritePx,
    }));
  }

  /** Return one medium, or null if there is no such row. */
  async sprite(row: number): Promise<Sprite | null> {
    if (row < 0 || row >= this.n) return null;
    return (await this.sprites({ first: row, end: row + 1 }))[0] ?? null;
  }

  /** Turn a run of Morton codes into the run of rows whose centres lie in those tiles. */
  async #rowsOf(codes: Run): Promise<Run> {
    const edges = [codes.first, codes.end].map(async (at) => {
      const entry = await this.#column("index", { first: at, end: at + 1 });
      return Math.min(entry?.[0] ?? 0, this.n);
    });
    const [first = 0, end = 0] = await Promise.all(edges);
    return { first, end };
  }

  /** Return the numbers of a block for some rows, or null if the atlas lacks the block. */
  async #column(name: string, rows: Run): Promise<Numbers | null> {
    const block = this.#blocks.get(name);
    if (!block) return null;
    const array = ARRAYS[block.dtype];
    const perRow = block.shape.slice(1).reduce((a, b) => a * b, 1);
    const rowBytes = perRow * array.BYTES_PER_ELEMENT;
    const offset = block.offset + rows.first * rowBytes;
    const bytes = await this.#file.read(offset, (rows.end - rows.first) * rowBytes);
    return new array(bytes.buffer);
  }
}
