// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import type { Host } from "../testing/host";
import { cells, openWritten } from "../testing/written";
import { type Filters, NO_FILTERS, Selection } from "./filters";
import { RowSet } from "./rows";

let source: HttpSource;
let host: Host;
let selection: Selection;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
beforeEach(() => {
  selection = new Selection(source);
});
afterAll(() => host.close());

const codeOf = async (column: string, text: string): Promise<number> => {
  const found = (await source.values(column)).values.find((one) => one.text === text);
  if (!found) throw new Error(`${column} lacks ${text}`);
  return found.code;
};

/** First and last year of a row; NaN where none is known. */
const yearsOfRow = (row: number): [number, number] => {
  const first = Number(cells("year")[row] ?? NaN);
  return [first, Number(cells("eventDate")[row]?.slice(5) ?? first)];
};

/** The filters of a genus and of years, and the rows that a look at the cells leaves. */
const example = async (): Promise<{ filters: Filters; genus: number[]; years: number[] }> => {
  const genera = ["Papilio", "Morpho"];
  const codes = new Set(await Promise.all(genera.map((one) => codeOf("genus", one))));
  const rows = cells("genus").map((_, row) => row);
  return {
    filters: {
      ...NO_FILTERS,
      values: new Map([["genus", codes]]),
      ranges: new Map([["year", [1900, 1950]]]),
    },
    genus: rows.filter((row) => genera.includes(cells("genus")[row] ?? "")),
    years: rows.filter((row) => {
      const [first, last] = yearsOfRow(row);
      return last >= 1900 && first <= 1950;
    }),
  };
};

describe("Selection", () => {
  test("without filters all rows are left", async () => {
    expect(await selection.apply(NO_FILTERS)).toBeNull();
  });

  test("any of the values, and the range, must hold", async () => {
    const { filters, genus, years } = await example();
    const found = await selection.apply(filters);
    const wanted = genus.filter((row) => years.includes(row));
    expect(wanted.length).toBeGreaterThan(0);
    expect(found?.slice(0, Infinity)).toEqual(wanted);
  });

  test("what was found and drawn around counts as well", async () => {
    const { filters, genus } = await example();
    const [finding] = await source.search("papilio", 1);
    if (!finding) throw new Error("nothing found");
    const area = RowSet.where(source.n, (row) => row % 2 === 0);
    const found = await selection.apply({ ...filters, ranges: new Map(), words: [finding], area });
    const wanted = genus.filter((row) => row % 2 === 0 && cells("genus")[row] === "Papilio");
    expect(found?.slice(0, Infinity)).toEqual(wanted);
  });

  test("a facet counts what all other filters leave, not its own", async () => {
    const { filters, years } = await example();
    await selection.apply(filters);
    const counts = await selection.facet("genus");
    const count = (genus: string | null): number =>
      years.filter((row) => cells("genus")[row] === genus).length;
    expect(counts[0]).toBe(count(null));
    for (const { text, code } of (await source.values("genus")).values)
      expect([text, counts[code]]).toEqual([text, count(text)]);
  });

  test("the rows besides a column are those that all other filters leave", async () => {
    const { filters, genus, years } = await example();
    await selection.apply(filters);
    expect(selection.besides("genus")?.slice(0, Infinity)).toEqual(years);
    expect(selection.besides("year")?.slice(0, Infinity)).toEqual(genus);
  });

  test("a facet of several values in a cell counts each", async () => {
    const { filters, genus, years } = await example();
    await selection.apply(filters);
    const left = genus.filter((row) => years.includes(row));
    const counts = await selection.facet("recordedBy");
    const people = (row: number): string[] =>
      (cells("recordedBy")[row] ?? "").split("|").map((one) => one.trim());
    for (const { text, code } of (await source.values("recordedBy")).values)
      expect([text, counts[code]]).toEqual([
        text,
        left.filter((row) => people(row).includes(text)).length,
      ]);
  });

  test("a histogram counts all media and those of all other filters", async () => {
    const { filters, genus } = await example();
    await selection.apply(filters);
    const { min, binWidth, counts, all } = await selection.histogram("year", 20);
    const inBins = (rows: readonly number[]): number[] => {
      const bins = Array.from(counts, () => 0);
      for (const row of rows) {
        const [first, last] = yearsOfRow(row);
        for (let year = first; year <= last; year++) {
          const bin = Math.floor((year - min) / binWidth);
          bins[bin] = (bins[bin] ?? 0) + 1 / (last - first + 1);
        }
      }
      return bins;
    };
    expect(counts.length).toBeLessThanOrEqual(21);
    for (const [i, wanted] of inBins(genus).entries()) expect(counts[i]).toBeCloseTo(wanted, 6);
    const every = cells("year").map((_, row) => row);
    for (const [i, wanted] of inBins(every).entries()) expect(all[i]).toBeCloseTo(wanted, 6);
    expect(every.some((row) => yearsOfRow(row)[0] < yearsOfRow(row)[1])).toBe(true);
    const known = every.filter((row) => cells("year")[row] !== null).length;
    expect([...all].reduce((a, b) => a + b)).toBeCloseTo(known, 6);
  });

  test("the whole atlas is counted by what it tells of itself", async () => {
    const own = await openWritten();
    const whole = new Selection(own.source);
    const before = own.host.asked.length;
    const genera = await whole.facet("genus");
    const years = await whole.histogram("year", 20);
    expect(own.host.asked.slice(before).filter((one) => one.startsWith("points"))).toEqual([]);
    const every = RowSet.all(own.source.n);
    await whole.apply({ ...NO_FILTERS, area: every });
    expect(await whole.facet("genus")).toEqual(genera);
    const counted = await whole.histogram("year", 20);
    expect({ ...counted, counts: null, all: null }).toEqual({ ...years, counts: null, all: null });
    expect(counted.all.length).toBe(years.all.length);
    for (const [i, n] of years.all.entries()) expect(counted.all[i]).toBeCloseTo(n, 6);
    for (const [i, n] of years.counts.entries()) expect(counted.counts[i]).toBeCloseTo(n, 6);
    await own.host.close();
  });

  test("what is applied last counts, whatever is read last", async () => {
    const { filters } = await example();
    const first = selection.apply(filters);
    const last = selection.apply(NO_FILTERS);
    await Promise.all([first, last]);
    const counts = await selection.facet("genus");
    expect(counts.reduce((a, b) => a + b)).toBe(source.n);
  });
});
