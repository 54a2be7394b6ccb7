// @vitest-environment node
import { expect, test } from "vitest";

import { startHost } from "../testing/host";
import { inPyramid, TileArchive } from "./tiles";

test("beside the square of a pyramid there are no tiles", () => {
  const inside = [0, 1, 2, 3].map((place) => [inPyramid(2, place, 3), inPyramid(2, 0, place)]);
  expect(inside.flat()).toEqual(Array(8).fill(true));
  for (const [x, y] of [
    [-1, 0],
    [0, -1],
    [4, 0],
    [0, 4],
  ] as const)
    expect(inPyramid(2, x, y)).toBe(false);
});

test("what has been read of an archive is not read again: its head, a tile", async () => {
  const host = await startHost({ "tiles.pmtiles": archiveOf("first", "second", "third") });
  const tiles = new TileArchive(`${host.url}tiles.pmtiles`, "image/jpeg", fetch);
  const { signal } = new AbortController();
  const shown = async (z: number, x: number, y: number): Promise<string | null> => {
    const address = await tiles.address(z, x, y, signal);
    return address && (await fetch(address)).text();
  };
  // tiles are numbered along a Hilbert curve: 0 is zoom 0, 1 and 2 are the left ones of zoom 1
  expect(await shown(1, 0, 1)).toBe("third");
  expect(await shown(0, 0, 0)).toBe("first");
  expect(await shown(1, 0, 1)).toBe("third");
  expect(await shown(1, 1, 0)).toBeNull();
  expect(host.asked).toHaveLength(3);
  await host.close();
});

test("tiles of a window that lie side by side are one request", async () => {
  const host = await startHost({ "tiles.pmtiles": archiveOf("first", "second", "third") });
  const tiles = new TileArchive(`${host.url}tiles.pmtiles`, "image/jpeg", fetch);
  const { signal } = new AbortController();
  expect(await tiles.address(0, 0, 0, signal)).not.toBeNull();
  const before = host.asked.length;
  const window = [tiles.address(1, 0, 0, signal), tiles.address(1, 0, 1, signal)];
  const shown = (await Promise.all(window)).map(async (address) =>
    (await fetch(address ?? "")).text(),
  );
  expect(await Promise.all(shown)).toEqual(["second", "third"]);
  expect(host.asked).toHaveLength(before + 1);
  await host.close();
});

/** A PMTiles file of the first tiles, its directory in a leaf behind a root of one entry. */
function archiveOf(...texts: readonly string[]): Uint8Array {
  const tiles = texts.map((text) => new TextEncoder().encode(text));
  const ends = tiles.map((_, i) => tiles.slice(0, i).reduce((sum, one) => sum + one.length, 0));
  const leaf = [
    ...[tiles.length, 0, ...tiles.slice(1).map(() => 1), ...tiles.map(() => 1)],
    ...[...tiles.map((one) => one.length), ...ends.map((end) => end + 1)],
  ];
  const root = [1, 0, 0, leaf.length, 1];
  const head = 127;
  const places = [head, root.length, 0, 0, head + root.length, leaf.length, 20_000, 99, 3, 3, 3];
  const file = new Uint8Array(20_000 + 99);
  file.set(new TextEncoder().encode("PMTiles\u0003"));
  const view = new DataView(file.buffer);
  for (const [i, place] of places.entries()) view.setBigUint64(8 + 8 * i, BigInt(place), true);
  // clustered; nothing compressed; JPEG; zooms 0 to 1
  file.set([1, 1, 1, 3, 0, 1], 96);
  file.set([...root, ...leaf], head);
  for (const [i, tile] of tiles.entries()) file.set(tile, 20_000 + (ends[i] ?? 0));
  return file;
}
