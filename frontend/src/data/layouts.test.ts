// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { rowsInside } from "../atlas/shape";
import type { Host } from "../testing/host";
import { cells, openWritten, rowsWhere } from "../testing/written";
import { LayoutSource } from "./layouts";
import { rowsOfPlaces } from "./numbering";
import { rowAt } from "./points";

let host: Host;
let source: LayoutSource;

beforeAll(async () => {
  ({ host } = await openWritten());
  source = await LayoutSource.open(`${host.url}atlas.json`, fetch);
});
afterAll(() => host.close());

const everywhere = { left: 0, top: 0, right: 4096, bottom: 4096 };

describe("a second layout", () => {
  test("is known by its name, others are the first", () => {
    expect(source.layouts.map(({ name }) => name)).toEqual(["relax", "turned"]);
    expect(["turned", "relax", "nothing", ""].map((name) => source.known(name))).toEqual(
      ["turned", "", "", ""], // prettier-ignore
    );
  });

  test("has every medium but the one it lacks, by its row in the atlas", async () => {
    const turned = source.ground("turned");
    const sprites = (await turned?.within(everywhere)) ?? [];
    const rows = sprites.map(({ row }) => row).sort((a, b) => a - b);
    expect(rows).toHaveLength(source.n - 1); // a stranger is left out
    expect(new Set(rows).size).toBe(rows.length);
    const lacking = rowsWhere("genus", () => true).filter((row) => !rows.includes(row));
    expect(lacking).toHaveLength(1);
    expect(await turned?.sprite(lacking[0] ?? -1)).toBeNull();
    for (const sprite of sprites.slice(0, 20))
      expect(await turned?.sprite(sprite.row)).toEqual(sprite);
    expect(await turned?.sprites([3, 50])).toEqual([
      sprites.find(({ row }) => row === 3),
      sprites.find(({ row }) => row === 50),
    ]);
  });

  test("is read where the source shows it, and no more when it shows the first again", async () => {
    const before = await source.sprite(7);
    source.show("turned");
    const there = await source.sprite(7);
    expect(there).toEqual(await source.ground("turned")?.sprite(7));
    expect(there).not.toEqual(before);
    expect(source.atlas.tiles.path).toMatch(/^layouts\/turned\//);
    expect(source.atlas.dictionaries.length).toBeGreaterThan(0);
    expect((await source.rowsOf("genus", 1)).count).toBeGreaterThan(0);
    source.show("");
    expect(await source.sprite(7)).toEqual(before);
    expect(source.atlas.tiles.path).toBe("tiles/{z}/{x}/{y}.jpg");
  });

  test("gives the media in a shape as rows of the atlas", async () => {
    const turned = source.ground("turned");
    if (!turned) throw new Error("no layout");
    const { left, top, width, height } = turned.atlas;
    const [right, bottom] = [left + width / 3, top + height / 2];
    const shape = [[left, top], [right, top], [right, bottom], [left, bottom]] as const; // prettier-ignore
    const found = await rowsInside(turned, shape, source.n);
    const sprites = await turned.within(everywhere);
    const expected = sprites.filter(({ x, y }) => x < right && y < bottom);
    expect(expected.length).toBeGreaterThan(30);
    expect(found.slice(0, source.n)).toEqual(expected.map(({ row }) => row).sort((a, b) => a - b));
    const genera = new Set(found.slice(0, source.n).map((row) => cells("genus")[row]));
    expect(genera.size).toBeGreaterThan(1);
  });

  test("numbers its places, alone and in runs", async () => {
    const turned = source.ground("turned");
    if (!turned) throw new Error("no layout");
    const run = { first: 20, end: 60 };
    const centres = await turned.centres(run);
    const rows = Array.from(centres.x, (_, i) => rowAt(centres, i));
    const set = await rowsOfPlaces(turned, [run], source.n);
    expect(set.slice(0, source.n)).toEqual([...rows].filter((row) => row < source.n).sort((a, b) => a - b)); // prettier-ignore
    const first = await rowsOfPlaces(source, [run], source.n);
    expect(first.slice(0, 2)).toEqual([20, 21]);
    expect(first.count).toBe(40);
  });

  test("names raised media by their rows", async () => {
    const turned = source.ground("turned");
    const raised = (await turned?.raisedAt(1)) ?? [];
    const [{ rows, boxes } = { rows: new Uint32Array(), boxes: new Float32Array() }] = raised;
    expect(rows.length).toBe(8);
    for (let i = 0; i < rows.length; i++) {
      const sprite = await turned?.sprite(rows[i] ?? -1);
      if (!sprite) continue; // the stranger
      expect(boxes[4 * i]).toBe(sprite.x - sprite.w / 2);
      const at = await turned?.representativeAt(sprite.x, sprite.y, 1);
      expect(at?.row).toBe(sprite.row);
    }
  });
});
