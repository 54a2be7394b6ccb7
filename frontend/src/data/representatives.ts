import type { Representatives } from "../schema";
import type { Blocks, Numbers } from "./blocks";
import { Kept } from "./kept";
import { joinRuns, type Rectangle, type Run } from "./morton";
import type { Sprite } from "./sprite";

/** Zooms whose boxes are kept whole: all that a tile shows, and some more. */
const ZOOMS_KEPT = 16;

/** Numbers of a box: left, top, width, height. */
const BOX = 4;

/** The media that tiles of a zoom show larger than they are, and their boxes. */
export interface Raised {
  /** Ascending. */
  readonly rows: Numbers;
  /** Left, top, width and height of each, in pixels at the highest zoom. */
  readonly boxes: Numbers;
}

/** Knows which media the tiles show larger than they are, and where. */
export class RepresentativeTable {
  readonly #zooms: readonly Representatives[];
  readonly #blocks: Blocks;
  readonly #rowsWithin: (area: Rectangle) => Promise<Run[]>;
  readonly #rows = new Map<number, Promise<Numbers>>();
  readonly #raised = new Kept<number, Raised>(ZOOMS_KEPT);

  /** `rowsWithin` gives all rows whose centres lie in a rectangle, and maybe more. */
  constructor(
    zooms: readonly Representatives[],
    blocks: Blocks,
    rowsWithin: (area: Rectangle) => Promise<Run[]>,
  ) {
    this.#zooms = [...zooms].sort((a, b) => a.zoom - b.zoom);
    this.#blocks = blocks;
    this.#rowsWithin = rowsWithin;
  }

  /** Return the topmost one whose box on tiles of a zoom holds a point, as it is drawn. */
  async at(x: number, y: number, tileZoom: number): Promise<Sprite | null> {
    for (const set of this.#shownAt(tileZoom)) {
      const near = await this.#near(set, x, y);
      const found = near.find((box) => holds(box, x, y));
      if (found) return found;
    }
    return null;
  }

  /** Return all that are shown on tiles of a zoom, those at the bottom first. */
  async shownOn(tileZoom: number): Promise<Raised[]> {
    const zooms = [...this.#shownAt(tileZoom)].reverse();
    await this.#blocks.ahead(zooms.flatMap(({ zoom }) => [`rep:${zoom}`, `repbox:${zoom}`]));
    return Promise.all(zooms.map(({ zoom }) => this.#raised.get(zoom, () => this.#all(zoom))));
  }

  /** Return the topmost box of a row on tiles of a zoom, or null if it is shown in its own size. */
  async of(row: number, tileZoom: number): Promise<Sprite | null> {
    for (const { zoom } of this.#shownAt(tileZoom)) {
      const rows = await this.#rowsOf(zoom);
      const place = firstAtLeast(rows, row);
      if (rows[place] === row)
        return (await this.#drawn(zoom, rows, { first: place, end: place + 1 }))[0] ?? null;
    }
    return null;
  }

  /** From the top: tiles show those of their own zoom, and under them those of higher ones. */
  #shownAt(tileZoom: number): readonly Representatives[] {
    return this.#zooms.filter(({ zoom }) => zoom >= tileZoom);
  }

  /** Return those of a zoom whose boxes may hold a point. */
  async #near({ zoom, reach }: Representatives, x: number, y: number): Promise<Sprite[]> {
    const area = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
    const [rows, runs] = await Promise.all([this.#rowsOf(zoom), this.#rowsWithin(area)]);
    const places = runs.map(({ first, end }) => ({
      first: firstAtLeast(rows, first),
      end: firstAtLeast(rows, end),
    }));
    const found = joinRuns(places).map((run) => this.#drawn(zoom, rows, run));
    return (await Promise.all(found)).flat();
  }

  async #drawn(zoom: number, rows: Numbers, places: Run): Promise<Sprite[]> {
    const boxes = await this.#blocks.read(`repbox:${zoom}`, places);
    if (!boxes) return [];
    return Array.from({ length: places.end - places.first }, (_, i) => {
      const [left = 0, top = 0, w = 0, h = 0] = boxes.subarray(BOX * i, BOX * (i + 1));
      return { row: rows[places.first + i] ?? 0, x: left + w / 2, y: top + h / 2, w, h };
    });
  }

  async #all(zoom: number): Promise<Raised> {
    const boxes = this.#blocks.readAll(`repbox:${zoom}`);
    return { rows: await this.#rowsOf(zoom), boxes: await boxes };
  }

  /** The rows of a zoom are few, and kept; the boxes are read as they are needed. */
  #rowsOf(zoom: number): Promise<Numbers> {
    const known = this.#rows.get(zoom);
    if (known) return known;
    const rows = this.#blocks.readAll(`rep:${zoom}`);
    rows.catch(() => this.#rows.delete(zoom));
    this.#rows.set(zoom, rows);
    return rows;
  }
}

function holds(box: Sprite, x: number, y: number): boolean {
  return Math.abs(x - box.x) <= box.w / 2 && Math.abs(y - box.y) <= box.h / 2;
}

/** Return the place of the first of ascending numbers that is not below a bound. */
function firstAtLeast(numbers: Numbers, bound: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
