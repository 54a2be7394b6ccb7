import { describe, expect, test } from "vitest";

import { rangeOf, roundedRange, scale, ticks } from "./chartscale";

describe("ticks", () => {
  test.each([
    [{ low: 0, high: 1 }, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [{ low: 0.93, high: 0.99 }, 3, [0.94, 0.96, 0.98]],
    [{ low: 1, high: 27 }, 5, [10, 20]],
    [{ low: 0, high: 0.03 }, 3, [0, 0.01, 0.02, 0.03]],
  ])("of %o, about %d", (range, wanted, expected) => {
    expect(ticks(range, wanted)).toEqual(expected);
  });

  test("rounds are whole numbers, however few there are", () => {
    expect(ticks({ low: 1, high: 2 }, 5, true)).toEqual([1, 2]);
    expect(ticks({ low: 1, high: 1 }, 5, true)).toEqual([1]);
  });
});

describe("roundedRange", () => {
  test("holds what it was made of and ends on ticks", () => {
    const range = roundedRange({ low: 0.134, high: 0.871 }, 4);
    expect(range).toEqual({ low: 0, high: 1 });
    expect(roundedRange({ low: 3, high: 3 }, 4).high).toBeGreaterThan(3);
    expect(roundedRange({ low: 0, high: 0 }, 4)).toEqual({ low: 0, high: 1 });
  });
});

test("a scale puts the ends of the range on the ends of the pixels, turned round if asked", () => {
  const down = scale({ low: 10, high: 20 }, 100, 0);
  expect([10, 15, 20].map(down)).toEqual([100, 50, 0]);
  expect(scale({ low: 4, high: 4 }, 0, 10)(4)).toBe(5);
});

test("the range of nothing is none", () => {
  expect(rangeOf([null, undefined, Number.NaN])).toBeNull();
  expect(rangeOf([3, null, 1])).toEqual({ low: 1, high: 3 });
});
