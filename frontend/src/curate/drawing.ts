import { type Bitmap, type Point, type Rectangle, union } from "./bitmap";

/** The tools that change a mask; "hand" moves the picture. */
export type DrawingTool = "brush" | "eraser" | "polygon" | "polygon-cut" | "hand";

export const SIZES = { least: 1, most: 200, start: 24 } as const;

/** One use of a tool, from touching down to letting go. */
export class Drawing {
  tool: DrawingTool = "brush";
  /** Diameter of brush and eraser in pixels of the photograph. */
  size: number = SIZES.start;
  /** Corners of a polygon that is not closed yet. */
  corners: readonly Point[] = [];
  #before: Bitmap | null = null;
  #area: Rectangle | null = null;
  #last: Point = { x: 0, y: 0 };

  /** True while a brush or eraser is down. */
  get stroking(): boolean {
    return this.#before !== null;
  }

  /** What the tool writes. */
  get value(): 0 | 1 {
    return this.tool === "eraser" || this.tool === "polygon-cut" ? 0 : 1;
  }

  get isPolygon(): boolean {
    return this.tool === "polygon" || this.tool === "polygon-cut";
  }

  /** Make brush and eraser one step larger or smaller, by about an eighth. */
  resize(larger: boolean): void {
    const step = Math.max(1, Math.round(this.size / 8));
    this.size = Math.min(SIZES.most, Math.max(SIZES.least, this.size + (larger ? step : -step)));
  }

  /** Touch down with brush or eraser; return the part that changed. */
  begin(bitmap: Bitmap, at: Point): Rectangle | null {
    this.#before = bitmap.copy();
    this.#area = null;
    this.#last = at;
    return this.extend(bitmap, at);
  }

  /** Draw on to a point; return the part that changed. */
  extend(bitmap: Bitmap, to: Point): Rectangle | null {
    const area = bitmap.stroke(this.#last, to, this.size / 2, this.value);
    this.#last = to;
    this.#area = union(this.#area, area);
    return area;
  }

  /** Let go; return the mask as it was before, and the part that changed since. */
  end(): { before: Bitmap; area: Rectangle } | null {
    const [before, area] = [this.#before, this.#area];
    this.#before = this.#area = null;
    return before && area ? { before, area } : null;
  }
}
