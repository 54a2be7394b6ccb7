import type * as L from "leaflet";

import type { Sprite } from "../data/points";
import type { DataSource } from "../data/source";
import { hit } from "./hit";
import { tileZoom } from "./tiles";

/** Below this size on the screen a sprite need not be hit exactly. */
const SMALL_PX = 10;

/** How far beside a sprite, on the screen, a pointer may be and still mean it. */
const REACH_PX = { small: { fine: 12, coarse: 22 }, large: { fine: 2, coarse: 8 } };

/** What of an atlas is needed to find a sprite. */
type Seen = Pick<DataSource, "atlas" | "representativeAt" | "sprite" | "within">;

/** Finds the sprite that a pointer means. */
export class Finder {
  readonly #map: Pick<L.Map, "getZoom" | "getZoomScale">;
  readonly #source: Seen;

  constructor(map: Pick<L.Map, "getZoom" | "getZoomScale">, source: Seen) {
    this.#map = map;
    this.#source = source;
  }

  /** Return the sprite that a click at a point of the map means, or null. */
  async at(point: L.LatLng, pointer: "fine" | "coarse"): Promise<Sprite | null> {
    const drawn = await this.#representative(point);
    return drawn ? this.#source.sprite(drawn.row) : this.#near(point, pointer);
  }

  /** Return the sprite under a resting pointer, or null where they are too small to tell apart. */
  async under(point: L.LatLng): Promise<Sprite | null> {
    const drawn = await this.#representative(point);
    if (!drawn) return this.#large(this.#spritePx) ? this.#near(point, "fine") : null;
    return this.#large(Math.max(drawn.w, drawn.h)) ? this.#source.sprite(drawn.row) : null;
  }

  #representative({ lng: x, lat: y }: L.LatLng): Promise<Sprite | null> {
    const zoom = tileZoom(this.#map.getZoom(), this.#source.atlas.tiles);
    return this.#source.representativeAt(x, y, zoom);
  }

  async #near({ lng: x, lat: y }: L.LatLng, pointer: "fine" | "coarse"): Promise<Sprite | null> {
    const size = this.#large(this.#spritePx) ? "large" : "small";
    const reach = REACH_PX[size][pointer] * this.#pixels;
    // rows are found by their centres: look as far as a sprite of twice the usual size reaches
    const margin = reach + this.#spritePx;
    const area = { left: x - margin, top: y - margin, right: x + margin, bottom: y + margin };
    return hit(await this.#source.within(area), x, y, reach);
  }

  /** True if a side is large enough on the screen to be told apart from others. */
  #large(side: number): boolean {
    return side / this.#pixels >= SMALL_PX;
  }

  get #spritePx(): number {
    return this.#source.atlas.sprite_px;
  }

  /** Pixels at the highest zoom under one pixel of the screen. */
  get #pixels(): number {
    return this.#map.getZoomScale(this.#source.atlas.tiles.max_zoom, this.#map.getZoom());
  }
}
