import { expect, test } from "vitest";

import { readAtlas } from "../data/open";
import { RowSet } from "../select/rows";
import { anAtlas } from "../testing/atlas";
import { Walk, type Walked } from "./walk";

const NEAR: Record<number, number[]> = { 0: [1, 2], 1: [0, 2], 2: [0, 1], 3: [3] };

function walked(similar: boolean): Walked {
  const fields = similar ? { neighbours: { path: "neighbours.bin", k: 2 } } : {};
  const atlas = readAtlas(anAtlas(fields));
  return { atlas, n: 4, neighbours: (row) => Promise.resolve(NEAR[row] ?? []) };
}

test("a walk goes to the most similar that was not seen, and back the same way", async () => {
  const walk = new Walk(walked(true));
  expect(walk.canGoBack(0)).toBe(false);
  expect(await walk.step(0, 1, "all")).toBe(1);
  expect(await walk.step(1, 1, "all")).toBe(2);
  expect(await walk.step(2, 1, "all")).toBeNull();
  expect(walk.canGoBack(2)).toBe(true);
  expect(await walk.step(2, -1, "all")).toBe(1);
  expect(await walk.step(1, 1, "all")).toBe(2);
});

test("a card that was opened otherwise begins a new walk", async () => {
  const walk = new Walk(walked(true));
  await walk.step(0, 1, "all");
  expect(walk.canGoBack(2)).toBe(false);
  expect(await walk.step(2, -1, "all")).toBeNull();
  expect(await walk.step(2, 1, "all")).toBe(0);
});

test("what was not found is passed over", async () => {
  const only = RowSet.where(4, (row) => row !== 1);
  expect(await new Walk(walked(true)).step(0, 1, only)).toBe(2);
  expect(await new Walk(walked(false)).step(0, 1, only)).toBe(2);
});

test("without similar media the next is beside on the map, until its end", async () => {
  const walk = new Walk(walked(false));
  expect(await walk.step(2, 1, "all")).toBe(3);
  expect(await walk.step(3, 1, "all")).toBeNull();
  expect(await walk.step(0, -1, "all")).toBeNull();
});
