// @vitest-environment node
import { describe, expect, test } from "vitest";

import { covering, keyOf, pieceOf, rangeOf } from "./pieces";

describe("pieces of a file", () => {
  const piece = (first: number, end: number) => ({ first, end, key: `${first}` });
  const pieces = [piece(0, 10), piece(5, 20), piece(20, 25), piece(40, 50)];

  test.each([
    [0, 10, ["0"]],
    [6, 9, ["5"]],
    [0, 25, ["0", "5", "20"]],
    [42, 43, ["40"]],
  ])("bytes %d to %d are held", (first, end, keys) => {
    expect(covering(pieces, first, end)?.map(({ key }) => key)).toEqual(keys);
  });

  test.each([
    [24, 26],
    [25, 40],
    [45, 51],
  ])("of bytes %d to %d some lack", (first, end) => {
    expect(covering(pieces, first, end)).toBeNull();
  });

  test("a key tells what it is the key of", () => {
    const url = "https://example.org/a/points.bin";
    for (const whole of [true, false])
      expect(pieceOf(keyOf(url, 3, 10, whole))).toMatchObject({
        url,
        whole,
        piece: { first: 3, end: 10 },
      });
    expect(pieceOf(url)).toBeNull();
  });

  test("only a plain range is a range", () => {
    expect(rangeOf("bytes=3-9")).toEqual([3, 10]);
    for (const other of ["", "bytes=3-", "bytes=-3", "bytes=9-3", "bytes=0-1,3-4"])
      expect(rangeOf(other)).toBeNull();
  });
});
