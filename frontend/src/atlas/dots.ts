import { mortonPlace } from "../data/morton";
import type { Centres } from "../data/points";
import type { Rgb } from "../select/palettes";

/** The colour of a row as a pixel of an ImageData, or 0 for none. */
export type Paint = (row: number) => number;

/** Where a tile lies, in its own pixels. */
export interface TileFrame {
  /** Its left and top edge in pixels at the highest zoom. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the tile in one pixel at the highest zoom. */
  readonly scale: number;
  /** Pixels along its edge. */
  readonly side: number;
}

/** Return a colour as a pixel of an ImageData, on machines with the low byte first: all there are. */
export function pixel([red, green, blue]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Paints many small squares, pixel by pixel: far faster than a canvas can. */
export class Dots {
  readonly side: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly #edge: number;

  /** `edge` is that of a dot in pixels, at least 1. */
  constructor(side: number, edge: number) {
    this.side = side;
    this.#edge = Math.max(1, Math.round(edge));
    this.pixels = new Uint32Array(side * side);
  }

  /** Paint rows by their centres. */
  centres({ first, x, y }: Centres, { left, top, scale }: TileFrame, paint: Paint): void {
    const half = this.#edge / 2;
    for (let i = 0; i < x.length; i++) {
      const colour = paint(first + i);
      if (!colour) continue;
      const across = Math.round(((x[i] ?? 0) - left) * scale - half);
      this.#dot(across, Math.round(((y[i] ?? 0) - top) * scale - half), colour);
    }
  }

  /**
   * Paint the rows of a tile where only the index is known.
   *
   * `index` holds the first row of each cell of the tile in Morton order, and the end. The rows
   * of a cell are in Morton order too: they are spread over it as if they were evenly dense.
   */
  cells(index: ArrayLike<number>, paint: Paint): void {
    const cells = index.length - 1;
    const edge = this.side / Math.sqrt(cells);
    const steps = Math.max(1, 2 ** Math.floor(Math.log2(edge)));
    for (let cell = 0; cell < cells; cell++) {
      const [first, end] = [index[cell] ?? 0, index[cell + 1] ?? 0];
      if (end <= first) continue;
      const [column, line] = mortonPlace(cell);
      for (let row = first; row < end; row++) {
        const colour = paint(row);
        if (!colour) continue;
        const within = Math.floor(((row - first + 0.5) / (end - first)) * steps * steps);
        const [x, y] = mortonPlace(within);
        const step = edge / steps;
        this.#dot(Math.floor(column * edge + x * step), Math.floor(line * edge + y * step), colour);
      }
    }
  }

  #dot(left: number, top: number, colour: number): void {
    const right = Math.min(left + this.#edge, this.side);
    const bottom = Math.min(top + this.#edge, this.side);
    for (let y = Math.max(top, 0); y < bottom; y++)
      for (let x = Math.max(left, 0); x < right; x++) this.pixels[y * this.side + x] = colour;
  }
}
