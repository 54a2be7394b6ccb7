/** Where a sprite lies. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Return at most `n` of some sprites, evenly over the area that they cover, in their order.
 *
 * Of those that lie close to each other the later ones are taken: they are on top.
 */
export function spread<S extends Point>(sprites: readonly S[], n: number): S[] {
  if (sprites.length <= n) return [...sprites];
  const cells = [...cellsOf(sprites, n).values()];
  const chosen = new Set<number>();
  // one of each cell, then one more of those that have more
  while (chosen.size < n)
    for (const cell of cells) {
      const top = cell.pop();
      if (top !== undefined && chosen.size < n) chosen.add(top);
    }
  return sprites.filter((_, i) => chosen.has(i));
}

/** Part the area into about `n` squares; return the places of the sprites in each. */
function cellsOf(sprites: readonly Point[], n: number): Map<number, number[]> {
  const [left, right] = ends(sprites.map(({ x }) => x));
  const [top, bottom] = ends(sprites.map(({ y }) => y));
  const [width, height] = [Math.max(right - left, 1), Math.max(bottom - top, 1)];
  const columns = Math.min(n, Math.max(1, Math.round(Math.sqrt((n * width) / height))));
  const rows = Math.max(1, Math.floor(n / columns));
  const place = (share: number, most: number): number =>
    Math.min(Math.floor(share * most), most - 1);
  const cells = new Map<number, number[]>();
  for (const [i, { x, y }] of sprites.entries()) {
    const cell = place((y - top) / height, rows) * columns + place((x - left) / width, columns);
    const there = cells.get(cell);
    if (there) there.push(i);
    else cells.set(cell, [i]);
  }
  return cells;
}

function ends(numbers: readonly number[]): [least: number, greatest: number] {
  return numbers.reduce<[number, number]>(
    ([least, greatest], one) => [Math.min(least, one), Math.max(greatest, one)],
    [Infinity, -Infinity],
  );
}
