import * as L from "leaflet";
import { describe, expect, test } from "vitest";

import { PointTable, type Sprite } from "../data/points";
import { buildAtlas } from "../testing/atlas";
import { latLng } from "./crs";
import { Finder } from "./finder";

/** 30 x 30 sprites of 10 pixels; one of them is drawn large on the tiles of zoom 1. */
const PLACES = Array.from({ length: 900 }, (_, i) => ({
  x: 30 + 33 * (i % 30),
  y: 30 + 33 * Math.floor(i / 30),
  w: 10,
  h: 10,
}));
const { rows } = buildAtlas(PLACES, 2, 2);

function rowAt(row: number): Sprite {
  const found = rows[row];
  if (!found) throw new Error(`there is no row ${row}`);
  return found;
}

const shown = rowAt(400);
const box = { ...shown, w: 180, h: 120 };
const { atlas, files } = buildAtlas(PLACES, 2, 2, { 1: [box] });

function finderAt(zoom: number): Finder {
  const bytes = files["points.bin"] as Uint8Array<ArrayBuffer>;
  const points = new PointTable(atlas.points, atlas.tiles, 10, {
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  });
  return new Finder(
    { getZoom: () => zoom, getZoomScale: (to, from) => 2 ** (to - (from ?? zoom)) },
    {
      atlas: { ...atlas, sprite_px: 10 },
      within: (area) => points.within(area),
      sprite: (row) => points.sprite(row),
      representativeAt: (x, y, tileZoom) => points.representatives.at(x, y, tileZoom),
    },
  );
}

const far = latLng(shown.x + 88, shown.y - 57);

/** The sprite of its own size that lies nearest to `far`. */
const near = rows.reduce((best, one) => {
  const distance = ({ x, y }: Sprite): number => Math.hypot(x - far.lng, y - far.lat);
  return distance(one) < distance(best) ? one : best;
});

describe("Finder", () => {
  test.each([0, 0.75, 1, 1.25])("at zoom %d a click hits what is drawn large", async (zoom) => {
    expect(await finderAt(zoom).at(far, "fine")).toMatchObject({ row: shown.row, w: 10 });
  });

  test.each([1.5, 2])("at zoom %d, beyond its tiles, it hits what lies there", async (zoom) => {
    expect((await finderAt(zoom).at(far, "coarse"))?.row).toBe(near.row);
  });

  test("beside the large one it hits the small ones", async () => {
    const other = rowAt(0);
    expect((await finderAt(1).at(latLng(other.x, other.y), "fine"))?.row).toBe(0);
  });

  test("a resting pointer is told of large ones where small ones cannot be told apart", async () => {
    const other = rowAt(0);
    expect((await finderAt(1).under(far))?.row).toBe(shown.row);
    expect(await finderAt(1).under(latLng(other.x, other.y))).toBeNull();
    expect((await finderAt(2).under(latLng(other.x, other.y)))?.row).toBe(0);
  });

  test("the tiles' zoom is the one that Leaflet loads", async () => {
    const { tileZoom } = await import("./tiles");
    const container = document.createElement("div");
    Object.defineProperties(container, {
      clientWidth: { value: 512 },
      clientHeight: { value: 512 },
    });
    const map = L.map(container, { crs: L.CRS.Simple, maxZoom: 5, zoomSnap: 0.25 }).setView(
      [0, 0],
      0,
    );
    for (const zoom of [0, 0.25, 0.5, 1, 1.25, 1.5, 2.75, 3.5, 4, 4.5, 5]) {
      map.setView([0, 0], zoom, { animate: false });
      const loaded = new Set<number>();
      const Layer = class extends L.GridLayer {
        override createTile(at: L.Coords): HTMLElement {
          loaded.add(at.z);
          return document.createElement("div");
        }
      };
      new Layer({ minZoom: 0, maxZoom: 5, maxNativeZoom: 4 }).addTo(map);
      expect([...loaded]).toEqual([tileZoom(zoom, { min_zoom: 0, max_zoom: 4 })]);
    }
  });
});
