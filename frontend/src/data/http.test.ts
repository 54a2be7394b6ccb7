// @vitest-environment node
import { afterEach, describe, expect, test } from "vitest";

import { buildAtlas } from "../testing/atlas";
import { type Host, startHost } from "../testing/host";
import { HttpSource } from "./http";

const built = buildAtlas(
  Array.from({ length: 100 }, (_, i) => ({
    x: 50 + 90 * (i % 10),
    y: 50 + 90 * Math.floor(i / 10),
    w: 40,
    h: 30,
  })),
  2,
  1,
);

let host: Host | null = null;
afterEach(() => host?.close());

async function open(change: Record<string, unknown> = {}, ranges = true): Promise<HttpSource> {
  const json = JSON.stringify({ ...built.atlas, ...change });
  host = await startHost({ ...built.files, "atlas.json": json }, { ranges });
  return HttpSource.open(`${host.url}atlas.json`, globalThis.fetch);
}

describe.each([true, false])("an atlas on a server (ranges: %s)", (ranges) => {
  test("leads from an id to its card and its place", async () => {
    const source = await open({}, ranges);
    const id = built.ids[37] ?? "";
    const row = await source.rowOf(id);
    expect(row).toBe(37);
    expect((await source.card(row)).id).toBe(id);
    expect(await source.sprite(row)).toMatchObject({ x: built.rows[37]?.x, y: built.rows[37]?.y });
  });
});

describe("HttpSource", () => {
  test("reads a chunk of cards once", async () => {
    const source = await open();
    await Promise.all([source.card(8), source.card(9), source.card(15)]);
    expect(host?.asked.filter((name) => name.startsWith("cards/"))).toEqual(["cards/1.json"]);
  });

  test("an id that is not there is named", async () => {
    const source = await open();
    await expect(source.rowOf("f".repeat(20))).rejects.toMatchObject({
      trouble: { kind: "unknown-id", id: "f".repeat(20) },
    });
  });

  test("a row without a card is told with its file", async () => {
    const source = await open({ cards: { path: "cards/{chunk}.json", per_chunk: 9 } });
    await expect(source.card(17)).rejects.toMatchObject({
      trouble: { kind: "broken", file: "cards/1.json" },
    });
  });

  test("a card that failed can be asked for again", async () => {
    const source = await open({ cards: { path: "elsewhere/{chunk}.json", per_chunk: 8 } });
    await expect(source.card(0)).rejects.toMatchObject({ trouble: { kind: "missing" } });
    await expect(source.card(0)).rejects.toMatchObject({ trouble: { kind: "missing" } });
    expect(host?.asked.filter((name) => name === "elsewhere/0.json")).toHaveLength(2);
  });

  test("works with what is there and says what is not", async () => {
    const source = await open({ points: undefined, ids: undefined });
    expect(source.absent).toEqual(["points", "ids"]);
    expect(await source.within({ left: 0, top: 0, right: 99, bottom: 99 })).toEqual([]);
    expect((await source.card(0)).id).toBe(built.ids[0]);
  });

  test("says which blocks of the points are absent", async () => {
    const points = { ...built.atlas.points, blocks: built.atlas.points.blocks.slice(0, 2) };
    expect((await open({ points })).absent).toEqual(["points.y"]);
  });

  test("loads nothing from another host", async () => {
    const source = await open();
    expect(() => source.address("https://example.org/a.jpg")).toThrow();
    expect(() => source.address("//example.org/a.jpg")).toThrow();
    expect(source.address("pictures/a.jpg")).toBe(`${host?.url ?? ""}pictures/a.jpg`);
  });

  test("gives the address of a tile in a directory", async () => {
    const tiles = (await open()).tiles(false);
    const address = await tiles?.address(3, 1, 2, new AbortController().signal);
    expect(address).toBe(`${host?.url ?? ""}tiles/3/1/2.jpg`);
  });

  test("has no tiles for dense screens unless the atlas has", async () => {
    expect((await open()).tiles(true)).toBeNull();
  });
});
