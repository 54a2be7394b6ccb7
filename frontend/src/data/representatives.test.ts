// @vitest-environment node
import { describe, expect, test } from "vitest";

import { buildAtlas } from "../testing/atlas";
import { PointTable, type Sprite } from "./points";

/** 64 x 64 sprites of 20 pixels in a square of 2048; every 10th row of zoom 2 is in zoom 1 too. */
const PLACES = Array.from({ length: 4096 }, (_, i) => ({
  x: 16 + 32 * (i % 64),
  y: 16 + 32 * Math.floor(i / 64),
  w: 20,
  h: 20,
}));
const { rows } = buildAtlas(PLACES, 3, 3);
const raise = (every: number, w: number, h: number): Sprite[] =>
  rows.filter(({ row }) => row % every === 0).map(({ row, x, y }) => ({ row, x, y: y + 4, w, h }));
const raised = { 1: raise(1030, 384, 200), 2: raise(103, 60, 40) };
const { atlas, files } = buildAtlas(PLACES, 3, 3, raised);

function table(read: (offset: number, length: number) => void = () => undefined): PointTable {
  const bytes = files["points.bin"] as Uint8Array<ArrayBuffer>;
  const source = {
    read: (offset: number, length: number) => {
      read(offset, length);
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  };
  return new PointTable(atlas.points, atlas.tiles, 20, source);
}

const corner = ({ x, y, w, h }: Sprite): [number, number] => [x + 0.48 * w, y - 0.48 * h];

describe("RepresentativeTable", () => {
  test("every one is found at the corner of its box, on the tiles it is drawn on", async () => {
    const { representatives } = table();
    expect(raised[2]).toHaveLength(40);
    for (const zoom of [1, 2] as const)
      for (const box of raised[zoom])
        expect(await representatives.at(...corner(box), zoom)).toEqual(box);
  });

  test("beside every box none is found", async () => {
    const { representatives } = table();
    for (const { x, y, w } of raised[2])
      expect((await representatives.at(x - 0.52 * w, y, 2))?.x).not.toBe(x);
  });

  test("lower tiles show those of higher ones beneath their own", async () => {
    const { representatives } = table();
    const covers = (box: Sprite, x: number, y: number): boolean =>
      Math.abs(x - box.x) <= box.w / 2 && Math.abs(y - box.y) <= box.h / 2;
    const seen = { above: 0, below: 0 };
    for (const box of raised[2]) {
      const [x, y] = corner(box);
      const over = raised[1].find((one) => covers(one, x, y));
      seen[over ? "above" : "below"]++;
      for (const zoom of [0, 1]) expect(await representatives.at(x, y, zoom)).toEqual(over ?? box);
    }
    expect(seen.above).toBeGreaterThan(0);
    expect(seen.below).toBeGreaterThan(0);
  });

  test("higher tiles show none", async () => {
    const [box] = raised[2];
    if (!box) throw new Error("there is one");
    expect(await table().representatives.at(box.x, box.y, 3)).toBeNull();
    expect(await table().representatives.of(box.row, 3)).toBeNull();
  });

  test("a medium has the box of the lowest zoom that is shown", async () => {
    const { representatives } = table();
    expect(await representatives.of(1030, 0)).toMatchObject({ w: 384 });
    expect(await representatives.of(1030, 1)).toMatchObject({ w: 384 });
    expect(await representatives.of(1030, 2)).toMatchObject({ w: 60 });
    expect(await representatives.of(103, 1)).toMatchObject({ w: 60 });
    expect(await representatives.of(104, 1)).toBeNull();
  });

  test("a search reads a few pages of the file, once", async () => {
    const asked: number[] = [];
    const { representatives } = table((_, length) => asked.push(length));
    await representatives.at(1000, 1000, 2);
    const reads = asked.length;
    expect(reads).toBeLessThanOrEqual(3);
    await representatives.at(1010, 1000, 2);
    expect(asked).toHaveLength(reads);
  });

  test("all that a zoom shows are read at once", async () => {
    const asked: number[] = [];
    const { representatives } = table((offset) => asked.push(offset));
    const shown = await representatives.shownOn(0);
    expect(shown.map(({ rows: { length } }) => length)).toEqual([40, raised[1].length]);
    expect(asked).toHaveLength(1);
  });
});
