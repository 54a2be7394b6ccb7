import type { Point } from "./bitmap";

/** Screen pixels of one pixel of the photograph beyond which nothing is gained. */
const CLOSEST = 24;

/** How far one can zoom out from the whole picture. */
const FARTHEST = 0.5;

const MARGIN = 0.94;

/** Where a picture lies in its pane: how large, and where its upper left corner is. */
export class View {
  scale = 1;
  x = 0;
  y = 0;
  #width = 1;
  #height = 1;
  #paneWidth = 1;
  #paneHeight = 1;
  #fitted = true;

  /** Take a picture of another size and show all of it. */
  open(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.fit();
  }

  /** Take a pane of another size, in screen pixels; keep what is in its middle. */
  resize(width: number, height: number): void {
    const middle = this.toPicture({ x: this.#paneWidth / 2, y: this.#paneHeight / 2 });
    this.#paneWidth = Math.max(1, width);
    this.#paneHeight = Math.max(1, height);
    if (this.#fitted) this.fit();
    else this.#put(middle, { x: this.#paneWidth / 2, y: this.#paneHeight / 2 });
  }

  /** Show the whole picture. */
  fit(): void {
    this.scale = this.#whole;
    this.#fitted = true;
    this.#put(
      { x: this.#width / 2, y: this.#height / 2 },
      { x: this.#paneWidth / 2, y: this.#paneHeight / 2 },
    );
  }

  /** Enlarge by a factor; the point of the pane stays where it is. */
  zoom(factor: number, at: Point = { x: this.#paneWidth / 2, y: this.#paneHeight / 2 }): void {
    const held = this.toPicture(at);
    const least = Math.min(this.#whole * FARTHEST, 1);
    this.scale = Math.min(CLOSEST, Math.max(least, this.scale * factor));
    this.#fitted = false;
    this.#put(held, at);
  }

  /** Move by screen pixels; the middle of the pane stays on the picture. */
  pan(dx: number, dy: number): void {
    this.#fitted = false;
    this.x = held(this.x + dx, this.#paneWidth / 2, this.#width * this.scale);
    this.y = held(this.y + dy, this.#paneHeight / 2, this.#height * this.scale);
  }

  /** True if it is larger than the whole picture needs to be. */
  get enlarged(): boolean {
    return this.scale > 1.01 * this.#whole;
  }

  /** Return the point of the picture under a point of the pane. */
  toPicture({ x, y }: Point): Point {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /** Return the point of the pane over a point of the picture. */
  toPane({ x, y }: Point): Point {
    return { x: this.x + x * this.scale, y: this.y + y * this.scale };
  }

  get #whole(): number {
    return MARGIN * Math.min(this.#paneWidth / this.#width, this.#paneHeight / this.#height);
  }

  #put(point: Point, at: Point): void {
    this.x = at.x - point.x * this.scale;
    this.y = at.y - point.y * this.scale;
    if (!this.#fitted) this.pan(0, 0);
  }
}

function held(start: number, middle: number, length: number): number {
  return Math.min(middle, Math.max(middle - length, start));
}
