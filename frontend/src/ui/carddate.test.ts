import { afterEach, expect, test } from "vitest";

import { aCard } from "../testing/atlas";
import { dateOf } from "./carddate";
import { speak } from "./language";

afterEach(() => speak("en"));

const told = (start: string, end = start, approximate = false): string =>
  dateOf(aCard({ date: "as written", when: { start, end, approximate } })).replace(/\u2009/g, "");

test.each([
  ["1979-02-03", "1979-02-03", "3 February 1979"],
  ["1979-02", "1979-02", "February 1979"],
  ["1979", "1979", "1979"],
  ["1894", "1900", "1894–1900"],
  ["1979-02-03", "1979-02-05", "3–5 February 1979"],
  ["2006-06", "2006-07", "June–July 2006"],
  ["1890", "1891-05", "1890 – May 1891"],
])("from %s to %s is %s", (start, end, text) => {
  expect(told(start, end).replace(/\s*–\s*/, "–")).toBe(text.replace(/\s*–\s*/, "–"));
});

test("the first of January stays the first of January east and west of Greenwich", () => {
  expect(told("1901-01-01")).toBe("1 January 1901");
});

test("a doubt is told, in the visitor's language too", async () => {
  expect(told("1890", "1890", true)).toBe("about 1890");
  await speak("de");
  expect(told("1979-02-03")).toBe("3. Februar 1979");
  expect(told("1890", "1890", true)).toBe("um 1890");
});

test("what is no date for programs stays as it is written", () => {
  expect(dateOf(aCard({ date: "before the war" }))).toBe("before the war");
  expect(told("<b>")).toBe("as written");
});
