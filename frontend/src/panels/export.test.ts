import { describe, expect, test } from "vitest";

import type { DataSource } from "../data/source";
import { aCard } from "../testing/atlas";
import { csvOf } from "./export";

describe("a table of media", () => {
  const cards = [
    aCard({ id: "a", title: 'The "small", one', place: "Kew\nGardens" }),
    aCard({ id: "b", title: "=HYPERLINK(1)", credit: { ...aCard().credit, licence: "CC0 1.0" } }),
  ];
  const source = {
    card: (row: number) => Promise.resolve(cards[row]),
  } as Partial<DataSource> as DataSource;

  test("has a line for each, in the order asked for, with its licence", async () => {
    const told: number[] = [];
    const csv = await csvOf(source, [1, 0], (done) => told.push(done));
    const [head, first, second] = csv.split("\r\n");
    expect(head).toMatch(/^media_id,name,.*licence,.*rights_holder/);
    expect(first).toContain("CC0 1.0");
    expect(second).toMatch(/^a,"The ""small"", one",,"Kew\nGardens",/);
    expect(told).toEqual([2]);
  });

  test("a spreadsheet takes no text for a formula", async () => {
    const csv = await csvOf(source, [1], () => undefined);
    expect(csv).toContain("b,'=HYPERLINK(1),");
  });
});
