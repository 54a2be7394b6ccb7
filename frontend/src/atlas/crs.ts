import * as L from "leaflet";

import type { View } from "../place";

/** Zooms are multiples of this, so that a collection fills the window it is shown in. */
export const ZOOM_SNAP = 0.25;

/** A plane whose unit is one pixel at `maxZoom`, x to the right (lng), y down (lat). */
export function pixelPlane(maxZoom: number): L.CRS {
  const unit = 2 ** -maxZoom;
  const transformation = new L.Transformation(unit, 0, unit, 0);
  return L.Util.extend({}, L.CRS.Simple, { transformation });
}

/**
 * The same for tiles, which are as wide as a number of pixels at every zoom that snaps.
 *
 * Tiles that end within a pixel of the screen let the ground, or twice the light, through where
 * they meet. So a quarter of a zoom enlarges by 304 / 256 in place of the fourth root of 2.
 */
export function tiledPlane(maxZoom: number, tilePx: number): L.CRS {
  const { scale, zoom } = new WholePixels(tilePx);
  return L.Util.extend(pixelPlane(maxZoom), { scale, zoom });
}

/** Pixels of the screen across one pixel of a tiled plane. */
export function scaleAt(zoom: number, maxZoom: number, tilePx: number): number {
  return new WholePixels(tilePx).scale(zoom - maxZoom);
}

/** By how much zooms enlarge: twice each, and tiles to whole pixels where zooms snap. */
class WholePixels {
  readonly #steps: readonly number[];

  constructor(tilePx: number) {
    const parts = Array.from({ length: 1 / ZOOM_SNAP + 1 }, (_, i) => i * ZOOM_SNAP);
    // nearer to the next zoom, its tiles are shown in half of that
    this.#steps = parts.map((part) => {
      const halved = part < 0.5 ? 1 : 2;
      return (halved * Math.round((tilePx * 2 ** part) / halved)) / tilePx;
    });
  }

  readonly scale = (zoom: number): number => {
    const whole = Math.floor(zoom);
    const snaps = (zoom - whole) / ZOOM_SNAP;
    const [low, high] = this.#around(Math.floor(snaps));
    return 2 ** whole * low * (high / low) ** (snaps % 1);
  };

  readonly zoom = (scale: number): number => {
    const whole = Math.floor(Math.log2(scale));
    const rest = scale / 2 ** whole;
    // a hair below a whole zoom its logarithm is rounded up to it: nothing is low enough then
    const snaps = Math.max(
      this.#steps.findLastIndex((step) => step <= rest),
      0,
    );
    const [low, high] = this.#around(snaps);
    return whole + ZOOM_SNAP * (snaps + Math.log(rest / low) / Math.log(high / low));
  };

  #around(snaps: number): [number, number] {
    return [this.#steps[snaps] ?? 1, this.#steps[snaps + 1] ?? 2];
  }
}

/** A point of that plane as Leaflet wants it. */
export function latLng(x: number, y: number): L.LatLng {
  return L.latLng(y, x);
}

/** A box around a centre as Leaflet wants it. */
export function bounds(box: { x: number; y: number; w: number; h: number }): L.LatLngBounds {
  const [x, y] = [box.w / 2, box.h / 2];
  return L.latLngBounds(latLng(box.x - x, box.y - y), latLng(box.x + x, box.y + y));
}

/** Leaflet's centre as a view. */
export function viewOf(centre: L.LatLng, zoom: number): View {
  return { zoom, x: centre.lng, y: centre.lat };
}
