// @vitest-environment node
import { describe, expect, test } from "vitest";

import { buildAtlas } from "../testing/atlas";
import { AtlasError } from "./errors";
import { PointTable, type Sprite } from "./points";
import type { ByteSource } from "./ranges";

const GRID = Array.from({ length: 900 }, (_, i) => ({
  x: 30 + 33 * (i % 30),
  y: 30 + 33 * Math.floor(i / 30),
  w: 20 + (i % 7),
  h: 20 + (i % 5),
}));
const { atlas, files, rows } = buildAtlas(GRID, 2, 2);

function memory(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)) };
}

function table(change: Partial<typeof atlas.points> = {}): PointTable {
  const bytes = files["points.bin"];
  if (typeof bytes !== "object") throw new Error("points.bin is made of bytes");
  return new PointTable({ ...atlas.points, ...change }, atlas.tiles, 40, memory(bytes));
}

const inside = ({ x, y }: Sprite): boolean => x >= 200 && x <= 333 && y >= 400 && y <= 480;

describe("PointTable", () => {
  test("finds every sprite whose centre lies in a rectangle", async () => {
    const found = await table().within({ left: 200, top: 400, right: 333, bottom: 480 });
    const expected = rows.filter(inside).map(({ row }) => row);
    expect(expected.length).toBeGreaterThan(5);
    expect(found.filter(inside).map(({ row }) => row)).toEqual(expected);
    expect(found.length).toBeLessThan(rows.length / 2);
  });

  test("reads one row with its own place and size", async () => {
    const wanted = rows[123];
    expect(await table().sprite(123)).toEqual({
      row: 123,
      x: wanted?.x,
      y: wanted?.y,
      w: wanted?.w,
      h: wanted?.h,
    });
  });

  test.each([-1, 900])("row %i is none", async (row) => {
    expect(await table().sprite(row)).toBeNull();
  });

  test("without sizes every sprite is of the usual size", async () => {
    const blocks = atlas.points.blocks.filter(({ name }) => name !== "w" && name !== "h");
    expect(await table({ blocks }).sprite(5)).toMatchObject({ w: 40, h: 40 });
  });

  test("says which of the blocks it needs are absent", () => {
    const blocks = atlas.points.blocks.filter(({ name }) => name === "x");
    expect(() => table({ blocks })).toThrow(
      new AtlasError({ kind: "absent", what: ["index", "y"] }),
    );
  });

  test("a file that is cut short is told, not read as zeros", async () => {
    const blocks = atlas.points.blocks.map((b) => (b.name === "h" ? { ...b, offset: 1e6 } : b));
    await expect(table({ blocks }).sprite(5)).rejects.toMatchObject({
      trouble: { kind: "broken", file: "points.bin" },
    });
  });
});
