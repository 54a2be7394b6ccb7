import { expect, test } from "vitest";

import { between, eased } from "./passage";

test("a picture begins where it was, ends where it shall be, and never turns back", () => {
  const [from, to] = [[0, 10, 20, 20], [100, -30, 40, 40]] as const; // prettier-ignore
  expect(between(from, to, eased(0))).toEqual(from);
  expect(between(from, to, eased(1))).toEqual(to);
  const steps = Array.from({ length: 51 }, (_, i) => eased(i / 50));
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  expect(steps[25]).toBeCloseTo(0.5);
});
