import { expect, test } from "vitest";

import { pageTitle } from "./pagetitle";
import type { Layout } from "./schema";
import { Rows, RowSet } from "./select/rows";

const layouts = [
  { name: "relax", title: "", method: "relax", marks: null, plane: null },
  { name: "years", title: "Through the years", method: "timeline", marks: null, plane: null },
] satisfies Layout[];
const atlas = { layouts, title: "Moths", n_media: 1200 };
const nothing = { found: "all", layout: "relax", selection: null } as const;

test("a page that shows all is called as the atlas is", () => {
  expect(pageTitle(atlas, nothing)).toBe("Moths");
});

test("what was found and the layout stand before it", () => {
  const found = RowSet.of(1200, [Rows.ofNumbers([1, 2, 7])]);
  expect(pageTitle(atlas, { ...nothing, found, layout: "years" })).toBe(
    "3 of 1,200 images · Through the years · Moths",
  );
});

test("while it is looked for, nothing is said to be found", () => {
  expect(pageTitle(atlas, { ...nothing, found: null })).toBe("Moths");
});
