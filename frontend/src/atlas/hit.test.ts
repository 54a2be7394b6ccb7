import { describe, expect, test } from "vitest";

import type { Sprite } from "../data/points";
import { hit } from "./hit";

const sprite = (row: number, x: number, y: number, w: number, h: number): Sprite => ({
  row,
  x,
  y,
  w,
  h,
});

describe("hit", () => {
  const wide = sprite(0, 100, 100, 80, 20);
  const tall = sprite(1, 200, 100, 20, 80);

  test.each([
    ["in the middle", 100, 100, 0],
    ["at the far end of a wide sprite", 139, 91, 0],
    ["at the far end of a tall sprite", 191, 139, 1],
  ])("%s", (_, x, y, row) => {
    expect(hit([wide, tall], x, y, 0)?.row).toBe(row);
  });

  test("beside all sprites there is none", () => {
    expect(hit([wide, tall], 100, 111, 0)).toBeNull();
    expect(hit([wide, tall], 165, 100, 10)).toBeNull();
    expect(hit([], 0, 0, 100)).toBeNull();
  });

  test("within reach the sprite whose edge is nearest is meant", () => {
    expect(hit([wide, tall], 150, 100, 15)?.row).toBe(0);
    expect(hit([wide, tall], 182, 100, 15)?.row).toBe(1);
  });

  test("a sprite that holds the point wins over one beside it, however near", () => {
    const large = sprite(2, 500, 500, 200, 200);
    const small = sprite(3, 402, 500, 3, 3);
    expect(hit([large, small], 404, 500, 10)?.row).toBe(2);
  });

  test("where sprites overlap the small one in front of a large one is meant", () => {
    const large = sprite(4, 500, 500, 200, 200);
    const small = sprite(5, 450, 500, 20, 20);
    expect(hit([large, small], 452, 500, 0)?.row).toBe(5);
  });

  test("a sprite of no size is hit within reach", () => {
    expect(hit([sprite(6, 10, 10, 0, 0)], 12, 10, 3)?.row).toBe(6);
  });
});
