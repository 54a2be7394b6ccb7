// @vitest-environment node
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { HttpSource } from "../data/http";
import { EVERYTHING, toggleValue, withWord } from "../query";
import { RowSet } from "../select/rows";
import { Store } from "../store";
import type { Host } from "../testing/host";
import { cells, openWritten, rowsWhere } from "../testing/written";
import { Explorer } from "./explorer";
import { ordered } from "./order";

let source: HttpSource;
let host: Host;

beforeAll(async () => {
  ({ source, host } = await openWritten());
});
afterAll(() => host.close());

describe("what is looked for", () => {
  const start = (): { store: Store; explorer: Explorer; rows: () => Promise<number[]> } => {
    const store = new Store();
    const inside = (): Promise<RowSet> => Promise.resolve(RowSet.where(source.n, (row) => row < 5));
    const explorer = new Explorer(source, store, inside);
    const rows = async (): Promise<number[]> => {
      await vi.waitUntil(() => store.state.found !== null);
      const { found } = store.state;
      return found instanceof RowSet ? found.slice(0, source.n) : [];
    };
    return { store, explorer, rows };
  };
  const papilio = rowsWhere("genus", (genus) => genus === "Papilio");

  test("a value that an address names is found by its text", async () => {
    const { store, rows } = start();
    store.set({ query: toggleValue(EVERYTHING, "genus", "Papilio") });
    expect(papilio.length).toBeGreaterThan(0);
    expect(await rows()).toEqual(papilio);
  });

  test("a value that this edition lacks finds nothing, and nothing breaks", async () => {
    const { store, rows } = start();
    store.set({ query: toggleValue(EVERYTHING, "genus", "Papilionn") });
    expect(await rows()).toEqual([]);
    expect(store.state.found).toBeInstanceOf(RowSet);
    expect(store.state.notices).toEqual([]);
  });

  test("an area and a value both hold", async () => {
    const { store, rows } = start();
    const query = toggleValue(EVERYTHING, "genus", "Papilio");
    store.set({ query: { ...query, area: [[0, 0], [9, 0], [9, 9]] } }); // prettier-ignore
    expect(await rows()).toEqual(papilio.filter((row) => row < 5));
  });

  test("the last query counts, and without one all is found", async () => {
    const { store, explorer } = start();
    store.set({ query: toggleValue(EVERYTHING, "genus", "Papilio") });
    store.set({ query: EVERYTHING });
    await explorer.facet("genus");
    expect(store.state.found).toBe("all");
  });

  test("a column that the atlas lacks is told, the rest works on", async () => {
    const { store, rows } = start();
    store.set({ query: toggleValue(EVERYTHING, "mood", "cheerful") });
    await rows();
    expect(store.state.notices).toEqual([{ kind: "absent", what: ["mood"] }]);
    store.set({ query: withWord(EVERYTHING, { field: "nothing", word: "xyzzy" }) });
    expect(await rows()).toEqual([]);
  });
});

describe("an order", () => {
  test("is that of the values, what has none last, alike ones by row", async () => {
    const rows = [...(await ordered(source, null, "genus"))];
    const genera = cells("genus").map((genus, row) => ({ genus, row }));
    const named = genera.filter(({ genus }) => genus).map(({ genus }) => genus).sort(); // prettier-ignore
    expect(rows.map((row) => cells("genus")[row]).slice(0, named.length)).toEqual(named);
    expect(rows).toHaveLength(source.n);
    const first = rows.filter((row) => cells("genus")[row] === named[0]);
    expect(first).toEqual([...first].sort((a, b) => a - b));
  });

  test("is the other way round where that is asked, what has none last all the same", async () => {
    const down = [...(await ordered(source, null, "genus", true))].map(
      (row) => cells("genus")[row],
    );
    const genera = cells("genus").filter((genus) => genus !== null);
    expect(down.slice(0, genera.length)).toEqual([...genera].sort().reverse()); // prettier-ignore
    expect(down.slice(genera.length).every((genus) => genus === null)).toBe(true);
  });

  test("of no column is that of the rows", async () => {
    const set = RowSet.where(source.n, (row) => row % 3 === 1);
    expect([...(await ordered(source, set, null))].slice(0, 3)).toEqual([1, 4, 7]);
  });
});
