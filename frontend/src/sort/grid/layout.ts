import type { Point } from "../../curate/bitmap";

/** Pixels between cells. */
const GAP = 8;

/** Room for a line of text under a picture that is at least so wide. */
const CAPTION = 22;
const CAPTIONED = 150;

/** The share of a row that may lie beyond the edge while it counts as in sight. */
const HIDDEN = 0.15;

/** A part of the grid, in pixels from its upper left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Places from `first` up to and without `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** Where cells of one size lie: in reading order, as many in a row as fit. */
export class GridLayout {
  readonly columns: number;
  readonly rows: number;
  readonly n: number;
  readonly captioned: boolean;
  readonly #width: number;
  readonly #height: number;

  /** `size` is the least width of a cell; cells grow until a row is full. */
  constructor(width: number, size: number, n: number) {
    this.n = n;
    this.columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
    this.rows = Math.ceil(n / this.columns);
    this.#width = Math.max(1, (width - GAP * (this.columns - 1)) / this.columns);
    this.captioned = this.#width >= CAPTIONED;
    this.#height = this.#width + (this.captioned ? CAPTION : 0);
  }

  /** Height of all rows. */
  get height(): number {
    return Math.max(0, this.rows * this.pitch - GAP);
  }

  /** From the top of a row to the top of the next. */
  get pitch(): number {
    return this.#height + GAP;
  }

  boxOf(index: number): Box {
    const column = index % this.columns;
    const row = Math.floor(index / this.columns);
    const left = column * (this.#width + GAP);
    return { left, top: row * this.pitch, width: this.#width, height: this.#height };
  }

  /** Return the place at a point, or -1 between cells and outside. */
  indexAt({ x, y }: Point): number {
    const column = Math.floor(x / (this.#width + GAP));
    const row = Math.floor(y / this.pitch);
    const index = row * this.columns + column;
    if (x < 0 || y < 0 || column >= this.columns || index >= this.n) return -1;
    const { left, top } = this.boxOf(index);
    return x < left + this.#width && y < top + this.#height ? index : -1;
  }

  /** Return the places that a box touches, in order. */
  touched({ left, top, width, height }: Box): number[] {
    const found: number[] = [];
    const first = Math.max(0, Math.floor(top / this.pitch));
    const last = Math.min(this.rows - 1, Math.floor((top + height) / this.pitch));
    for (
      let index = first * this.columns;
      index < Math.min(this.n, (last + 1) * this.columns);
      index++
    ) {
      const cell = this.boxOf(index);
      const across = cell.left <= left + width && cell.left + cell.width >= left;
      if (across && cell.top <= top + height && cell.top + cell.height >= top) found.push(index);
    }
    return found;
  }

  /** Return the places of rows of which any pixel lies between two heights, and of some more rows. */
  shown(top: number, height: number, more: number): Span {
    const first = Math.floor(top / this.pitch) - more;
    const end = Math.ceil((top + height) / this.pitch) + more;
    return this.#rows(first, end);
  }

  /** Return the places of rows that can be judged: all but a little of each is in sight. */
  inSight(top: number, height: number): Span {
    const hidden = HIDDEN * this.#height;
    const first = Math.ceil((top - hidden) / this.pitch);
    const end = Math.floor((top + height - this.#height + hidden) / this.pitch) + 1;
    return this.#rows(first, Math.max(first + 1, end));
  }

  #rows(first: number, end: number): Span {
    const at = (row: number): number =>
      Math.min(this.n, Math.max(0, Math.min(row, this.rows)) * this.columns);
    return { first: at(first), end: Math.max(at(first), at(end)) };
  }
}
