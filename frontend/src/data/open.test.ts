// @vitest-environment node
import { describe, expect, test } from "vitest";

import { FORMAT } from "../schema";
import { anAtlas } from "../testing/atlas";
import { readAtlas } from "./open";

const troubleOf = (json: unknown): unknown => {
  try {
    readAtlas(json);
  } catch (error) {
    return (error as { trouble?: unknown }).trouble;
  }
  return null;
};

describe("readAtlas", () => {
  test("keeps what a whole atlas says", () => {
    expect(readAtlas(anAtlas())).toEqual(anAtlas());
  });

  test("refuses a higher format and says which", () => {
    expect(troubleOf({ ...anAtlas(), format: FORMAT + 1 })).toEqual({
      kind: "newer",
      found: FORMAT + 1,
      known: FORMAT,
    });
  });

  test.each([
    [[], "it is not an object"],
    [null, "it is not an object"],
    [{}, "it states no format"],
    [{ ...anAtlas(), tiles: undefined }, "it has no tiles"],
    [{ ...anAtlas(), width: "wide" }, "width is not a number"],
    [
      { ...anAtlas(), tiles: { ...anAtlas().tiles, max_zoom: null } },
      "tiles.max_zoom is not a number",
    ],
    [{ ...anAtlas(), tiles: { ...anAtlas().tiles, path: 3 } }, "tiles.path is missing"],
  ])("names what is wrong: %#", (json, what) => {
    expect(troubleOf(json)).toEqual({ kind: "broken", file: "atlas.json", what });
  });

  test("does without parts and texts", () => {
    const { format, width, height, left, top, sprite_px, tiles } = anAtlas();
    const atlas = readAtlas({ format, width, height, left, top, sprite_px, tiles });
    expect(atlas).toMatchObject({ title: "", licences: [], steps: [], points: null, ids: null });
  });
});
