// @vitest-environment node
import { describe, expect, test } from "vitest";

import { type Box, squarified } from "./squares";

const area = ({ width, height }: Box): number => width * height;
const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

describe("a rectangle shared out", () => {
  const weights = [600, 300, 200, 90, 40, 40, 10, 1];
  const box = { x: 10, y: 20, width: 320, height: 400 };
  const parts = squarified(weights, box);

  test("gives each its share", () => {
    const total = weights.reduce((a, b) => a + b);
    for (const [i, part] of parts.entries())
      expect(area(part)).toBeCloseTo((area(box) * (weights[i] ?? 0)) / total, 6);
  });

  test("and no place twice", () => {
    for (const [i, a] of parts.entries()) {
      expect(overlap(a, box)).toBeCloseTo(area(a), 6);
      for (const b of parts.slice(i + 1)) expect(overlap(a, b)).toBeCloseTo(0, 6);
    }
  });

  test("in parts that are nearly square", () => {
    // Bruls et al. give this one: 6 by 4, shared as 6, 6, 4, 3, 2, 2, 1
    const known = squarified([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(known[0]).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(known[1]).toEqual({ x: 0, y: 2, width: 3, height: 2 });
  });

  test("of nothing there are no parts", () => {
    expect(squarified([], box)).toEqual([]);
  });
});
