/** A part of a bitmap in its pixels; right and bottom are the first outside. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A point in pixels of the photograph; the first pixel reaches from 0 to 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A mask while it is drawn: one byte a pixel, 1 on the specimen, rows from the top. */
export class Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;

  constructor(width: number, height: number, data = new Uint8Array(width * height)) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** All of it. */
  get whole(): Rectangle {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  /** Return how many pixels are on the specimen. */
  count(): number {
    let n = 0;
    for (const value of this.data) n += value;
    return n;
  }

  copy(): Bitmap {
    return new Bitmap(this.width, this.height, this.data.slice());
  }

  /** Set every pixel whose centre lies within `radius` of the line from one point to another. */
  stroke(from: Point, to: Point, radius: number, value: 0 | 1): Rectangle | null {
    const area = this.#within({
      left: Math.floor(Math.min(from.x, to.x) - radius),
      top: Math.floor(Math.min(from.y, to.y) - radius),
      right: Math.ceil(Math.max(from.x, to.x) + radius) + 1,
      bottom: Math.ceil(Math.max(from.y, to.y) + radius) + 1,
    });
    if (!area) return null;
    const near = distanceTo(from, to);
    for (let y = area.top; y < area.bottom; y++)
      for (let x = area.left; x < area.right; x++)
        if (near(x + 0.5, y + 0.5) <= radius * radius) this.data[y * this.width + x] = value;
    return area;
  }

  /** Set every pixel whose centre lies inside a polygon, by the even-odd rule. */
  polygon(corners: readonly Point[], value: 0 | 1): Rectangle | null {
    if (corners.length < 3) return null;
    const xs = corners.map(({ x }) => x);
    const ys = corners.map(({ y }) => y);
    const area = this.#within({
      left: Math.floor(Math.min(...xs)),
      top: Math.floor(Math.min(...ys)),
      right: Math.ceil(Math.max(...xs)),
      bottom: Math.ceil(Math.max(...ys)),
    });
    if (!area) return null;
    for (let y = area.top; y < area.bottom; y++) {
      const cuts = crossings(corners, y + 0.5);
      for (let i = 0; i + 1 < cuts.length; i += 2) {
        const first = Math.max(area.left, Math.ceil((cuts[i] ?? 0) - 0.5));
        const last = Math.min(area.right, Math.ceil((cuts[i + 1] ?? 0) - 0.5));
        if (last > first) this.data.fill(value, y * this.width + first, y * this.width + last);
      }
    }
    return area;
  }

  /** Set every pixel that is shut in by the specimen; touching at corners shuts nothing in. */
  fillHoles(): Rectangle | null {
    const outside = this.#reachedFromTheRim();
    let found = false;
    for (let i = 0; i < this.data.length; i++)
      if (!this.data[i] && !outside[i]) {
        this.data[i] = 1;
        found = true;
      }
    return found ? this.whole : null;
  }

  /** Take the pixels of another of the same size. */
  take(other: Bitmap): void {
    this.data.set(other.data);
  }

  /** Return the pixels of a part, row by row. */
  cut({ left, top, right, bottom }: Rectangle): Uint8Array {
    const width = right - left;
    const part = new Uint8Array(width * (bottom - top));
    for (let y = top; y < bottom; y++)
      part.set(
        this.data.subarray(y * this.width + left, y * this.width + right),
        (y - top) * width,
      );
    return part;
  }

  /** Put back what {@link cut} returned. */
  paste(part: Uint8Array, { left, top, right, bottom }: Rectangle): void {
    const width = right - left;
    for (let y = top; y < bottom; y++)
      this.data.set(part.subarray((y - top) * width, (y - top + 1) * width), y * this.width + left);
  }

  #within(area: Rectangle): Rectangle | null {
    const clipped = {
      left: Math.max(0, area.left),
      top: Math.max(0, area.top),
      right: Math.min(this.width, area.right),
      bottom: Math.min(this.height, area.bottom),
    };
    return clipped.left < clipped.right && clipped.top < clipped.bottom ? clipped : null;
  }

  /** Mark what is not specimen and can be reached from the rim without crossing it. */
  #reachedFromTheRim(): Uint8Array {
    const { width, height, data } = this;
    const reached = new Uint8Array(data.length);
    const waiting: number[] = [];
    const visit = (i: number): void => {
      if (data[i] || reached[i]) return;
      reached[i] = 1;
      waiting.push(i);
    };
    for (let x = 0; x < width; x++) {
      visit(x);
      visit((height - 1) * width + x);
    }
    for (let y = 0; y < height; y++) {
      visit(y * width);
      visit(y * width + width - 1);
    }
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const x = i % width;
      if (x > 0) visit(i - 1);
      if (x < width - 1) visit(i + 1);
      if (i >= width) visit(i - width);
      if (i < data.length - width) visit(i + width);
    }
    return reached;
  }
}

/** Return the smallest part that holds both. */
export function union(a: Rectangle | null, b: Rectangle | null): Rectangle | null {
  if (!a || !b) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Return a function that gives the squared distance of a point to a line from end to end. */
function distanceTo(from: Point, to: Point): (x: number, y: number) => number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  return (x, y) => {
    const along = length ? ((x - from.x) * dx + (y - from.y) * dy) / length : 0;
    const t = Math.min(1, Math.max(0, along));
    const ex = x - from.x - t * dx;
    const ey = y - from.y - t * dy;
    return ex * ex + ey * ey;
  };
}

/** Return where a horizontal line cuts the sides of a polygon, from left to right. */
function crossings(corners: readonly Point[], y: number): number[] {
  const found: number[] = [];
  let last = corners[corners.length - 1];
  for (const corner of corners) {
    if (last && last.y > y !== corner.y > y)
      found.push(last.x + ((y - last.y) / (corner.y - last.y)) * (corner.x - last.x));
    last = corner;
  }
  return found.sort((a, b) => a - b);
}
