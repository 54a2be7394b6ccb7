// @vitest-environment node
import { describe, expect, test } from "vitest";

import { decodePostings, Varints } from "./postings";

describe("decodePostings", () => {
  test.each<[string, number[], number[]]>([
    ["nothing", [0], []],
    ["the first row", [0, 0], [0]],
    ["single rows", [0, 2 * 3, 2 * 4], [3, 8]],
    ["a run", [0, 2 * 5 + 1, 1], [5, 6, 7]],
    ["a gap that takes two bytes", [0, 0x80 | (400 & 127), 400 >> 7], [200]],
    ["bits", [1, 0b10000001, 0, 0b11], [0, 7, 16, 17]],
    ["bits to the end", [1, 0b11000000, 255], [6, 7, 8, 9, 10, 11, 12, 13, 14, 15]],
  ])("tells %s", (_, bytes, rows) => {
    const decoded = decodePostings(Uint8Array.from(bytes));
    expect([...decoded]).toEqual(rows);
    expect(decoded.count).toBe(rows.length);
  });

  test("runs that touch are one", () => {
    expect([...decodePostings(Uint8Array.of(0, 1, 0, 1, 0)).edges]).toEqual([0, 4]);
  });
});

test("a number may be larger than 32 bits tell", () => {
  expect(new Varints(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 1)).next()).toBe(2 ** 35);
});
