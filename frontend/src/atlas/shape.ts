import type { Rectangle, Run } from "../data/morton";
import { joinRuns, mortonCode } from "../data/morton";
import { rowsOfPlaces } from "../data/numbering";
import { rowAt } from "../data/points";
import type { PlaceSource } from "../data/source";
import { RowSet } from "../select/rows";

/** A point in pixels at the highest zoom; y runs down. */
export type Point = readonly [number, number];

/** The corners of a shape drawn on the map; the last is joined to the first. */
export type Shape = readonly Point[];

/** How a rectangle lies to a shape. */
type Cover = "all" | "none" | "some";

/** A tile of the index. */
interface Tile {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** Return the corners of a rectangle. */
export function corners({ left, top, right, bottom }: Rectangle): Shape {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Whether a point lies in a shape, by the parity of the edges to its right. */
export function inside(shape: Shape, x: number, y: number): boolean {
  let within = false;
  let [fromX, fromY] = shape.at(-1) ?? [0, 0];
  for (const [toX, toY] of shape) {
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX))
      within = !within;
    [fromX, fromY] = [toX, toY];
  }
  return within;
}

/**
 * Return the rows whose centres lie in a shape.
 *
 * Tiles that lie in it whole give all their rows by the index; only of those that its
 * edge passes through are the centres read.
 */
export async function rowsInside(source: PlaceSource, shape: Shape, n: number): Promise<RowSet> {
  const { points, tiles } = source.atlas;
  if (!points || shape.length < 3) return RowSet.none(n);
  const index = await source.index();
  const { index_zoom } = points;
  const world = tiles.tile_px * 2 ** tiles.max_zoom;
  const [whole, edge]: [Run[], Run[]] = [[], []];
  const look = ({ zoom, x, y }: Tile): void => {
    const rows = rowsOfTile(index, { zoom, x, y }, index_zoom);
    if (rows.end <= rows.first) return;
    const side = world / 2 ** zoom;
    const box = { left: x * side, top: y * side, right: (x + 1) * side, bottom: (y + 1) * side };
    const cover = coverOf(shape, box);
    if (cover === "all") whole.push(rows);
    else if (cover === "some" && zoom === index_zoom) edge.push(rows);
    else if (cover === "some")
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const)
        look({ zoom: zoom + 1, x: 2 * x + dx, y: 2 * y + dy });
  };
  look({ zoom: 0, x: 0, y: 0 });
  const found = await Promise.all(joinRuns(edge).map((run) => within(source, shape, run)));
  return (await rowsOfPlaces(source, joinRuns(whole), n)).or(RowSet.ofNumbers(n, found));
}

/** Return the rows whose centres lie in a tile of a zoom up to that of the index. */
export function rowsOfTile(index: ArrayLike<number>, { zoom, x, y }: Tile, indexZoom: number): Run {
  const codes = 4 ** (indexZoom - zoom);
  const first = mortonCode(x, y) * codes;
  return { first: index[first] ?? 0, end: index[first + codes] ?? 0 };
}

async function within(source: PlaceSource, shape: Shape, run: Run): Promise<number[]> {
  const centres = await source.centres(run);
  const { x, y } = centres;
  const rows: number[] = [];
  for (let i = 0; i < x.length; i++)
    if (inside(shape, x[i] ?? 0, y[i] ?? 0)) rows.push(rowAt(centres, i));
  return rows;
}

/** A rectangle that no edge crosses lies in the shape or beside it. */
function coverOf(shape: Shape, box: Rectangle): Cover {
  let from = shape.at(-1) ?? ([0, 0] as const);
  for (const to of shape) {
    if (crosses(from, to, box)) return "some";
    from = to;
  }
  return inside(shape, (box.left + box.right) / 2, (box.top + box.bottom) / 2) ? "all" : "none";
}

/** Whether a line passes through a rectangle (Liang and Barsky, 1984). */
function crosses([x, y]: Point, [toX, toY]: Point, box: Rectangle): boolean {
  let [enter, leave] = [0, 1];
  const sides = [
    [x - toX, x - box.left],
    [toX - x, box.right - x],
    [y - toY, y - box.top],
    [toY - y, box.bottom - y],
  ] as const;
  for (const [towards, room] of sides) {
    if (towards === 0 && room < 0) return false;
    if (towards < 0) enter = Math.max(enter, room / towards);
    if (towards > 0) leave = Math.min(leave, room / towards);
  }
  return enter <= leave;
}
