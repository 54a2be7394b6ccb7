import type * as L from "leaflet";

import { latLng } from "./crs";

/** Keeps the centre of a map within an area, so that the atlas is never lost from sight. */
export class Leash {
  readonly #map: L.Map;
  readonly #area: () => L.LatLngBounds;
  #flung = false;
  #pulling = false;

  constructor(map: L.Map, area: () => L.LatLngBounds) {
    this.#map = map;
    this.#area = area;
    // a hand that drags is not held back, a fling is as soon as it leaves the area
    map.on("dragend", () => {
      this.#flung = true;
    });
    map.on("move", () => {
      if (this.#flung) this.#pull();
    });
    map.on("moveend", () => {
      this.#flung = false;
      if (!this.#pulling) this.#pull();
    });
  }

  #pull(): void {
    const { lat, lng } = this.#map.getCenter();
    const area = this.#area();
    const x = Math.min(Math.max(lng, area.getWest()), area.getEast());
    const y = Math.min(Math.max(lat, area.getSouth()), area.getNorth());
    const [from, to] = [latLng(lng, lat), latLng(x, y)].map((at) => this.#map.project(at));
    if (!from || !to || from.distanceTo(to) < 2) return;
    this.#flung = false;
    // to start this move ends the fling, which is the end of a move
    this.#pulling = true;
    this.#map.panTo(latLng(x, y));
    this.#pulling = false;
  }
}
