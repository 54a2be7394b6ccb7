// @vitest-environment node
import { describe, expect, test } from "vitest";

import { idTable, spreadId } from "../testing/atlas";
import { findRow, idBytes, idTexts } from "./ids";
import type { ByteSource } from "./ranges";

const entry = { path: "ids.bin", entry_bytes: 14, id_bytes: 10 };

/** A table in memory that counts what is read of it. */
function counted(ids: readonly string[]): {
  file: ByteSource;
  table: typeof entry & { n: number };
  read: number[];
} {
  const bytes = idTable(ids);
  const read: number[] = [];
  const file = {
    read: (offset: number, length: number) => {
      read.push(length);
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  };
  return { file, table: { ...entry, n: ids.length }, read };
}

describe("idBytes", () => {
  test("reads hexadecimal digits", () => {
    expect(idBytes("00ff10", 3)).toEqual(Uint8Array.from([0, 255, 16]));
  });

  test.each(["", "00ff1", "00ff1g", "00FF10", "00ff1000"])("%j is no id of 3 bytes", (id) => {
    expect(idBytes(id, 3)).toBeNull();
  });
});

describe("idTexts", () => {
  test("writes ids as they are read", () => {
    const ids = ["00ff10", "000102"];
    const bytes = ids.flatMap((id) => Array.from(idBytes(id, 3) ?? []));
    expect(idTexts(bytes, 2)).toEqual(ids);
    expect(idTexts([], 0)).toEqual([]);
  });
});

describe("findRow", () => {
  const ids = Array.from({ length: 50_000 }, (_, row) => spreadId(row));

  test("finds the row of every id tried, from the first to the last entry", async () => {
    const { file, table } = counted(ids);
    const sorted = [...ids].sort();
    const tried = [...ids.filter((_, i) => i % 997 === 0), sorted[0] ?? "", sorted.at(-1) ?? ""];
    for (const id of tried) expect(await findRow(table, file, id)).toBe(ids.indexOf(id));
  });

  test("reads a small window of a large table", async () => {
    const { file, table, read } = counted(ids);
    await findRow(table, file, ids[4321] ?? "");
    expect(read).toHaveLength(1);
    expect(read[0]).toBeLessThan(0.05 * 14 * ids.length);
  });

  test("an id that the table lacks is null", async () => {
    const { file, table } = counted(ids);
    for (const id of ["0".repeat(20), "f".repeat(20), spreadId(60_000), "not an id"])
      expect(await findRow(table, file, id)).toBeNull();
  });

  test("an empty table has no ids", async () => {
    const { file, table } = counted([]);
    expect(await findRow(table, file, spreadId(1))).toBeNull();
  });

  test.each(["0000", "ffff"])(
    "ids that all begin with %s are found in several steps",
    async (start) => {
      const crowded = ids.slice(0, 20_000).map((id) => start + id.slice(4));
      const { file, table } = counted(crowded);
      for (const row of [0, 1, 777, 19_999])
        expect(await findRow(table, file, crowded[row] ?? "")).toBe(row);
    },
  );
});
