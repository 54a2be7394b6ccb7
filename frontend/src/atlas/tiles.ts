import type * as L from "leaflet";

import { isAbort } from "../data/errors";
import { inPyramid, type TileSource } from "../data/tiles";
import type { Tiles } from "../schema";
import { TileGrid } from "./tilegrid";

/**
 * The zoom of the tiles that a layer shows at a zoom of the map.
 *
 * Tiles of twice the pixels have the same zooms; beyond the highest they are enlarged.
 */
export function tileZoom(zoom: number, tiles: Pick<Tiles, "min_zoom" | "max_zoom">): number {
  return Math.min(Math.max(Math.round(zoom), tiles.min_zoom), tiles.max_zoom);
}

/** Draws the tiles of a TileSource; a tile that the atlas lacks stays empty. */
export class PyramidLayer extends TileGrid {
  readonly #source: TileSource;
  readonly #loading = new WeakMap<HTMLElement, AbortController>();

  constructor(source: TileSource, options: L.GridLayerOptions) {
    super({ updateWhenZooming: false, keepBuffer: 1, ...options });
    this.#source = source;
    this.on("tileunload", (event: L.TileEvent) => {
      this.#loading.get(event.tile)?.abort();
      event.tile.removeAttribute("src");
    });
  }

  override createTile(at: L.Coords, done: L.DoneCallback): HTMLElement {
    const tile = document.createElement("img");
    tile.alt = "";
    tile.draggable = false;
    const abort = new AbortController();
    this.#loading.set(tile, abort);
    this.#fill(tile, at, abort.signal).then(
      () => {
        done(undefined, tile);
      },
      (error: unknown) => {
        if (abort.signal.aborted || isAbort(error)) return;
        done(error instanceof Error ? error : new Error(String(error)), tile);
      },
    );
    return tile;
  }

  async #fill(tile: HTMLImageElement, at: L.Coords, signal: AbortSignal): Promise<void> {
    if (!inPyramid(at.z, at.x, at.y)) return;
    const address = await this.#source.address(at.z, at.x, at.y, signal);
    if (address === null) return;
    if (!signal.aborted) {
      tile.src = address;
      // a tile that does not decode, or is not in the directory, stays empty
      await tile.decode().catch(() => {
        tile.removeAttribute("src");
      });
    }
    this.#source.release(address);
  }
}
