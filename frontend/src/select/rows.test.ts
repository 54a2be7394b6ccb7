// @vitest-environment node
import { describe, expect, test } from "vitest";

import { common, Rows, RowSet } from "./rows";

const N = 1000;

/** A set and what it should hold, by a multiplicative hash. */
const some = (seed: number, n = N): [RowSet, Set<number>] => {
  const rows = Array.from({ length: n }, (_, row) => row).filter(
    (row) => ((Math.imul(row + seed, 2654435761) >>> 16) & 3) === 0,
  );
  return [RowSet.of(n, [Rows.ofNumbers(rows)]), new Set(rows)];
};

const listed = (set: RowSet): number[] => set.slice(0, Infinity);

describe("RowSet", () => {
  const [a, inA] = some(1);
  const [b, inB] = some(77);
  const all = Array.from({ length: N }, (_, row) => row);

  test("holds the rows it was made of", () => {
    expect(inA.size).toBeGreaterThan(100);
    expect(listed(a)).toEqual([...inA]);
    expect(all.filter((row) => a.has(row))).toEqual([...inA]);
    expect([...a.ranges()]).toEqual([...inA]);
    expect(a.count).toBe(inA.size);
    expect(a.has(N)).toBe(false);
  });

  test("and, or, not are those of sets", () => {
    expect(listed(a.and(b))).toEqual(all.filter((row) => inA.has(row) && inB.has(row)));
    expect(listed(a.or(b))).toEqual(all.filter((row) => inA.has(row) || inB.has(row)));
    expect(listed(a.not())).toEqual(all.filter((row) => !inA.has(row)));
    expect(a.not().not().words).toEqual(a.words);
  });

  test.each([
    [0, N],
    [0, 0],
    [31, 33],
    [32, 64],
    [5, 6],
    [63, 640],
    [999, 1000],
  ])("rows from %d to %d are counted and told", (first, end) => {
    const wanted = [...inA].filter((row) => row >= first && row < end);
    const told: number[] = [];
    a.each((row) => told.push(row), first, end);
    expect(told).toEqual(wanted);
    expect(a.countWithin(first, end)).toBe(wanted.length);
    const run = RowSet.of(N, [Rows.of([{ first, end }])]);
    expect(listed(run)).toEqual(all.slice(first, end));
  });

  test("a page of rows is the same part of all", () => {
    for (const [skip, limit] of [
      [0, 10],
      [7, 50],
      [inA.size - 3, 10],
      [inA.size, 5],
    ] as const)
      expect(a.slice(skip, limit)).toEqual([...inA].slice(skip, skip + limit));
  });

  test("all rows are all, also where n is a whole number of words", () => {
    for (const n of [1, 31, 32, 33, 64]) {
      expect(RowSet.all(n).count).toBe(n);
      expect(RowSet.none(n).not().count).toBe(n);
    }
  });

  test("what null has in common with a set is the set", () => {
    expect(common([])).toBeNull();
    expect(common([null, a, null])).toBe(a);
    expect(common([a, null, b])?.words).toEqual(a.and(b).words);
  });
});
