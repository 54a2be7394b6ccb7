// @vitest-environment node
import { describe, expect, test } from "vitest";

import { buildAtlas } from "../testing/atlas";
import { Dots, pixel } from "./dots";
import { rowsOfTile } from "./shape";

const SIDE = 256;

/** 64 x 64 sprites that fill a square of 1024 pixels, seen in one tile at a quarter. */
const { rows } = buildAtlas(
  Array.from({ length: 4096 }, (_, i) => ({
    x: 8 + 16 * (i % 64),
    y: 8 + 16 * Math.floor(i / 64),
    w: 12,
    h: 12,
  })),
  2,
  2,
);

const centres = {
  first: 0,
  x: Float32Array.from(rows, ({ x }) => x),
  y: Float32Array.from(rows, ({ y }) => y),
};
const frame = { left: 0, top: 0, scale: 0.25, side: SIDE };

const red = pixel([255, 0, 0]);

describe("Dots", () => {
  test("a dot lies on the centre of its medium, as large as it should be", () => {
    const dots = new Dots(SIDE, 3);
    dots.centres(centres, frame, (row) => (row === 100 ? red : 0));
    const painted = [...dots.pixels].flatMap((one, at) => (one ? [at] : []));
    expect(painted.length).toBe(9);
    const middle = painted[4] ?? 0;
    const { x = 0, y = 0 } = rows[100] ?? {};
    expect(Math.abs((middle % SIDE) + 0.5 - x / 4)).toBeLessThanOrEqual(1);
    expect(Math.abs(Math.floor(middle / SIDE) + 0.5 - y / 4)).toBeLessThanOrEqual(1);
  });

  test("dots at the edge of a tile do not go round it", () => {
    const dots = new Dots(SIDE, 5);
    const at = { first: 0, x: Float32Array.of(1023), y: Float32Array.of(400) };
    dots.centres(at, frame, () => red);
    const columns = [...dots.pixels].flatMap((one, place) => (one ? [place % SIDE] : []));
    expect(columns.length).toBeGreaterThan(0);
    expect(Math.min(...columns)).toBeGreaterThan(SIDE - 6);
  });

  test("by the index alone media lie nearly where they are", () => {
    const index = Uint32Array.from({ length: 65 * 4 }, () => 0);
    // 16 x 16 cells of 16 rows: 64 pixels at the highest zoom, 16 in the tile
    for (let cell = 0; cell <= 256; cell++) index[cell] = cell * 16;
    const exact = new Dots(SIDE, 1);
    const near = new Dots(SIDE, 1);
    for (const one of [0, 17, 999, 4095]) {
      exact.centres(centres, frame, (row) => (row === one ? red : 0));
      near.cells(index.subarray(0, 257), (row) => (row === one ? red : 0));
      const [wanted, found] = [exact, near].map(({ pixels }) => pixels.lastIndexOf(red));
      const apart = [wanted ?? 0, found ?? 0].map((at) => [at % SIDE, Math.floor(at / SIDE)]);
      const [[x = 0, y = 0] = [], [nearX = 0, nearY = 0] = []] = apart;
      expect(Math.hypot(x - nearX, y - nearY)).toBeLessThanOrEqual(3);
      exact.pixels.fill(0);
      near.pixels.fill(0);
    }
  });

  test("a pixel is red, green, blue and opaque in the bytes of a picture", () => {
    const bytes = new Uint8Array(Uint32Array.of(pixel([1, 2, 3])).buffer);
    expect([...bytes]).toEqual([1, 2, 3, 255]);
  });
});

test("the rows of a tile are those whose centres lie in it", () => {
  const index = Uint32Array.from({ length: 17 }, (_, tile) => tile * 256);
  expect(rowsOfTile(index, { zoom: 1, x: 1, y: 0 }, 2)).toEqual({ first: 1024, end: 2048 });
  for (const row of rows.slice(1024, 2048)) {
    expect(row.x).toBeGreaterThan(512);
    expect(row.y).toBeLessThan(512);
  }
});
