/** A half-open run of numbers: `first` is in it, `end` is not. */
export interface Run {
  first: number;
  end: number;
}

/** A rectangle in pixels; y runs down. */
export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Tiles are counted one by one up to this many; beyond, larger ones stand for them. */
const TILES_AT_MOST = 64;

/** Weave column and row into one number: x in the even bits, y in the odd bits. */
export function mortonCode(x: number, y: number): number {
  // multiplication, not shifts: those end at 32 bits
  let code = 0;
  let weight = 1;
  for (let columns = x, rows = y; columns > 0 || rows > 0; weight *= 4) {
    code += weight * ((columns % 2) + 2 * (rows % 2));
    columns = Math.floor(columns / 2);
    rows = Math.floor(rows / 2);
  }
  return code;
}

/** Take column and row out of a code below 2 ** 32. */
export function mortonPlace(code: number): readonly [number, number] {
  return [evenBits(code), evenBits(code >>> 1)];
}

function evenBits(code: number): number {
  let bits = code & 0x55555555;
  bits = (bits | (bits >>> 1)) & 0x33333333;
  bits = (bits | (bits >>> 2)) & 0x0f0f0f0f;
  bits = (bits | (bits >>> 4)) & 0x00ff00ff;
  return (bits | (bits >>> 8)) & 0x0000ffff;
}

/** Join runs that touch or overlap, in ascending order; empty ones are dropped. */
export function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs.filter((r) => r.end > r.first).sort((a, b) => a.first - b.first)) {
    const last = joined.at(-1);
    if (last && run.first <= last.end) last.end = Math.max(last.end, run.end);
    else joined.push({ ...run });
  }
  return joined;
}

/**
 * Return the runs of Morton codes, at `zoom`, of tiles that cover a rectangle.
 *
 * `tilePx` is the edge of a tile of `zoom` in the rectangle's pixels. The cover
 * may be larger than the rectangle, never smaller.
 */
export function mortonRuns(area: Rectangle, zoom: number, tilePx: number): Run[] {
  for (let coarser = 0; coarser <= zoom; coarser++) {
    const edge = tilePx * 2 ** coarser;
    const last = 2 ** (zoom - coarser) - 1;
    const [left, right] = [tileOf(area.left, edge, last), tileOf(area.right, edge, last)];
    const [top, bottom] = [tileOf(area.top, edge, last), tileOf(area.bottom, edge, last)];
    if ((right - left + 1) * (bottom - top + 1) > TILES_AT_MOST) continue;
    const codes = 4 ** coarser;
    const runs: Run[] = [];
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) {
        const first = mortonCode(x, y) * codes;
        runs.push({ first, end: first + codes });
      }
    return joinRuns(runs);
  }
  return [{ first: 0, end: 4 ** zoom }];
}

function tileOf(pixel: number, edge: number, last: number): number {
  return Math.min(Math.max(Math.floor(pixel / edge), 0), last);
}
