// @vitest-environment node
import { describe, expect, test } from "vitest";

import { AtlasError } from "./errors";
import { PlaceNameReader } from "./placenames";

const told = { path: "names/{zoom}.json", zooms: [1, 2, 4] };
const name = { value: "Idea", column: "genus", x: 3, y: 4, n: 5 };

function reader(files: Record<string, unknown>): { names: PlaceNameReader; asked: string[] } {
  const asked: string[] = [];
  const read = (path: string): Promise<unknown> => {
    asked.push(path);
    if (path in files) return Promise.resolve(files[path]);
    return Promise.reject(new AtlasError({ kind: "missing", file: path }));
  };
  return { names: new PlaceNameReader(told, read), asked };
}

describe("the names of a zoom", () => {
  test.each([
    [0.4, "names/1.json"],
    [1.75, "names/1.json"],
    [2, "names/2.json"],
    [3.9, "names/2.json"],
    [4.75, "names/4.json"],
  ])("at %d are those of %s", async (zoom, path) => {
    const { names } = reader({ [path]: { names: [name] } });
    expect((await names.at(zoom))?.names).toEqual([name]);
  });

  test("end where pictures are large, and are none where the atlas has none", async () => {
    const { names, asked } = reader({});
    expect(await names.at(5)).toBeNull();
    expect(await new PlaceNameReader(null, () => Promise.reject(new Error())).at(1)).toBeNull();
    expect(asked).toEqual([]);
  });

  test("are read once, and again after a failure", async () => {
    const files: Record<string, unknown> = {};
    const { names, asked } = reader(files);
    await expect(names.at(1)).rejects.toThrow(AtlasError);
    files["names/1.json"] = { names: [name] };
    await names.at(1);
    await names.at(1.5);
    expect(asked).toHaveLength(2);
  });

  test("that make no sense are left out", async () => {
    const files = { "names/1.json": { names: [name, null, 7, { value: "x", x: "1", y: 2 }] } };
    expect((await reader(files).names.at(1))?.names).toEqual([name]);
    expect((await reader({ "names/1.json": [] }).names.at(1))?.names).toEqual([]);
  });
});
