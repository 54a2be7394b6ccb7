// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import type { Host } from "../testing/host";
import { aCard } from "../testing/atlas";
import { cells, openWritten } from "../testing/written";
import { cell, csvOf } from "./csv";
import { recordsOf } from "./export";
import { pagesOf } from "./records";
import { placesOf } from "./subject";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

const quiet = (): void => undefined;

/** The lines of a table, cut at commas that no quotation marks hold. */
const linesOf = async (csv: Promise<Blob>): Promise<string[][]> => {
  const text = await (await csv).text();
  const lines = text.replace(/^\ufeff/, "").split("\r\n");
  expect(lines.pop()).toBe("");
  const told = (line: string): string[] =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
    );
  return lines.map(told);
};

describe("a table of what is selected", () => {
  test("says of each medium what the records of the atlas do", async () => {
    const rows = [0, 3, 63, 64, 65, 200, 299];
    const [head = [], ...lines] = await linesOf(csvOf(recordsOf(source), rows, quiet));
    expect(head[0]).toBe("media_id");
    expect(head).toContain("license");
    expect(lines).toHaveLength(rows.length);
    for (const column of ["genus", "recordedBy", "catalogNumber", "year", "rightsHolder"])
      expect(lines.map((line) => line[head.indexOf(column)])).toEqual(
        rows.map((row) => cells(column)[row] ?? ""),
      );
  });

  test("has the order of the list, though pages are read in theirs", async () => {
    const list = [299, 64, 0, 65, 200, 3];
    const { rows, places } = placesOf(Uint32Array.from(list));
    host.asked.length = 0;
    const [head = [], ...lines] = await linesOf(csvOf(recordsOf(source), rows, quiet, places));
    const column = head.indexOf("catalogNumber");
    expect(lines.map((line) => line[column])).toEqual(
      list.map((row) => cells("catalogNumber")[row] ?? ""),
    );
    expect(host.asked.filter((one) => one.startsWith("records.bin"))).toHaveLength(3);
  });

  test("reads only pages that hold a selected medium, neighbours at once", async () => {
    host.asked.length = 0;
    await csvOf(recordsOf(source), [5, 70, 290], quiet);
    const asked = host.asked.filter((one) => one.startsWith("records.bin"));
    expect(asked).toHaveLength(3); // where pages begin, pages 0 and 1, page 4
  });

  test("tells how far it is, and stops when the listener throws", async () => {
    const told: number[] = [];
    const rows = Array.from({ length: 300 }, (_, row) => row);
    await csvOf(recordsOf(source), rows, (done) => told.push(done));
    expect(told).toEqual([64, 128, 192, 256, 300]);
    const stop = csvOf(recordsOf(source), rows, () => {
      throw new Error("enough");
    });
    await expect(stop).rejects.toThrow("enough");
  });

  test("of an older atlas says what the cards do", async () => {
    const cards = [
      aCard({ id: "a", title: 'The "small", one', place: "Kew\nGardens" }),
      aCard({ id: "b", credit: { ...aCard().credit, licence: "CC0 1.0" } }),
    ];
    const old = {
      atlas: { ...source.atlas, records: null },
      card: (row: number) => Promise.resolve(cards[row] ?? aCard()),
    } as unknown as HttpSource;
    const [head = [], first = [], second = []] = await linesOf(
      csvOf(recordsOf(old), [0, 1], quiet),
    );
    expect(first[head.indexOf("scientificName")]).toBe('The "small", one');
    expect(second[head.indexOf("UsageTerms")]).toBe("CC0 1.0");
  });

  test.each([
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["-1+2", "'-1+2"],
    ["-33.865", "-33.865"],
    ['a "b", c', '"a ""b"", c"'],
    ["two\nlines", '"two\nlines"'],
  ])("a spreadsheet takes %j for no formula", (text, wanted) => {
    expect(cell(text)).toBe(wanted);
  });
});

describe("rows by page", () => {
  test("consecutive pages are read together, but not too many", () => {
    const rows = Array.from({ length: 200 }, (_, i) => 10 * i);
    const runs = pagesOf([...rows, 5000], 10);
    expect(runs.map(({ first }) => first)).toEqual([0, 48, 96, 144, 192, 500]);
    expect(runs[0]?.chosen[3]).toEqual([0]);
  });
});
