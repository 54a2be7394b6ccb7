import { expect, it } from "vitest";

import { between, direction, shown, wrapped } from "./angles";

it("keeps angles in their range, to a tenth", () => {
  expect([0, 179.9, 180, -180, 190, 540, -190, 12.34].map(wrapped)).toEqual([
    0, 179.9, -180, -180, -170, -180, 170, 12.3,
  ]);
  expect(Object.is(wrapped(-0.01), 0)).toBe(true);
  expect(wrapped(179.97)).toBe(-180);
});

it("goes the short way around", () => {
  expect(between(170, -170)).toBe(20);
  expect(between(-170, 170)).toBe(-20);
  expect(between(10, 10)).toBe(0);
});

it("counts directions clockwise as seen, from the right", () => {
  expect(direction(1, 0)).toBe(0);
  expect(direction(0, 1)).toBe(90);
  expect(direction(0, -1)).toBe(-90);
});

it("shows angles to people", () => {
  expect([12.5, -90, 0].map(shown)).toEqual(["12.5°", "−90°", "0°"]);
});
