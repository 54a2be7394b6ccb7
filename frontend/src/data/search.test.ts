// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Host } from "../testing/host";
import { cells, openWritten, rowsWhere, WRITTEN } from "../testing/written";
import type { TextFinding } from "./findings";
import type { HttpSource } from "./http";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});

afterAll(() => host.close());

const anywhere = (word: string): TextFinding => ({
  ...{ kind: "text", field: "", word, text: word, count: 0, exact: true },
});

describe("Searcher", () => {
  test.each(Object.keys(WRITTEN.found))("%s finds the rows that Python finds", async (typed) => {
    expect([...(await source.rowsOfFinding(anywhere(typed)))]).toEqual(WRITTEN.found[typed]);
  });

  test("what is typed suggests the value itself before those that contain it", async () => {
    const [first, ...others] = await source.search("papilio", 8);
    const count = rowsWhere("genus", (cell) => cell === "Papilio").length;
    expect(first).toMatchObject({ column: "genus", text: "Papilio", count, exact: true });
    expect(others.length).toBe(7);
    for (const one of others) expect(one.text).toMatch(/^Papilio /);
    const counts = others.map(({ count: media }) => media);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  test("what is read ahead is not read again, and finds the same", async () => {
    const own = await openWritten();
    await own.source.readySearch();
    const before = own.host.asked.length;
    expect(await own.source.search("papilio", 8)).toEqual(await source.search("papilio", 8));
    const again = own.host.asked.filter((one, i) => own.host.asked.indexOf(one) < i);
    expect(again).toEqual([]);
    expect(own.host.asked.length).toBeGreaterThan(before);
    await own.host.close();
  });

  test("what leads to the media of a value is read ahead, for several words", async () => {
    const own = await openWritten();
    const { dictionaries } = own.source.atlas;
    const edges = dictionaries.flatMap(({ values }) => {
      const at = values?.blocks.find(({ name }) => name === "rows_at");
      return values && at
        ? [{ path: values.path, from: at.offset, end: at.offset + at.n_bytes }]
        : [];
    });
    expect(edges).toHaveLength(dictionaries.length);
    await own.source.readySearch();
    const ahead = own.host.asked.length;
    await own.source.search("papilio müller", 8);
    for (const asked of own.host.asked.slice(ahead)) {
      const [path, range = ""] = asked.split(" ");
      const [from = 0, last = 0] = range.replace("bytes=", "").split("-").map(Number);
      for (const edge of edges)
        expect(edge.path === path && from < edge.end && last >= edge.from, asked).toBe(false);
    }
    await own.host.close();
  });

  test("a slip is forgiven, and said", async () => {
    const [first] = await source.search("papliio", 5);
    expect(first).toMatchObject({ column: "genus", text: "Papilio", exact: false });
  });

  test("each finding leads to as many rows as it says", async () => {
    for (const typed of ["pap", "rio", "0000211", "muller", "danaus da", "soren", "papilio rio"])
      for (const finding of await source.search(typed, 12)) {
        const rows = await source.rowsOfFinding(finding);
        expect([finding.text, rows.count]).toEqual([finding.text, finding.count]);
      }
  });

  test("words of a locality and of a name together are found anywhere", async () => {
    const last = (await source.search("Papilio río", 6)).at(-1);
    const both = cells("genus").filter(
      (genus, row) => genus === "Papilio" && cells("locality")[row]?.startsWith("Río"),
    );
    expect(last).toMatchObject({ kind: "text", field: "", text: "Papilio río" });
    expect(last?.count).toBeGreaterThanOrEqual(both.length);
  });

  test("nothing typed, or nothing that is there, suggests nothing", async () => {
    expect(await source.search(" ,.", 5)).toEqual([]);
    expect(await source.search("xqzwv", 5)).toEqual([]);
  });

  test("a search that is given up ends as such", async () => {
    const end = new AbortController();
    const search = source.search("papilio", 5, end.signal);
    end.abort();
    await expect(search).rejects.toMatchObject({ name: "AbortError" });
  });

  test("an atlas from before there was search suggests nothing", async () => {
    const older = await openWritten((atlas) => delete atlas["search"]);
    expect(await older.source.search("papilio", 5)).toEqual([]);
    await older.host.close();
  });
});
