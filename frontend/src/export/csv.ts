import { Growing } from "./growing";
import { Lines } from "./lines";
import type { Records } from "./records";

/** Hears how many media are done; throws to stop. */
export type Tell = (done: number) => void;

/**
 * Return media as lines of comma-separated values: a column for each term.
 *
 * `places` tells where each of the rows stands in the table; null: in their order.
 */
export async function csvOf(
  records: Records,
  rows: Iterable<number>,
  tell: Tell,
  places: Uint32Array | null = null,
): Promise<Blob> {
  // Excel reads UTF-8 as such only after this mark
  const file = new Growing("text/csv;charset=utf-8", "\ufeff");
  file.add(`${records.columns.join()}\r\n`);
  const lines = new Lines(file, places);
  // filled anew for each: texts joined at once leave less to clear away than texts added up
  const line: string[] = [];
  let done = 0;
  for await (const { columns, chosen } of records.parts(rows)) {
    const ready = records.columns.map((name) => {
      const column = columns.get(name);
      return column && { column, cells: column.values.map(cell) };
    });
    for (const [k, i] of chosen.entries()) {
      for (const [at, one] of ready.entries())
        line[at] = one ? (one.cells[one.column.code(i)] ?? "") : "";
      lines.add(`${line.join()}\r\n`, done + k);
    }
    tell((done += chosen.length));
  }
  await lines.end();
  return file.blob();
}

/** A text as a cell; one that a spreadsheet would take for a formula is marked as text. */
export function cell(text: string): string {
  const formula = /^[=+@\t\r]/.test(text) || (text.startsWith("-") && !/^-[\d.]+$/.test(text));
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
