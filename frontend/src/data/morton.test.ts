import { describe, expect, test } from "vitest";

import { joinRuns, mortonCode, mortonRuns, type Rectangle, type Run } from "./morton";

describe("mortonCode", () => {
  test("weaves x into the even bits and y into the odd bits", () => {
    const codes = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [3, 5],
    ].map(([x = 0, y = 0]) => mortonCode(x, y));
    expect(codes).toEqual([0, 1, 2, 3, 39]);
  });

  test("goes beyond 32 bits", () => {
    expect(mortonCode(2 ** 20, 0)).toBe(2 ** 40);
    expect(mortonCode(0, 2 ** 20)).toBe(2 ** 41);
  });
});

describe("joinRuns", () => {
  test("joins what touches or overlaps and drops what is empty", () => {
    const runs = [
      { first: 8, end: 9 },
      { first: 0, end: 4 },
      { first: 5, end: 5 },
      { first: 4, end: 6 },
      { first: 1, end: 2 },
    ];
    expect(joinRuns(runs)).toEqual([
      { first: 0, end: 6 },
      { first: 8, end: 9 },
    ]);
  });
});

describe("mortonRuns", () => {
  const has = (runs: readonly Run[], code: number): boolean =>
    runs.some(({ first, end }) => first <= code && code < end);

  test("one tile of the index gives one code", () => {
    const area = { left: 256, top: 512, right: 300, bottom: 600 };
    expect(mortonRuns(area, 3, 256)).toEqual([{ first: 9, end: 10 }]);
  });

  test("a rectangle beyond the square is cut to it", () => {
    const area = { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 };
    expect(mortonRuns(area, 3, 256)).toEqual([{ first: 0, end: 64 }]);
  });

  test("an index of one tile is that tile", () => {
    const area = { left: 5, top: 5, right: 6, bottom: 6 };
    expect(mortonRuns(area, 0, 1024)).toEqual([{ first: 0, end: 1 }]);
  });

  test.each<Rectangle>([
    { left: 100, top: 100, right: 130, bottom: 900 },
    { left: 0, top: 0, right: 2047, bottom: 2047 },
    { left: 1000, top: 1000, right: 1050, bottom: 1050 },
    { left: 700, top: 3, right: 1900, bottom: 777 },
  ])("covers every tile that the rectangle $left, $top, $right, $bottom touches", (area) => {
    const runs = mortonRuns(area, 7, 16);
    for (let x = Math.floor(area.left / 16); x <= Math.floor(area.right / 16); x++)
      for (let y = Math.floor(area.top / 16); y <= Math.floor(area.bottom / 16); y++)
        expect(has(runs, mortonCode(x, y))).toBe(true);
  });

  test("a large rectangle is covered by few runs", () => {
    const area = { left: 3, top: 3, right: 60_000, bottom: 60_000 };
    expect(mortonRuns(area, 8, 256).length).toBeLessThanOrEqual(64);
  });
});
