// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import { NO_FILTERS, Selection } from "../select/filters";
import { RowSet } from "../select/rows";
import type { Host } from "../testing/host";
import { cells, openWritten } from "../testing/written";
import { divisionsOf, groupsOf, sizeOf } from "./treemapcounts";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

describe("what a treemap shows", () => {
  const nested = { column: "scientificName", within: "genus", label: "" };

  test("columns of which one lies within the other are offered together", () => {
    const offered = divisionsOf(source).map(({ column, within }) => [within, column]);
    expect(offered[0]).toEqual(["genus", "scientificName"]);
    expect(offered).toContainEqual([null, "genus"]);
  });

  test("each value stands with its wider one, and all media are counted once", async () => {
    const { groups, others } = await groupsOf(source, new Selection(source), nested);
    for (const { text, shares } of groups)
      for (const share of shares) expect(share.text.split(" ")[0]).toBe(text);
    const sizes = groups.map(sizeOf);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.reduce((a, b) => a + b) + others).toBe(source.n);
  });

  test("media that are not asked for do not count", async () => {
    const selection = new Selection(source);
    await selection.apply({ ...NO_FILTERS, area: RowSet.where(source.n, (row) => row < 100) });
    const { groups } = await groupsOf(source, selection, {
      ...nested,
      column: "genus",
      within: null,
    });
    const counted = new Map(
      groups.flatMap(({ shares }) => shares.map((one) => [one.text, one.count])),
    );
    for (const genus of ["Papilio", "Danaus"])
      expect(counted.get(genus)).toBe(
        cells("genus")
          .slice(0, 100)
          .filter((one) => one === genus).length,
      );
  });
});
