import type { ColumnSource } from "../data/source";
import type { RowSet } from "../select/rows";

/** Numbers are ranked in so many steps. */
const STEPS = 2 ** 30;

/** What has no value comes after all that has one. */
const LAST = 2 ** 31;

/**
 * Return rows in the order of a column; with null in their own order.
 *
 * What has no value is last, also the other way round.
 */
export async function ordered(
  source: ColumnSource,
  rows: RowSet | null,
  column: string | null,
  descending = false,
): Promise<Uint32Array> {
  const list = new Uint32Array(rows ? rows.count : source.n);
  let at = 0;
  if (rows) rows.each((row) => (list[at++] = row));
  else for (let row = 0; row < source.n; row++) list[row] = row;
  if (column === null) return descending ? list.reverse() : list;
  const up = await ranks(source, column);
  const rank = (row: number): number => {
    const found = up(row);
    return descending && found < LAST ? LAST - 1 - found : found;
  };
  // one number holds both, so that sorting needs no function: rank first, then the row
  const keys = Float64Array.from(list, (row) => rank(row) * source.n + row).sort();
  return Uint32Array.from(keys, (key) => key % source.n);
}

async function ranks(source: ColumnSource, column: string): Promise<(row: number) => number> {
  if (source.atlas.dictionaries.some((one) => one.column === column)) {
    const codes = await source.codes(column);
    return (row) => {
      const code = codes[row] ?? 0;
      return code === 0 ? LAST : code;
    };
  }
  const { values, min, max } = await source.numbers(column);
  const scale = STEPS / (max - min || 1);
  return (row) => {
    const value = values[row] ?? NaN;
    return Number.isNaN(value) ? LAST : Math.floor((value - min) * scale);
  };
}
