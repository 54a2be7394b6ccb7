import type { DataSource } from "../data/source";
import type { RowSet } from "../select/rows";

/** The ids of rows, read from the table of all: a curator's server is on the same machine. */
export async function idsOf(
  source: Pick<DataSource, "atlas" | "address" | "n">,
  rows: RowSet,
  fetch: (address: string) => Promise<Response> = (address) => window.fetch(address),
): Promise<string[]> {
  const table = source.atlas.ids;
  if (!table) return [];
  const answer = await fetch(source.address(table.path));
  if (!answer.ok) return [];
  const bytes = await answer.arrayBuffer();
  const view = new DataView(bytes);
  const ids: string[] = [];
  for (let at = 0; at + table.entry_bytes <= bytes.byteLength; at += table.entry_bytes) {
    if (!rows.has(view.getUint32(at + table.id_bytes, true))) continue;
    const digits = Array.from(new Uint8Array(bytes, at, table.id_bytes), hexadecimal);
    ids.push(digits.join(""));
  }
  return ids;
}

function hexadecimal(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
