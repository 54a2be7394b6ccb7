import type * as L from "leaflet";

import { TileGrid } from "../../atlas/tilegrid";
import type { Located, MapMedia } from "./media";
import { type Box, drawChosen, drawSign, type Mark } from "./shapes";

/** Radius of a sign on the screen, and what of a sprite's side it takes in between. */
const RADIUS = { least: 2.5, most: 7, share: 0.22 };

/** From this side on, on the screen, a sprite is marked at its corner and not over its middle. */
const LARGE_PX = 16;

const TILE_PX = 256;

/** Return how a medium is marked, or null if it is not. */
export type MarkOf = (id: string) => Mark | null;

interface Painted {
  readonly canvas: HTMLCanvasElement;
  readonly at: L.Coords;
  media: readonly Located[];
}

/** Draws what is known of media over the tiles of an atlas, tile by tile. */
export class MarkLayer extends TileGrid {
  readonly #media: MapMedia;
  readonly #markOf: MarkOf;
  readonly #failed: (error: unknown) => void;
  readonly #painted = new Map<HTMLElement, Painted>();
  readonly #maxZoom: number;

  constructor(media: MapMedia, markOf: MarkOf, failed: (error: unknown) => void) {
    const { min_zoom, max_zoom } = media.source.atlas.tiles;
    super({ tileSize: TILE_PX, minZoom: min_zoom, maxZoom: max_zoom + 1, zIndex: 5 });
    this.#media = media;
    this.#markOf = markOf;
    this.#failed = failed;
    this.#maxZoom = max_zoom;
    this.on("tileunload", (event: L.TileEvent) => {
      this.#painted.delete(event.tile);
    });
  }

  override createTile(at: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = TILE_PX * window.devicePixelRatio;
    const painted: Painted = { canvas, at, media: [] };
    this.#painted.set(canvas, painted);
    this.#read(painted)
      .catch(this.#failed)
      .finally(() => {
        done(undefined, canvas);
      });
    return canvas;
  }

  /** Draw again what is in sight: marks have changed. */
  repaint(): void {
    for (const painted of this.#painted.values()) this.#paint(painted);
  }

  async #read(painted: Painted): Promise<void> {
    const unit = this.#unit(painted.at);
    const side = TILE_PX * unit;
    // what lies just outside reaches into this tile
    const margin = this.#media.source.atlas.sprite_px + 2 * RADIUS.most * unit;
    const [left, top] = [painted.at.x * side - margin, painted.at.y * side - margin];
    const area = { left, top, right: left + side + 2 * margin, bottom: top + side + 2 * margin };
    painted.media = (await this.#media.within(area)).filter(
      ({ x, y }) => x >= area.left && x <= area.right && y >= area.top && y <= area.bottom,
    );
    this.#paint(painted);
  }

  #paint({ canvas, at, media }: Painted): void {
    const context = canvas.getContext("2d");
    if (!context) return;
    const unit = this.#unit(at);
    const scale = window.devicePixelRatio;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, TILE_PX, TILE_PX);
    const marked = media.flatMap((one) => {
      const mark = this.#markOf(one.id);
      return mark ? [{ one, mark }] : [];
    });
    // what is selected, then what people said, lies on top
    const rank = (mark: Mark): number => Number(mark.said) + 2 * Number(mark.chosen);
    marked.sort((a, b) => rank(a.mark) - rank(b.mark));
    for (const { one, mark } of marked) {
      const [x, y] = [one.x / unit - at.x * TILE_PX, one.y / unit - at.y * TILE_PX];
      paintOne(context, mark, { x, y, w: one.w / unit, h: one.h / unit });
    }
  }

  /** Pixels at the highest zoom under one pixel of a tile. */
  #unit({ z }: L.Coords): number {
    return 2 ** (this.#maxZoom - z);
  }
}

function paintOne(context: CanvasRenderingContext2D, mark: Mark, box: Box): void {
  const side = Math.min(box.w, box.h);
  const radius = Math.min(Math.max(side * RADIUS.share, RADIUS.least), RADIUS.most);
  if (mark.chosen) drawChosen(context, box);
  if (!mark.sign) return;
  const corner = side >= LARGE_PX;
  const x = corner ? box.x - box.w / 2 + radius + 2 : box.x;
  const y = corner ? box.y - box.h / 2 + radius + 2 : box.y;
  drawSign(context, mark.sign, mark.said, { x, y, radius });
}
