import * as L from "leaflet";

import type { View } from "../place";

/** A plane whose unit is one pixel at `maxZoom`, x to the right (lng), y down (lat). */
export function pixelPlane(maxZoom: number): L.CRS {
  const unit = 2 ** -maxZoom;
  const transformation = new L.Transformation(unit, 0, unit, 0);
  return L.Util.extend({}, L.CRS.Simple, { transformation });
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
