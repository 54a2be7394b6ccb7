import { expect, it } from "vitest";

import { parsePlace, searchOf } from "./place";

it("reads the address it writes", () => {
  const place = {
    task: "quality",
    view: "grid",
    queue: "odd-aspect",
    id: "0123456789abcdef0123",
  } as const;
  expect(parsePlace(searchOf(place))).toEqual(place);
});

it("takes what it does not know as if it were not there", () => {
  const plain = { task: "", view: "label", queue: "next", id: null };
  expect(parsePlace("")).toEqual(plain);
  expect(parsePlace("?view=mirror&queue=E&id=../../etc")).toEqual(plain);
});
