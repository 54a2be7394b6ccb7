import { describe, expect, test } from "vitest";

import { figure, percent, texts } from "./texts";

describe("shares in words", () => {
  test.each([
    [0.94, "94 %"],
    [0.99, "99 %"],
    [0.995, "99.5 %"],
    [1, "100 %"],
    [0, "0 %"],
    [0.063, "6.3 %"],
  ])("%d is %s", (share, said) => {
    expect(percent(share)).toBe(said);
  });

  test("small figures keep what tells them apart", () => {
    expect([0.0085, 0.03, 0.5, 1, 0, 1860].map(figure)).toEqual([
      "0.0085",
      "0.030",
      "0.50",
      "1.00",
      "0.00",
      "1,860",
    ]);
  });
});

test("what a file brought is said with what of it is unknown here", () => {
  expect(texts.files.brought(1, 0)).toBe("1 image labelled from the file.");
  expect(texts.files.brought(12, 3)).toContain("3 ids are of no medium here");
});
