import type { DataSource } from "../data/source";
import type { Tell } from "./csv";

/** What is exported, and what is said of it. */
export interface Subject {
  readonly source: DataSource;
  /** Ascending. */
  readonly rows: Uint32Array;
  /** Where in the list each of the rows stands; null if the list has their order. */
  readonly places: Uint32Array | null;
  /** The address that shows the selection. */
  readonly link: string;
  readonly now: Date;
  readonly tell: Tell;
}

/** Where the picture of a medium lies; empty if the atlas does not tell. */
export function pictureAddress({ source }: Subject, id: string): string {
  const template = source.atlas.records?.picture ?? "";
  const path = template.replaceAll("{head}", id.slice(0, 2)).replaceAll("{id}", id);
  return path && source.address(path);
}

/** A date as 2026-11-22, where the visitor is. */
export function isoDate(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Return the rows of a list ascending, and where in the list each stands. */
export function placesOf(list: Uint32Array): Pick<Subject, "rows" | "places"> {
  if (list.every((row, i) => i === 0 || row > (list[i - 1] ?? 0)))
    return { rows: list.slice(), places: null };
  const n = list.length;
  const keys = Float64Array.from(list, (row, place) => row * n + place).sort();
  const rows = Uint32Array.from(keys, (key) => Math.floor(key / n));
  return { rows, places: Uint32Array.from(keys, (key) => key % n) };
}

/** Return the first rows of the list, in its order. */
export function firstListed({ rows, places }: Subject, most: number): Uint32Array {
  if (!places) return rows.slice(0, most);
  const listed = new Uint32Array(Math.min(most, rows.length));
  for (const [k, place] of places.entries()) if (place < most) listed[place] = rows[k] ?? 0;
  return listed;
}
