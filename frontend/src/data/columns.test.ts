// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Host } from "../testing/host";
import { cells, openWritten, rowsWhere, WRITTEN } from "../testing/written";
import type { HttpSource } from "./http";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});

afterAll(() => host.close());

/** What a cell of several values lists. */
const parts = (cell: string | null): string[] => (cell ?? "").split("|").map((one) => one.trim());

describe.each(["genus", "scientificName"])("the column %s", (column) => {
  test("codes stand for the cells", async () => {
    const codes = await source.codes(column);
    const texts = [...codes].map((code) => source.valueText(column, code));
    expect(await Promise.all(texts)).toEqual(cells(column).map((cell) => cell ?? ""));
  });

  test("values come with the media that have them", async () => {
    const { n, values } = await source.values(column);
    expect(values.length).toBe(n);
    for (const { text, count, code } of values) {
      expect(rowsWhere(column, (cell) => cell === text).length).toBe(count);
      expect([...(await source.rowsOf(column, code))]).toEqual(
        rowsWhere(column, (cell) => cell === text),
      );
    }
  });
});

describe("ColumnTable", () => {
  test("many values come with the most frequent first, and from a letter on", async () => {
    const { whole, values } = await source.values("scientificName");
    expect(whole).toBe(false);
    const counts = values.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const all = [...new Set(cells("scientificName"))].sort();
    const after = all.filter((one) => (one ?? "") >= "Morpho k").slice(0, 5);
    const from = await source.valuesFrom("scientificName", "Morpho k", 5);
    expect(from.map(({ text }) => text)).toEqual(after);
    expect(from.length).toBe(5);
  });

  test("a medium of several values belongs to each", async () => {
    for (const { text, code, count } of (await source.values("recordedBy")).values) {
      const rows = rowsWhere("recordedBy", (cell) => parts(cell).includes(text));
      expect([...(await source.rowsOf("recordedBy", code))]).toEqual(rows);
      expect(count).toBe(rows.length);
    }
  });

  test("code 0 stands for no value", async () => {
    const none = rowsWhere("genus", (cell) => cell === null);
    expect(none.length).toBeGreaterThan(0);
    expect([...(await source.rowsOf("genus", 0))]).toEqual(none);
    const some = await source.rowsOfAny("genus", new Set([0, 1]));
    const first = await source.valueText("genus", 1);
    expect(some.slice(0, 999)).toEqual(
      rowsWhere("genus", (cell) => cell === null || cell === first),
    );
  });

  test("an atlas without lists of rows gives them all the same", async () => {
    const older = await openWritten((atlas) => {
      for (const one of atlas["dictionaries"] as Record<string, unknown>[]) delete one["values"];
    });
    const rows = [...(await older.source.rowsOf("genus", 1))];
    expect(rows).toEqual([...(await source.rowsOf("genus", 1))]);
    await older.host.close();
  });

  test.each(["year", "weight"])("numbers of %s are those of the cells", async (column) => {
    const { values, min, max } = await source.numbers(column);
    expect([...values]).toEqual(cells(column).map((cell) => (cell === null ? NaN : Number(cell))));
    const known = cells(column).filter((cell) => cell !== null);
    expect([min, max]).toEqual([Math.min(...known.map(Number)), Math.max(...known.map(Number))]);
  });

  test("neighbours are told nearest first, each once", async () => {
    for (const row of [0, 100, WRITTEN.neighbours.length - 1])
      expect(await source.neighbours(row)).toEqual([...new Set(WRITTEN.neighbours[row])]);
  });

  test("a column that is not there is named", async () => {
    await expect(source.codes("colour")).rejects.toMatchObject({
      trouble: { kind: "absent", what: ["code:colour"] },
    });
    await expect(source.values("colour")).rejects.toMatchObject({
      trouble: { kind: "absent", what: ["colour"] },
    });
  });
});
