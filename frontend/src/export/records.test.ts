// @vitest-environment node
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { HttpSource } from "../data/http";
import type { ByteSource } from "../data/ranges";
import type { Host } from "../testing/host";
import { aCard } from "../testing/atlas";
import { cells, openWritten } from "../testing/written";
import { cell, csvOf } from "./csv";
import { readAhead, recordsOf } from "./export";
import { pagesOf, RecordPages } from "./records";
import { placesOf } from "./subject";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

const quiet = (): void => undefined;

/** The ranges of a file that are asked for from now on. */
const asked = (file: string): (() => string[]) => {
  const known = host.asked.length;
  return () =>
    host.asked
      .slice(known)
      .flatMap((one) => (one.startsWith(file) ? (one.split(" ")[1] ?? []) : []));
};

/** Whether a range is that of where pages begin. */
const begins = (range: string): boolean => {
  const starts = source.atlas.records?.blocks.filter(({ name }) => name.startsWith("page_at"));
  const offset = Number(/\d+/.exec(range)?.[0]);
  return starts?.some((block) => block.offset === offset) ?? false;
};

/** The records of the atlas, read by other means. */
const pagesIn = (file: ByteSource): RecordPages => {
  const { records } = source.atlas;
  if (!records) throw new Error("the atlas that Python wrote has records");
  return new RecordPages(records, { file, idsOf: (rows) => source.idsOf(rows) });
};

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
    for (const [i, row] of rows.entries())
      expect(await source.rowOf(lines[i]?.[0] ?? "")).toBe(row);
    for (const column of ["genus", "recordedBy", "catalogNumber", "year", "rightsHolder"])
      expect(lines.map((line) => line[head.indexOf(column)])).toEqual(
        rows.map((row) => cells(column)[row] ?? ""),
      );
  });

  test("has the main columns alone where these are enough", async () => {
    const [head = [], ...lines] = await linesOf(csvOf(recordsOf(source, "main"), [3, 299], quiet));
    expect(head.slice(0, 3)).toEqual(["media_id", "genus", "scientificName"]);
    for (const other of ["recordedBy", "locality", "weight"]) expect(head).not.toContain(other);
    for (const column of ["scientificName", "catalogNumber", "eventDate"])
      expect(lines.map((line) => line[head.indexOf(column)])).toEqual(
        [3, 299].map((row) => cells(column)[row] ?? ""),
      );
  });

  test("has the order of the list, though pages are read in theirs", async () => {
    const list = [299, 64, 0, 65, 200, 3];
    const { rows, places } = placesOf(Uint32Array.from(list));
    const pages = asked("records.bin");
    const [head = [], ...lines] = await linesOf(
      csvOf(recordsOf(source, "main"), rows, quiet, places),
    );
    const column = head.indexOf("catalogNumber");
    expect(lines.map((line) => line[column])).toEqual(
      list.map((row) => cells("catalogNumber")[row] ?? ""),
    );
    expect(pages().filter((range) => !begins(range))).toHaveLength(1);
  });

  test("reads only pages that hold a selected medium, neighbours at once", async () => {
    const pages = asked("records.bin");
    const parts: (readonly number[])[] = [];
    for await (const { chosen } of recordsOf(source, "main").parts([5, 70, 290]))
      parts.push(chosen);
    // where pages begin may be known by now; the small pages between 1 and 4 are read along
    expect(pages().filter((range) => !begins(range))).toHaveLength(1);
    expect(parts).toEqual([[5], [6], [34]]);
  });

  test("begins with what was read ahead, and asks for it again where that failed", async () => {
    const rows = [5, 70, 290];
    const records = asked("records.bin");
    const ids = asked("points.bin");
    readAhead(source, rows);
    const wanted = await linesOf(csvOf(recordsOf(source, "main"), rows, quiet));
    expect(records().filter((range) => !begins(range))).toHaveLength(1);
    expect(ids()).toHaveLength(1);
    expect(await linesOf(csvOf(recordsOf(source, "main"), rows, quiet))).toEqual(wanted);
    let refused = true;
    const pages = pagesIn({
      read: (offset, length) =>
        refused
          ? Promise.reject(new Error("the line is cut"))
          : source.file("records.bin").read(offset, length),
    });
    pages.ahead(rows);
    await expect(linesOf(csvOf(pages.records("main"), rows, quiet))).rejects.toThrow("cut");
    refused = false;
    expect(await linesOf(csvOf(pages.records("main"), rows, quiet))).toEqual(wanted);
  });

  test("keeps few reads on the way, and the order of the rows", async () => {
    let running = 0;
    let most = 0;
    const slow = pagesIn({
      read: async (offset, length) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, offset % 7));
        running--;
        return source.file("records.bin").read(offset, length);
      },
    });
    const rows = Array.from({ length: 300 }, (_, row) => row).filter((row) => row % 64 < 3);
    const [head = [], ...lines] = await linesOf(csvOf(slow.records("all"), rows, quiet));
    const place = head.indexOf("catalogNumber");
    expect(lines.map((line) => line[place])).toEqual(
      rows.map((row) => cells("catalogNumber")[row]),
    );
    expect(most).toBeLessThanOrEqual(20);
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

  test("is read from pages of all columns, as older atlases have them", async () => {
    const told = [
      { media_id: { values: ["a", "b"] }, genus: { values: ["Idea"] } },
      { media_id: { values: ["c"] }, genus: { values: ["Papilio"] }, sex: { values: ["male"] } },
    ];
    const packed = told.map((page) => gzipSync(JSON.stringify(page)));
    const [first = 0, second = 0] = packed.map(({ length }) => length);
    const at = Buffer.from(Uint32Array.of(0, first, first + second).buffer);
    const bytes = Buffer.concat([at, ...packed]);
    const size = first + second;
    const old = new RecordPages(
      {
        ...{ path: "records.bin", n: 3, per_page: 2, picture: "" },
        columns: ["media_id", "genus", "sex"],
        blocks: [
          { name: "page_at", dtype: "uint32", shape: [3], offset: 0, n_bytes: 12 },
          { name: "page", dtype: "uint8", shape: [size], offset: 12, n_bytes: size },
        ],
      },
      {
        file: {
          read: (offset, length) =>
            Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length))),
        },
        idsOf: () => Promise.reject(new Error("ids are in the pages")),
      },
    );
    const rows = [1, 2];
    old.ahead(rows);
    for (const which of ["main", "all"] as const)
      expect(await linesOf(csvOf(old.records(which), rows, quiet))).toEqual([
        ["media_id", "genus", "sex"],
        ["b", "Idea", ""],
        ["c", "Papilio", "male"],
      ]);
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
    expect(pagesOf([5, 21, 22, 60], 10, 48, 2)).toEqual([
      { first: 0, chosen: [[5], [], [1, 2]] },
      { first: 6, chosen: [[0]] },
    ]);
    expect(pagesOf([5, 21], 10, 2, 2).map(({ first }) => first)).toEqual([0, 2]);
  });
});
