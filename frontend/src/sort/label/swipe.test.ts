import { expect, it } from "vitest";

import { swipeOf } from "./swipe";

it("tells a swipe from a tap, a scroll and a slow drag", () => {
  expect(swipeOf({ dx: 120, dy: 10, ms: 200 })).toBe(1);
  expect(swipeOf({ dx: -120, dy: -30, ms: 200 })).toBe(-1);
  expect(swipeOf({ dx: 8, dy: 2, ms: 90 })).toBe(0);
  expect(swipeOf({ dx: 90, dy: 80, ms: 200 })).toBe(0);
  expect(swipeOf({ dx: 200, dy: 5, ms: 1500 })).toBe(0);
});
