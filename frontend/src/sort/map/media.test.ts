// @vitest-environment node
import { afterEach, expect, test } from "vitest";

import { buildAtlas } from "../../testing/atlas";
import { type Host, startHost } from "../../testing/host";
import { MapMedia } from "./media";
import { rectangle } from "./region";

/** 20 x 20 sprites of 10 pixels, 40 pixels apart. */
const PLACES = Array.from({ length: 400 }, (_, i) => ({
  x: 20 + 40 * (i % 20),
  y: 20 + 40 * Math.floor(i / 20),
  w: 10,
  h: 10,
}));

let host: Host | null = null;

afterEach(async () => {
  await host?.close();
});

async function opened() {
  const built = buildAtlas(PLACES, 2, 2);
  const { bytes, block } = withIds(built.files["points.bin"] as Uint8Array, built.ids);
  const points = { ...built.atlas.points, blocks: [...built.atlas.points.blocks, block] };
  const atlas = JSON.stringify({ ...built.atlas, points });
  host = await startHost({ ...built.files, "points.bin": bytes, "atlas.json": atlas });
  return { built, media: await MapMedia.open(`${host.url}atlas.json`, fetch) };
}

/** Append the ids in the order of the rows, as the pipeline writes them. */
function withIds(bytes: Uint8Array, ids: readonly string[]) {
  const offset = Math.ceil(bytes.length / 64) * 64;
  const grown = new Uint8Array(offset + 10 * ids.length);
  grown.set(bytes);
  for (const [row, id] of ids.entries())
    for (let i = 0; i < 10; i++)
      grown[offset + 10 * row + i] = Number.parseInt(id.slice(2 * i, 2 * i + 2), 16);
  const shape = [ids.length, 10];
  const n_bytes = 10 * ids.length;
  return { bytes: grown, block: { name: "id", dtype: "uint8" as const, shape, offset, n_bytes } };
}

test("a rectangle holds exactly the media whose middle lies inside, by their ids", async () => {
  const { built, media } = await opened();
  const found = await media.inside(rectangle({ x: 90, y: 90 }, { x: 310, y: 190 }));
  const wanted = built.rows.filter(({ x, y }) => x > 90 && x < 310 && y > 90 && y < 190);
  expect(wanted.length).toBeGreaterThan(10);
  expect(new Set(found.map(({ id }) => id))).toEqual(
    new Set(wanted.map(({ row }) => built.ids[row])),
  );
  expect(found.every(({ id, row }) => built.ids[row] === id)).toBe(true);
});

test("a lasso around a corner leaves out what its rectangle holds", async () => {
  const { built, media } = await opened();
  const triangle = [
    { x: 0, y: 0 },
    { x: 390, y: 0 },
    { x: 0, y: 390 },
  ];
  const found = await media.inside(triangle);
  expect(found).toHaveLength(built.rows.filter(({ x, y }) => x + y < 390).length);
});

test("the id of a row, and a stroke that encloses nothing", async () => {
  const { built, media } = await opened();
  expect(await media.idOf(17)).toBe(built.ids[17]);
  expect(await media.inside([{ x: 0, y: 0 }])).toEqual([]);
});

test("an atlas that cannot say where its media are is refused in words", async () => {
  host = await startHost({
    "atlas.json": JSON.stringify({ ...buildAtlas([], 1, 1).atlas, points: null }),
  });
  await expect(MapMedia.open(`${host.url}atlas.json`, fetch)).rejects.toMatchObject({
    trouble: { kind: "absent" },
  });
});
