// @vitest-environment node
import { describe, expect, test } from "vitest";

import { compareBytes, gramClasses, nearlyBegins, wordsOf } from "./words";

const folding = { folds: { ß: "ss", ø: "o" }, max_letters: 8 };

describe("wordsOf", () => {
  test("marks, cases and signs do not count", () => {
    expect(wordsOf("Ångström, Ø.; BMNH(E)123", folding)).toEqual([
      ..."angstrom o bmnh e 123".split(" "),
    ]);
    expect(wordsOf(" ,;", folding)).toEqual([]);
  });

  test("a letter may be replaced by two, and long words end", () => {
    expect(wordsOf("Straße Lepidoptera", folding)).toEqual(["strasse", "lepidopt"]);
  });
});

describe("nearlyBegins", () => {
  test.each(["papilo", "papiilio", "papikio", "paipl", "apilio", "papilio"])(
    "%s is meant for papilionidae",
    (typed) => {
      expect(nearlyBegins("papilionidae", typed)).toBe(true);
    },
  );

  test.each(["danaus", "paoilo", "lipapio"])("%s is not", (typed) => {
    expect(nearlyBegins("papilionidae", typed)).toBe(false);
  });
});

test("words are in the order of their UTF-8 bytes", () => {
  const words = ["", "a", "ab", "b", "é", "東京", "\ufb01", "𐌰", "𐌰a", "𐌱"];
  const sorted = [...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...words].reverse().sort(compareBytes)).toEqual(sorted);
});

test("the classes of three letters are those of the format", () => {
  // " ab" and "abc": code points 32, 97, 98, 99
  const wanted = [(32 * 31 + 97) * 31 + 98, (97 * 31 + 98) * 31 + 99].map((one) => one % 4096);
  expect(gramClasses("abc", 4096)).toEqual([...wanted].sort((a, b) => a - b));
});
