import type { DataSource } from "../data/source";
import type { Explorer } from "./explorer";

/** Values that have a box of their own; the others share one. */
const MOST_BOXES = 60;

/** Ranks of which one lies within the other, the wider first. */
const WITHIN = [
  ["family", "genus"],
  ["order", "family"],
  ["genus", "scientificName"],
] as const;

/** A value of a column, and how many of the media that else are asked for have it. */
export interface Share {
  readonly text: string;
  readonly count: number;
}

/** What belongs together: the values within a wider one, or all. */
export interface Group {
  /** The wider value; null if there is none. */
  readonly text: string | null;
  readonly shares: readonly Share[];
}

/** What a treemap shows: the values of a column, by those of a wider one where there is one. */
export interface Division {
  readonly column: string;
  readonly within: string | null;
  readonly label: string;
}

/** The divisions that an atlas offers, the most telling first. */
export function divisionsOf({ atlas }: Pick<DataSource, "atlas">): Division[] {
  const columns = atlas.dictionaries.filter(({ n }) => n > 1);
  const labelOf = (column: string): string | undefined =>
    columns.find((one) => one.column === column)?.label;
  const nested = WITHIN.flatMap(([within, column]) => {
    const [wide, narrow] = [labelOf(within), labelOf(column)];
    return wide && narrow ? [{ column, within, label: `${wide} › ${narrow}` }] : [];
  });
  const plain = columns.map(({ column, label }) => ({ column, within: null, label }));
  const subject = plain.filter(({ column }) => column === "subject");
  return [...subject, ...nested, ...plain.filter((one) => !subject.includes(one))];
}

/** Count the media by the values of a division; most first, and how many are in none of them. */
export async function groupsOf(
  source: DataSource,
  explorer: Pick<Explorer, "facet">,
  { column, within }: Division,
): Promise<{ groups: Group[]; others: number }> {
  const [{ values }, counts] = await Promise.all([source.values(column), explorer.facet(column)]);
  const ranked = values
    .map(({ code, text }) => ({ code, text, count: counts[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.code - b.code);
  const shown = ranked.slice(0, MOST_BOXES);
  const all = counts.subarray(1).reduce((sum, one) => sum + one, 0);
  const others = all - shown.reduce((sum, { count }) => sum + count, 0);
  if (within === null) return { groups: [{ text: null, shares: shown }], others };
  const parentOf = await parents(source, column, within);
  const groups = new Map<string, Share[]>();
  for (const share of shown) {
    const parent = parentOf(share.code);
    groups.set(parent, [...(groups.get(parent) ?? []), share]);
  }
  const listed = [...groups].map(([text, shares]): Group => ({ text, shares }));
  return { groups: listed.sort((a, b) => sizeOf(b) - sizeOf(a)), others };
}

/** Media of a group. */
export function sizeOf({ shares }: Group): number {
  return shares.reduce((sum, { count }) => sum + count, 0);
}

/** Return the wider value of a code: that of the first medium which has both. */
async function parents(
  source: DataSource,
  column: string,
  within: string,
): Promise<(code: number) => string> {
  const [narrow, wide, { values }] = await Promise.all([
    source.codes(column),
    source.codes(within),
    source.values(within),
  ]);
  const n = source.atlas.dictionaries.find((one) => one.column === column)?.n ?? 0;
  const parent = new Uint32Array(n + 1);
  for (let row = 0; row < narrow.length; row++) {
    const code = narrow[row] ?? 0;
    if (parent[code] === 0) parent[code] = wide[row] ?? 0;
  }
  const texts = new Map(values.map(({ code, text }) => [code, text]));
  return (code) => texts.get(parent[code] ?? 0) ?? "";
}
