import { mortonCode, type Rectangle } from "../data/morton";
import { type Places, rowAt } from "../data/points";
import type { PlaceSource } from "../data/source";
import { Dots, type TileFrame } from "./dots";
import type { TileMedia } from "./marks";

/** Sprites that are smaller on the screen are dots. */
const DOT_PX = 6;

/** Cells of the index no larger than this, on the screen, tell well enough where media lie. */
const CELL_PX = 8;

/** Where a tile lies in the pyramid. */
type Place = Readonly<Record<"x" | "y" | "z", number>>;

/** Read what a tile needs to be drawn, as little as its zoom allows. */
export async function mediaOf(source: PlaceSource, at: Place, density: number): Promise<TileMedia> {
  const { tiles, sprite_px } = source.atlas;
  const frame = frameOf(source.atlas, at, density);
  const edge = frame.side / frame.scale;
  const area = {
    ...{ left: frame.left - sprite_px, right: frame.left + edge + sprite_px },
    ...{ top: frame.top - sprite_px, bottom: frame.top + edge + sprite_px },
  };
  const raised = source.raisedAt(at.z);
  const small = sprite_px < DOT_PX * 2 ** (tiles.max_zoom - at.z);
  const places = small ? [] : await placesWithin(source, area);
  const dots = small
    ? await (cellPx(source.atlas, at) <= CELL_PX
        ? cellDots(source, at, frame)
        : centreDots(source, area, frame))
    : null;
  return { frame, density, places, raised: await raised, dots };
}

/** True if cells tell roughly where the media of a tile lie, which are dots at their centres. */
export function isSketched(atlas: PlaceSource["atlas"], at: Place): boolean {
  const { tiles, points, sprite_px } = atlas;
  const small = sprite_px < DOT_PX * 2 ** (tiles.max_zoom - at.z);
  return small && at.z < (points?.index_zoom ?? 0) && cellPx(atlas, at) > CELL_PX;
}

/** Read what the index alone tells of a tile. */
export async function sketchOf(
  source: PlaceSource,
  at: Place,
  density: number,
): Promise<TileMedia> {
  const frame = frameOf(source.atlas, at, density);
  const [dots, raised] = await Promise.all([cellDots(source, at, frame), source.raisedAt(at.z)]);
  return { frame, density, places: [], raised, dots };
}

function frameOf({ tiles }: PlaceSource["atlas"], at: Place, density: number): TileFrame {
  const units = 2 ** (tiles.max_zoom - at.z);
  const edge = tiles.tile_px * units;
  return {
    ...{ left: at.x * edge, top: at.y * edge },
    ...{ scale: density / units, side: tiles.tile_px * density },
  };
}

/** The edge of a cell of the index on the screen. */
function cellPx({ tiles, points }: PlaceSource["atlas"], { z }: Place): number {
  return tiles.tile_px / 2 ** ((points?.index_zoom ?? 0) - z);
}

async function placesWithin(source: PlaceSource, area: Rectangle): Promise<Places[]> {
  const runs = await source.runsWithin(area);
  return Promise.all(runs.map((run) => source.places(run)));
}

/** The edge of a dot is that of a sprite. */
function dotPx({ sprite_px }: PlaceSource["atlas"], { scale }: TileFrame): number {
  return sprite_px * scale;
}

async function cellDots(
  source: PlaceSource,
  { x, y, z }: Place,
  frame: TileFrame,
): Promise<TileMedia["dots"]> {
  const { atlas } = source;
  const cells = 4 ** ((atlas.points?.index_zoom ?? 0) - z);
  const first = mortonCode(x, y) * cells;
  const index = (await source.index()).slice(first, first + cells + 1);
  const begin = index[0] ?? 0;
  const rows = await source.numbering({ first: begin, end: index.at(-1) ?? 0 });
  return (paint) => {
    const dots = new Dots(frame.side, dotPx(atlas, frame));
    dots.cells(index, rows ? (place) => paint(rows[place - begin] ?? 0) : paint);
    return dots;
  };
}

async function centreDots(
  source: PlaceSource,
  area: Rectangle,
  frame: TileFrame,
): Promise<TileMedia["dots"]> {
  const { atlas } = source;
  const runs = await source.runsWithin(area);
  const centres = await Promise.all(runs.map((run) => source.centres(run)));
  return (paint) => {
    const dots = new Dots(frame.side, dotPx(atlas, frame));
    for (const part of centres)
      dots.centres(part, frame, (place) => paint(rowAt(part, place - part.first)));
    return dots;
  };
}
