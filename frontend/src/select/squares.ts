/** A rectangle, from its top left corner on. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Share a rectangle out by weights, the parts as square as may be.
 *
 * Bruls, Huizing and van Wijk, Squarified Treemaps (2000). The weights come greatest
 * first and are more than 0; the parts are in their order.
 */
export function squarified(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, one) => sum + one, 0);
  const scale = total > 0 ? (box.width * box.height) / total : 0;
  const areas = weights.map((one) => one * scale);
  const boxes: Box[] = [];
  let free = box;
  for (let first = 0; first < areas.length;) {
    const side = Math.min(free.width, free.height);
    let end = first + 1;
    while (
      end < areas.length &&
      worst(areas, first, end + 1, side) <= worst(areas, first, end, side)
    )
      end++;
    const row = areas.slice(first, end);
    const [parts, rest] = laid(row, free);
    boxes.push(...parts);
    [free, first] = [rest, end];
  }
  return boxes;
}

/** The least square of some parts that share the shorter side: how often it is as long as wide. */
function worst(areas: readonly number[], first: number, end: number, side: number): number {
  const row = areas.slice(first, end);
  const sum = row.reduce((all, one) => all + one, 0);
  const [most, least] = [row[0] ?? 0, row.at(-1) ?? 0];
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/** Lay parts along the shorter side of what is free; return them and what is left. */
function laid(row: readonly number[], free: Box): [Box[], Box] {
  const { x, y, width, height } = free;
  const sum = row.reduce((all, one) => all + one, 0);
  const across = width >= height;
  const depth = sum / Math.max(across ? height : width, Number.MIN_VALUE);
  let at = across ? y : x;
  const parts = row.map((area): Box => {
    const long = depth > 0 ? area / depth : 0;
    const part = across
      ? { x, y: at, width: depth, height: long }
      : { x: at, y, width: long, height: depth };
    at += long;
    return part;
  });
  const rest = across
    ? { x: x + depth, y, width: Math.max(width - depth, 0), height }
    : { x, y: y + depth, width, height: Math.max(height - depth, 0) };
  return [parts, rest];
}
