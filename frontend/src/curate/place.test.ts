import { expect, it } from "vitest";

import { parsePlace } from "./place";

it("reads what the address asks for", () => {
  const id = "0123456789abcdef0123";
  expect(parsePlace(`?tool=upright&order=unseen&id=${id}`)).toEqual({
    tool: "upright",
    order: "unseen",
    id,
  });
});

it("takes what it does not know as if it were not there", () => {
  const plain = { tool: "cutout", order: "worst", id: null };
  expect(parsePlace("")).toEqual(plain);
  expect(parsePlace("?tool=hammer&order=loudest&id=../../etc")).toEqual(plain);
});
