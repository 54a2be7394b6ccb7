import * as L from "leaflet";

import { mortonCode, type Rectangle } from "../data/morton";
import { type Places, rowAt } from "../data/points";
import type { PlaceSource } from "../data/source";
import { inPyramid } from "../data/tiles";
import type { Colouring } from "../select/colours";
import type { RowSet } from "../select/rows";
import { latLng } from "./crs";
import { Dots, type TileFrame } from "./dots";
import { outline } from "./lasso";
import { Marks, type TileMedia } from "./marks";
import type { Shape } from "./shape";

/** Sprites that are smaller on the screen are dots. */
const DOT_PX = 6;

/** Cells of the index no larger than this, on the screen, tell well enough where media lie. */
const CELL_PX = 8;

/** A canvas has no more pixels than this in one of the screen, along an edge. */
const MOST_DENSE = 2;

/** What the overlay shows of media: all in their pictures, or some chosen, or coloured. */
export class Overlay {
  readonly #map: L.Map;
  readonly #source: PlaceSource;
  #layer: MarkLayer;
  #outline: L.Polygon | null = null;

  constructor(map: L.Map, source: PlaceSource) {
    this.#map = map;
    this.#source = source;
    this.#layer = new MarkLayer(source);
  }

  /** To be called when another layout is shown. */
  renew(): void {
    const { look } = this.#layer;
    this.#layer.remove();
    this.#layer = new MarkLayer(this.#source);
    this.#layer.look = look;
    this.#show();
  }

  /** Veil all that is not chosen; null shows everything. */
  setHighlight(rows: RowSet | null): void {
    this.#layer.look = { ...this.#layer.look, chosen: rows };
    this.#show();
  }

  /** Frame media in the colours of their classes; null takes the frames away. */
  setColours(colouring: Pick<Colouring, "classes" | "colours"> | null): void {
    this.#layer.look = { ...this.#layer.look, colouring };
    this.#show();
  }

  /** Draw a line around an area, or take it away. */
  setOutline(shape: Shape | null): void {
    if (shape && this.#outline) this.#outline.setLatLngs(shape.map(([x, y]) => latLng(x, y)));
    else {
      this.#outline?.remove();
      this.#outline = shape && outline(shape).addTo(this.#map);
    }
  }

  /** Resolves when all tiles in sight show what they should. */
  settled(): Promise<void> {
    return this.#layer.settled();
  }

  #show(): void {
    const { chosen, colouring } = this.#layer.look;
    if (!chosen && !colouring) this.#layer.remove();
    else if (this.#map.hasLayer(this.#layer)) this.#layer.drawAgain();
    else this.#layer.addTo(this.#map);
  }
}

/** Draws veils and frames on a canvas for each tile, of the layout that is shown as it is made. */
class MarkLayer extends L.GridLayer {
  look: { chosen: RowSet | null; colouring: Pick<Colouring, "classes" | "colours"> | null } = {
    chosen: null,
    colouring: null,
  };
  readonly #source: PlaceSource;
  readonly #tiles = new Map<HTMLElement, Promise<TileMedia>>();
  readonly #drawing = new Set<Promise<void>>();
  #frame = 0;

  constructor(source: PlaceSource) {
    const { tiles } = source.atlas;
    super({
      tileSize: tiles.tile_px,
      minZoom: tiles.min_zoom,
      maxZoom: tiles.max_zoom + 1,
      maxNativeZoom: tiles.max_zoom,
      updateWhenZooming: false,
      keepBuffer: 1,
      className: "marks",
      zIndex: 2,
    });
    this.#source = source;
    this.on("tileunload", (event: L.TileEvent) => {
      this.#tiles.delete(event.tile);
    });
  }

  override createTile(at: L.Coords, done: L.DoneCallback): HTMLElement {
    if (!inPyramid(at.z, at.x, at.y)) {
      const beside = document.createElement("div");
      window.setTimeout(done, 0, undefined, beside);
      return beside;
    }
    const tile = document.createElement("canvas");
    const density = Math.min(window.devicePixelRatio || 1, MOST_DENSE);
    tile.width = tile.height = this.#source.atlas.tiles.tile_px * density;
    this.#tiles.set(tile, mediaOf(this.#source, at, density));
    this.#draw(tile).then(
      () => {
        done(undefined, tile);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)), tile);
      },
    );
    return tile;
  }

  /** Draw all tiles once before the next frame of the screen. */
  drawAgain(): void {
    window.cancelAnimationFrame(this.#frame);
    this.#frame = window.requestAnimationFrame(() => {
      this.#frame = 0;
      for (const tile of this.#tiles.keys()) this.#draw(tile).catch(() => undefined);
    });
  }

  async settled(): Promise<void> {
    while (this.#frame) await new Promise((resolve) => window.requestAnimationFrame(resolve));
    await Promise.allSettled(this.#drawing);
  }

  #draw(tile: HTMLElement): Promise<void> {
    const drawing = (async () => {
      const media = await this.#tiles.get(tile);
      const context = tile instanceof HTMLCanvasElement ? tile.getContext("2d") : null;
      // the tile may have left the window, and the look have changed, meanwhile
      if (!media || !context || !this.#tiles.has(tile)) return;
      const { background } = this.#source.atlas.tiles;
      new Marks(context, media, { ...this.look, background }).draw();
    })();
    this.#drawing.add(drawing);
    drawing.finally(() => this.#drawing.delete(drawing)).catch(() => undefined);
    return drawing;
  }
}

/** Where a tile lies in the pyramid. */
type Place = Readonly<Record<"x" | "y" | "z", number>>;

/** Read what a tile needs to be drawn, as little as its zoom allows. */
async function mediaOf(source: PlaceSource, at: Place, density: number): Promise<TileMedia> {
  const { tiles, points, sprite_px } = source.atlas;
  const units = 2 ** (tiles.max_zoom - at.z);
  const edge = tiles.tile_px * units;
  const frame: TileFrame = {
    ...{ left: at.x * edge, top: at.y * edge },
    ...{ scale: density / units, side: tiles.tile_px * density },
  };
  const area = {
    ...{ left: frame.left - sprite_px, right: frame.left + edge + sprite_px },
    ...{ top: frame.top - sprite_px, bottom: frame.top + edge + sprite_px },
  };
  const raised = source.raisedAt(at.z);
  const small = sprite_px / units < DOT_PX;
  const cellPx = tiles.tile_px / 2 ** ((points?.index_zoom ?? 0) - at.z);
  const places = small ? [] : await placesWithin(source, area);
  const dots = small
    ? await (cellPx <= CELL_PX ? cellDots(source, at, frame) : centreDots(source, area, frame))
    : null;
  return { frame, density, places, raised: await raised, dots };
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
