// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { HttpSource } from "../data/http";
import { buildAtlas } from "../testing/atlas";
import { type Host, startHost } from "../testing/host";
import { corners, inside, rowsInside, type Shape } from "./shape";

/** 1,600 sprites, not quite on a grid. */
const { rows, files } = buildAtlas(
  Array.from({ length: 1600 }, (_, i) => ({
    x: 12.5 + 25 * (i % 40) + (i % 7),
    y: 12.5 + 25 * Math.floor(i / 40) + (i % 5),
    w: 20,
    h: 20,
  })),
  2,
  2,
);

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  host = await startHost(files);
  source = await HttpSource.open(`${host.url}atlas.json`, fetch);
});
afterAll(() => host.close());

const star: Shape = Array.from({ length: 10 }, (_, i) => {
  const [angle, reach] = [(Math.PI * i) / 5, i % 2 ? 140 : 420];
  return [480 + reach * Math.cos(angle), 510 + reach * Math.sin(angle)] as const;
});

describe("rowsInside", () => {
  test.each<[string, Shape]>([
    ["a rectangle", corners({ left: 100, top: 60, right: 700, bottom: 333 })],
    ["a rectangle around everything", corners({ left: -9, top: -9, right: 2000, bottom: 2000 })],
    ["a rectangle within one tile", corners({ left: 20, top: 20, right: 60, bottom: 70 })],
    ["a star", star],
    [
      "a shape that crosses itself",
      [
        [100, 100],
        [900, 900],
        [900, 100],
        [100, 900],
      ],
    ],
  ])("%s holds the centres in it", async (_, shape) => {
    const found = await rowsInside(source, shape, rows.length);
    const wanted = rows.filter(({ x, y }) => inside(shape, x, y)).map(({ row }) => row);
    expect(wanted.length).toBeGreaterThan(0);
    expect(found.slice(0, Infinity)).toEqual(wanted);
  });

  test("beside all there is nothing, nor in less than a triangle", async () => {
    const beside = corners({ left: -90, top: -90, right: -10, bottom: -10 });
    expect((await rowsInside(source, beside, rows.length)).count).toBe(0);
    expect(
      (
        await rowsInside(
          source,
          [
            [0, 0],
            [99, 99],
          ],
          rows.length,
        )
      ).count,
    ).toBe(0);
  });

  test("a large shape reads few centres", async () => {
    const fresh = await startHost(files);
    const other = await HttpSource.open(`${fresh.url}atlas.json`, fetch);
    const all = corners({ left: -1, top: -1, right: 5000, bottom: 5000 });
    await rowsInside(other, all, rows.length);
    expect(fresh.asked.filter((one) => one.startsWith("points.bin")).length).toBe(1);
    await fresh.close();
  });
});

describe("inside", () => {
  test("a hole in the outline of a star is beside it", () => {
    expect(inside(star, 480, 510)).toBe(true);
    expect(inside(star, 480 + 400 * Math.cos(Math.PI / 5), 510 + 400 * Math.sin(Math.PI / 5))).toBe(
      false,
    );
  });
});
