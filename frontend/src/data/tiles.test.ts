import { expect, test } from "vitest";

import { inPyramid } from "./tiles";

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
