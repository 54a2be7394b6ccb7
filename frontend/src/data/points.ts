import type { Points, Tiles } from "../schema";
import { Blocks, type Numbers } from "./blocks";
import { AtlasError } from "./errors";
import { joinRuns, mortonRuns, type Rectangle, type Run } from "./morton";
import type { ByteSource } from "./ranges";
import { RepresentativeTable } from "./representatives";
import type { Sprite } from "./sprite";

export type { Sprite } from "./sprite";

/** Without these blocks no medium can be found on the map. */
const NEEDED = ["index", "x", "y"];

/** Centres of consecutive places in pixels at the highest zoom. */
export interface Centres {
  readonly first: number;
  /** The row of each; null or left out where places are rows. */
  readonly rows?: Numbers | null;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Where consecutive rows lie: centres and sizes. */
export interface Places extends Centres {
  readonly w: Uint16Array;
  readonly h: Uint16Array;
}

/** Return the row of one of consecutive places. */
export function rowAt({ first, rows }: Pick<Centres, "first" | "rows">, i: number): number {
  return rows ? (rows[i] ?? 0) : first + i;
}

/** Reads `points.bin`: which media lie where. */
export class PointTable {
  readonly n: number;
  readonly representatives: RepresentativeTable;
  readonly blocks: Blocks;
  readonly #indexZoom: number;
  readonly #indexTilePx: number;
  readonly #spritePx: number;

  constructor(points: Points, tiles: Tiles, spritePx: number, source: ByteSource) {
    this.n = points.n;
    this.blocks = new Blocks(points, source);
    this.#indexZoom = points.index_zoom;
    this.#indexTilePx = tiles.tile_px * 2 ** (tiles.max_zoom - points.index_zoom);
    this.#spritePx = spritePx;
    this.representatives = new RepresentativeTable(
      points.representatives ?? [],
      this.blocks,
      (area) => this.rowsWithin(area),
    );
    const absent = NEEDED.filter((name) => !this.blocks.has(name));
    if (absent.length) throw new AtlasError({ kind: "absent", what: absent });
  }

  /** Return the media whose centres lie in a rectangle, and some around it. */
  async within(area: Rectangle): Promise<Sprite[]> {
    const runs = await this.rowsWithin(area);
    return (await Promise.all(runs.map((run) => this.sprites(run)))).flat();
  }

  /** Return the media of consecutive rows. */
  async sprites(rows: Run): Promise<Sprite[]> {
    const [x, y, w, h] = await Promise.all(
      ["x", "y", "w", "h"].map((b) => this.blocks.read(b, rows)),
    );
    return Array.from({ length: rows.end - rows.first }, (_, i) => ({
      row: rows.first + i,
      x: x?.[i] ?? 0,
      y: y?.[i] ?? 0,
      w: w?.[i] ?? this.#spritePx,
      h: h?.[i] ?? this.#spritePx,
    }));
  }

  /** Return the centres of consecutive rows, without an object for each. */
  async centres(rows: Run): Promise<Centres> {
    const [x, y] = await Promise.all(["x", "y"].map((name) => this.blocks.read(name, rows)));
    return { first: rows.first, x: x as Float32Array, y: y as Float32Array };
  }

  /** Return centres and sizes of consecutive rows. */
  async places(rows: Run): Promise<Places> {
    const usual = (): Uint16Array => new Uint16Array(rows.end - rows.first).fill(this.#spritePx);
    const [centres, w, h] = await Promise.all([
      this.centres(rows),
      this.blocks.read("w", rows),
      this.blocks.read("h", rows),
    ]);
    return { ...centres, w: w ? (w as Uint16Array) : usual(), h: h ? (h as Uint16Array) : usual() };
  }

  /** Return the first row of each tile of the index, and the number of rows. */
  index(): Promise<Numbers> {
    return this.blocks.readAll("index");
  }

  /** Return one medium, or null if there is no such row. */
  async sprite(row: number): Promise<Sprite | null> {
    if (row < 0 || row >= this.n) return null;
    return (await this.sprites({ first: row, end: row + 1 }))[0] ?? null;
  }

  /** Return the rows whose centres lie in a rectangle, and some around it. */
  async rowsWithin(area: Rectangle): Promise<Run[]> {
    const runs = mortonRuns(area, this.#indexZoom, this.#indexTilePx);
    return joinRuns(await Promise.all(runs.map((run) => this.#rowsOf(run))));
  }

  /** Turn a run of Morton codes into the run of rows whose centres lie in those tiles. */
  async #rowsOf(codes: Run): Promise<Run> {
    const edges = [codes.first, codes.end].map(async (at) => {
      const entry = await this.blocks.read("index", { first: at, end: at + 1 });
      return Math.min(entry?.[0] ?? 0, this.n);
    });
    const [first = 0, end = 0] = await Promise.all(edges);
    return { first, end };
  }
}
