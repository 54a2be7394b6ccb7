import { describe, expect, test } from "vitest";

import { boundsOf, holds, rectangle, type Region, thinned } from "./region";

/** A horseshoe, open at its top. */
const HORSESHOE: Region = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 30 },
  { x: 30, y: 30 },
  { x: 30, y: 0 },
  { x: 40, y: 0 },
  { x: 40, y: 40 },
  { x: 0, y: 40 },
];

describe("a lasso", () => {
  test.each([
    ["in its left arm", 5, 5, true],
    ["in its right arm", 35, 5, true],
    ["in its foot", 20, 35, true],
    ["between its arms", 20, 10, false],
    ["above it", 20, -1, false],
    ["beside it", 41, 20, false],
  ])("a point %s", (_, x, y, inside) => {
    expect(holds(HORSESHOE, { x, y })).toBe(inside);
  });

  test("each point of a plane cut in two lies in exactly one half", () => {
    const left = rectangle({ x: 0, y: 0 }, { x: 5, y: 10 });
    const right = rectangle({ x: 5, y: 0 }, { x: 10, y: 10 });
    for (const x of [0, 2.5, 5, 7.5])
      for (const y of [0, 5])
        expect([left, right].filter((half) => holds(half, { x, y }))).toHaveLength(1);
  });

  test("drawn backwards it holds the same", () => {
    const backwards = [...HORSESHOE].reverse();
    for (let x = -2.5; x < 45; x += 5)
      expect(holds(backwards, { x, y: 20 })).toBe(holds(HORSESHOE, { x, y: 20 }));
  });

  test("a stroke without area holds nothing", () => {
    expect(holds([], { x: 0, y: 0 })).toBe(false);
    expect(
      holds(
        [
          { x: 0, y: 0 },
          { x: 9, y: 9 },
        ],
        { x: 3, y: 4 },
      ),
    ).toBe(false);
  });
});

test("a rectangle is the same from whichever corner it is drawn", () => {
  const [one, other] = [
    { x: 8, y: 2 },
    { x: 3, y: 9 },
  ];
  expect(boundsOf(rectangle(one, other))).toEqual({ left: 3, top: 2, right: 8, bottom: 9 });
  expect(boundsOf(rectangle(other, one))).toEqual(boundsOf(rectangle(one, other)));
  expect(holds(rectangle(one, other), { x: 5, y: 5 })).toBe(true);
});

test("a line drawn slowly keeps its ends' shape with fewer points", () => {
  const slow = Array.from({ length: 101 }, (_, x) => ({ x: x / 10, y: 0 }));
  expect(thinned(slow, 2).map(({ x }) => x)).toEqual([0, 2, 4, 6, 8, 10]);
});
