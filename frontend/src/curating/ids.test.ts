import { expect, it } from "vitest";

import { RowSet } from "../select/rows";
import { idsOf } from "./ids";

it("finds the ids of the rows that were found, and of no others", async () => {
  // sorted by id, as the table is; rows in another order
  const table = new Uint8Array(3 * 14);
  [2, 0, 1].forEach((row, entry) => {
    table[entry * 14 + 9] = entry + 10;
    table[entry * 14 + 10] = row;
  });
  const source = {
    n: 3,
    atlas: { ids: { path: "ids.bin", n: 3, entry_bytes: 14, id_bytes: 10 } },
    address: (path: string) => `http://here.test/${path}`,
  } as unknown as Parameters<typeof idsOf>[0];
  const asked: string[] = [];
  const rows = RowSet.where(3, (row) => row !== 0);
  const ids = await idsOf(source, rows, (address) => {
    asked.push(address);
    return Promise.resolve(new Response(table));
  });
  expect(ids).toEqual(["0000000000000000000a", "0000000000000000000c"]);
  expect(asked).toEqual(["http://here.test/ids.bin"]);
});
