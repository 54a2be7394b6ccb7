import { expect, test } from "vitest";

import { spread } from "./spread";

/** Sprites in a square of 100 by 100, from the upper left to the lower right. */
const SQUARE = Array.from({ length: 10_000 }, (_, i) => ({
  row: i,
  x: i % 100,
  y: Math.floor(i / 100),
}));

const quarterOf = ({ x, y }: { x: number; y: number }): number =>
  (x < 50 ? 0 : 1) + (y < 50 ? 0 : 2);

test("a few of many lie evenly over all of them, in their order", () => {
  const found = spread(SQUARE, 24);
  expect(found).toHaveLength(24);
  const quarters = [0, 1, 2, 3].map((one) => found.filter((at) => quarterOf(at) === one).length);
  expect(Math.min(...quarters)).toBeGreaterThanOrEqual(4);
  const rows = found.map(({ row }) => row);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
});

test("a gap in the middle leaves as many, and of those in one place the last is taken", () => {
  const corners = SQUARE.filter(({ x, y }) => (x < 20 || x > 80) && (y < 20 || y > 80));
  const found = spread(corners, 24);
  expect(found).toHaveLength(24);
  expect(new Set(found.map(quarterOf)).size).toBe(4);
  const stacked = Array.from({ length: 9 }, (_, row) => ({ row, x: 3, y: 3 }));
  expect(spread(stacked, 2).map(({ row }) => row)).toEqual([7, 8]);
});

test("no more than there are", () => {
  expect(spread(SQUARE.slice(0, 3), 24)).toHaveLength(3);
  expect(spread([], 24)).toEqual([]);
});
