import type * as L from "leaflet";

import type { Rectangle } from "../data/morton";
import type { Sprite } from "../data/points";
import { hit } from "./hit";

/** Below this size on the screen a sprite need not be hit exactly. */
const SMALL_PX = 10;

/** How far beside a sprite, on the screen, a pointer may be and still mean it. */
const REACH_PX = { small: { fine: 12, coarse: 22 }, large: { fine: 2, coarse: 8 } };

/** Finds the sprite that a pointer means. */
export class Finder {
  readonly #map: L.Map;
  readonly #maxZoom: number;
  readonly #spritePx: number;
  readonly #within: (area: Rectangle) => Promise<Sprite[]>;

  constructor(
    map: L.Map,
    maxZoom: number,
    spritePx: number,
    within: (area: Rectangle) => Promise<Sprite[]>,
  ) {
    this.#map = map;
    this.#maxZoom = maxZoom;
    this.#spritePx = spritePx;
    this.#within = within;
  }

  /** True while sprites are large enough on the screen to be told apart. */
  get large(): boolean {
    return this.#spritePx / this.#pixels >= SMALL_PX;
  }

  /** Return the sprite at a point of the map, or null. */
  async at(point: L.LatLng, pointer: "fine" | "coarse"): Promise<Sprite | null> {
    const reach = REACH_PX[this.large ? "large" : "small"][pointer] * this.#pixels;
    // rows are found by their centres: look as far as a sprite of twice the usual size reaches
    const margin = reach + this.#spritePx;
    const { lng: x, lat: y } = point;
    const area = { left: x - margin, top: y - margin, right: x + margin, bottom: y + margin };
    return hit(await this.#within(area), x, y, reach);
  }

  /** Pixels at the highest zoom under one pixel of the screen. */
  get #pixels(): number {
    return 2 ** (this.#maxZoom - this.#map.getZoom());
  }
}
