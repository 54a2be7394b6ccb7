import { describe, expect, test } from "vitest";

import { Growing } from "./growing";
import { Lines } from "./lines";
import { placesOf } from "./subject";

/** Write the lines of some rows as a list has them. */
async function written(list: readonly number[], perBucket: number): Promise<string> {
  const file = new Growing("text/plain", "head\n");
  const { rows, places } = placesOf(Uint32Array.from(list));
  const lines = new Lines(file, places, perBucket);
  for (const [k, row] of rows.entries()) lines.add(lineOf(row), k);
  await lines.end();
  expect(lines.waiting).toBe(0);
  return file.blob().text();
}

const LETTERS = ["é", "\r", "\n", "🦋", "\ufeff"];

/** Lines of different lengths in letters and in bytes, one with a line break in it. */
const lineOf = (row: number): string => `${row}: "${LETTERS.slice(0, row % 6).join("")}"\n`;

const told = (list: readonly number[]): string => `head\n${list.map(lineOf).join("")}`;

describe("the lines of a file", () => {
  const list = [9, 4, 700, 3, 12, 5, 6, 44, 8];

  test.each([1, 2, 4, 9, 1000])("follow the list, %i at a time", async (perBucket) => {
    expect(await written(list, perBucket)).toBe(told(list));
  });

  test("of many rows follow it too", async () => {
    const many = Array.from({ length: 5000 }, (_, i) => (i * 1777) % 5003);
    expect(await written(many, 512)).toBe(told(many));
  });

  test("come as they are read where the list has that order", async () => {
    const { places } = placesOf(Uint32Array.of(1, 5, 6));
    expect(places).toBeNull();
    expect(await written([1, 5, 6], 2)).toBe(told([1, 5, 6]));
    expect(await written([], 2)).toBe("head\n");
  });
});
