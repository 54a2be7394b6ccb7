import { expect, test } from "vitest";

// a script of the build, in plain JavaScript
// @ts-expect-error it has no types
import { outlineModule } from "../../scripts/outline.js";
import { OUTLINE } from "./outline";
import { worldMap } from "./worldmap";

test("the outline is what the script makes of Natural Earth", () => {
  expect((outlineModule as () => string)()).toContain(`"${OUTLINE}"`);
});

test("the mark is where the place is, and the map says so", () => {
  const map = worldMap(-33.7, 150.3, "33.7° S, 150.3° E");
  const mark = map.querySelector(".world-mark");
  expect([mark?.getAttribute("cx"), mark?.getAttribute("cy")]).toEqual(["150.3", "33.7"]);
  expect(map.querySelector("svg")?.getAttribute("aria-label")).toContain("33.7° S");
});

test.each([-89, -60, 0, 88])("a place at latitude %d is on the map", (latitude) => {
  const box = worldMap(latitude, 0, "").querySelector("svg")?.getAttribute("viewBox") ?? "";
  const [, top = 0, , height = 0] = box.split(" ").map(Number);
  expect(-latitude).toBeGreaterThan(top);
  expect(-latitude).toBeLessThan(top + height);
});
