import * as L from "leaflet";

import type { PlaceSource } from "../data/source";
import { inPyramid } from "../data/tiles";
import type { Colouring } from "../select/colours";
import type { RowSet } from "../select/rows";
import { latLng } from "./crs";
import { outline } from "./lasso";
import { Marks, type TileMedia } from "./marks";
import type { Shape } from "./shape";
import { isSketched, mediaOf, sketchOf } from "./tilemedia";
import { TileGrid } from "./tilegrid";

/** A tile whose places take longer to read is sketched by the index meanwhile. */
const SOON_MS = 60;

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
class MarkLayer extends TileGrid {
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
    this.on("tileload", ({ coords }: L.TileEvent) => {
      // as if it had been there for long: a canvas that fades in is handed on at every step
      const tile = this._tiles[this._tileCoordsToKey(coords)];
      if (tile) tile.loaded = new Date(0);
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
    this.#tiles.set(tile, this.#read(tile, at, density));
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

  /** Read what a tile shows: what the index tells of it first if its places are long in coming. */
  #read(tile: HTMLElement, at: L.Coords, density: number): Promise<TileMedia> {
    const whole = mediaOf(this.#source, at, density);
    if (!isSketched(this.#source.atlas, at)) return whole;
    const sketch = rest(SOON_MS).then(() => sketchOf(this.#source, at, density));
    const first = Promise.race([whole, sketch]);
    const finish = async (): Promise<void> => {
      if ((await first) === (await whole) || !this.#tiles.has(tile)) return;
      this.#tiles.set(tile, whole);
      await this.#draw(tile);
    };
    this.#note(finish()).catch(() => undefined);
    return first;
  }

  #draw(tile: HTMLElement): Promise<void> {
    const drawing = async (): Promise<void> => {
      const media = await this.#tiles.get(tile);
      const context = tile instanceof HTMLCanvasElement ? tile.getContext("2d") : null;
      // the tile may have left the window, and the look have changed, meanwhile
      if (!media || !context || !this.#tiles.has(tile)) return;
      const { background } = this.#source.atlas.tiles;
      new Marks(context, media, { ...this.look, background }).draw();
    };
    return this.#note(drawing());
  }

  /** Keep in mind that something is still to be drawn. */
  #note(drawing: Promise<void>): Promise<void> {
    this.#drawing.add(drawing);
    drawing.finally(() => this.#drawing.delete(drawing)).catch(() => undefined);
    return drawing;
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}
