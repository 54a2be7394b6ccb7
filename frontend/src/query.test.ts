import { describe, expect, test } from "vitest";

import { EVERYTHING, findsAll, toggleValue, withoutWord, withSpan, withWord } from "./query";

describe("a query", () => {
  test("asked twice for a value, it asks for all again", () => {
    const one = toggleValue(EVERYTHING, "genus", "Idea");
    expect(findsAll(one)).toBe(false);
    const two = toggleValue(one, "genus", "Papilio");
    expect(two.values.get("genus")).toEqual(["Idea", "Papilio"]);
    expect(toggleValue(two, "genus", "Idea").values.get("genus")).toEqual(["Papilio"]);
    expect(findsAll(toggleValue(one, "genus", "Idea"))).toBe(true);
  });

  test("has each word once", () => {
    const word = { field: "locality", word: "river" };
    const query = withWord(withWord(EVERYTHING, word), { ...word });
    expect(query.words).toEqual([word]);
    expect(findsAll(withoutWord(query, { ...word }))).toBe(true);
  });

  test("a change leaves the query before as it was", () => {
    const before = withSpan(EVERYTHING, "year", [1900, 1950]);
    withSpan(before, "year", null);
    expect(before.spans.get("year")).toEqual([1900, 1950]);
    expect(findsAll(EVERYTHING)).toBe(true);
  });
});
