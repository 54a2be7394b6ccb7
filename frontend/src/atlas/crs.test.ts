import { describe, expect, test } from "vitest";

import { pixelPlane, scaleAt, tiledPlane, ZOOM_SNAP } from "./crs";

const PARTS = [0, 1, 2, 3].map((part) => part * ZOOM_SNAP);
const TILES_PX = [128, 256, 500, 512, 1024];

describe("a plane of tiles", () => {
  test.each(TILES_PX)("has tiles of %d pixels as wide as whole pixels where zooms snap", (px) => {
    const plane = tiledPlane(9, px);
    for (const part of PARTS) {
      // of the nearest zoom, as Leaflet rounds
      const shown = Math.round(4 + part);
      const width = (px * plane.scale(4 + part)) / plane.scale(shown);
      expect(Math.abs(width - Math.round(width))).toBeLessThan(1e-9);
      expect(Math.abs(width - px * 2 ** (4 + part - shown))).toBeLessThanOrEqual(0.5);
    }
  });

  test("doubles with each zoom, as one without tiles", () => {
    for (const zoom of [0, 1, 7, 12])
      expect(tiledPlane(9, 256).scale(zoom)).toBe(pixelPlane(9).scale(zoom));
    expect(scaleAt(9, 9, 256)).toBe(1);
    expect(scaleAt(7, 9, 256)).toBe(1 / 4);
  });

  test("grows with the zoom, however little, and says which zoom has a scale", () => {
    const plane = tiledPlane(9, 256);
    let before = 0;
    for (let zoom = -1; zoom <= 10; zoom += 0.01) {
      const scale = plane.scale(zoom);
      expect(scale).toBeGreaterThan(before);
      expect(plane.zoom(scale)).toBeCloseTo(zoom, 9);
      before = scale;
    }
  });

  test("says the zoom of a scale that is a hair off", () => {
    const plane = tiledPlane(9, 256);
    for (const whole of [-2, 0, 3, 9])
      for (const hair of [1 - Number.EPSILON / 2, 1, 1 + Number.EPSILON])
        expect(plane.zoom(2 ** whole * hair)).toBeCloseTo(whole, 9);
  });

  test("keeps the place of its pixels at each zoom", () => {
    const plane = tiledPlane(9, 256);
    const point = plane.latLngToPoint({ lat: 700, lng: 300 }, 9);
    expect([point.x, point.y]).toEqual([300, 700]);
    const half = plane.latLngToPoint({ lat: 700, lng: 300 }, 8);
    expect([half.x, half.y]).toEqual([150, 350]);
  });
});
