import { expect, it } from "vitest";

import { powersOf } from "./extras";

it("may do nothing but look where no server says otherwise", () => {
  const page = (head: string) => new DOMParser().parseFromString(head, "text/html");
  expect([...powersOf(page("<title>Atlas</title>"))]).toEqual([]);
  expect([...powersOf(page('<meta name="powers" content="">'))]).toEqual([]);
  expect([...powersOf(page('<meta name="powers" content="curate sort">'))]).toEqual([
    "curate",
    "sort",
  ]);
});
