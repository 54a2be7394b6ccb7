// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { HttpSource } from "../data/http";
import { buildAtlas } from "../testing/atlas";
import { type Host, startHost } from "../testing/host";
import { pixel } from "./dots";
import { isSketched, mediaOf, sketchOf } from "./tilemedia";

/** 64 x 64 small sprites in a square of 16,384 pixels, counted in tiles of zoom 4. */
const PLACES = Array.from({ length: 4096 }, (_, i) => ({
  x: 128 + 256 * (i % 64),
  y: 128 + 256 * Math.floor(i / 64),
  w: 8,
  h: 8,
}));
const { atlas, files } = buildAtlas(PLACES, 6, 4);
const at = { z: 2, x: 1, y: 2 };
const red = pixel([255, 0, 0]);

let host: Host;
let source: HttpSource;

beforeAll(async () => {
  host = await startHost({ ...files, "atlas.json": JSON.stringify(atlas) });
  source = await HttpSource.open(`${host.url}atlas.json`, fetch);
});
afterAll(() => host.close());

describe("a sketch of a tile", () => {
  test("is made where cells are large and sprites are dots", () => {
    const zooms = [0, 1, 2, 3, 4, 5, 6].filter((z) => isSketched(source.atlas, { ...at, z }));
    expect(zooms).toEqual([0, 1, 2, 3]);
  });

  test("reads no places, and has a dot in the cell of each medium", async () => {
    const before = host.asked.length;
    const sketch = (await sketchOf(source, at, 1)).dots?.(() => red).pixels;
    const [x] = atlas.points.blocks.filter(({ name }) => name === "x");
    const places = host.asked.slice(before).filter((one) => one.includes(`bytes=${x?.offset}-`));
    expect(places).toEqual([]);
    const whole = (await mediaOf(source, at, 1)).dots?.(() => red).pixels;
    expect(cellsOf(sketch)).toEqual(cellsOf(whole));
    expect(new Set(cellsOf(whole)).size).toBe(16);
  });
});

/** The cells of the index, 64 pixels of the tile each, of all that is painted. */
function cellsOf(pixels: Uint32Array | undefined): number[] {
  const painted = [...(pixels ?? [])].flatMap((one, place) => (one ? [place] : []));
  const cells = painted.map((place) => 4 * (place >> 14) + ((place & 255) >> 6));
  return cells.sort((a, b) => a - b);
}
