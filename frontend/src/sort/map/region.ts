import type { Rectangle } from "../../data/morton";

/** A point of the atlas, in pixels at its highest zoom; y runs down. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A region of the atlas: the corners of a closed line, in the order they were drawn. */
export type Region = readonly Place[];

/** Return the corners of the rectangle between two opposite ones. */
export function rectangle(one: Place, other: Place): Region {
  return [one, { x: other.x, y: one.y }, other, { x: one.x, y: other.y }];
}

/** Return the smallest rectangle that holds a region. */
export function boundsOf(region: Region): Rectangle {
  const [across, down] = [region.map(({ x }) => x), region.map(({ y }) => y)];
  return {
    left: Math.min(...across),
    top: Math.min(...down),
    right: Math.max(...across),
    bottom: Math.max(...down),
  };
}

/** True if a point lies inside; where the line crosses itself, inside is what is held once. */
export function holds(region: Region, { x, y }: Place): boolean {
  let inside = false;
  let before = region.at(-1);
  for (const corner of region) {
    if (before && corner.y > y !== before.y > y) {
      const share = (y - corner.y) / (before.y - corner.y);
      if (x < corner.x + share * (before.x - corner.x)) inside = !inside;
    }
    before = corner;
  }
  return inside;
}

/** Return a drawn line without points nearer to the one before than `least`. */
export function thinned(line: Region, least: number): Region {
  const kept: Place[] = [];
  for (const point of line) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point.x - last.x, point.y - last.y) >= least) kept.push(point);
  }
  return kept;
}
