import type { PlaceName } from "../schema";

/** The height of a name on the screen, with the air above and below it. */
const HIGH_PX = 26;

/** Air at the left and the right of a name. */
const AIR_PX = 10;

/**
 * Return the names that do not touch a heavier one.
 *
 * `scale` is pixels of the screen in one at the highest zoom; `width` measures a name in the font
 * that it is written in. Names that are too wide for a screen are left out.
 */
export function clearOfEachOther(
  names: readonly PlaceName[],
  scale: number,
  width: (name: PlaceName) => number,
): PlaceName[] {
  const taken = new Map<string, [x: number, y: number, half: number][]>();
  return names.filter((name) => {
    const [x, y, half] = [name.x * scale, name.y * scale, width(name) / 2 + AIR_PX];
    const cells = cellsOf(x, y, half);
    const meets = cells.some((cell) =>
      taken
        .get(cell)
        ?.some(([a, b, other]) => Math.abs(a - x) < half + other && Math.abs(b - y) < HIGH_PX),
    );
    if (meets) return false;
    for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), [x, y, half]]);
    return true;
  });
}

/** The squares, 64 pixels wide and high, that a name lies in. */
function cellsOf(x: number, y: number, half: number): string[] {
  const edge = 64;
  const cells: string[] = [];
  for (let row = at(y - HIGH_PX / 2); row <= at(y + HIGH_PX / 2); row++)
    for (let column = at(x - half); column <= at(x + half); column++)
      cells.push(`${column},${row}`);
  return cells;

  function at(place: number): number {
    return Math.floor(place / edge);
  }
}
