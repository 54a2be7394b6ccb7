import { expect, test } from "vitest";

import { strength, texts } from "./texts";

test.each([
  [-0.3, "none"],
  [0.1, "slight"],
  [0.4, "fair"],
  [0.41, "moderate"],
  [0.79, "substantial"],
  [0.95, "almost perfect"],
  [1, "almost perfect"],
])("a kappa of %d is called %s", (kappa, word) => {
  expect(strength(kappa)).toBe(word);
});

test("an interval that spans several words names both ends", () => {
  expect(texts.within(0.3, 0.7)).toBe("between fair and substantial");
  expect(texts.within(0.85, 0.97)).toBe("almost perfect");
});

test("an interval below zero can be read", () => {
  expect(texts.kappa(0.077, -0.371, 0.53)).toBe("κ 0.08 (−0.37 to 0.53)");
  expect(texts.kappa(1, null, null)).toBe("κ 1.00");
});
