import { HttpSource } from "../data/http";
import type { Preparation } from "../photo/prepare";
import { type Host, startHost } from "./host";
import written from "./written.json";

/** An atlas that Python wrote, and what Python reads from it: see scripts/atlas_fixture.py. */
export const WRITTEN: {
  /** In base64, by path. */
  readonly files: Record<string, string>;
  /** Cells by column, in the order of the rows. */
  readonly columns: Record<string, (string | null)[]>;
  /** Rows that have every word of a text. */
  readonly found: Record<string, number[]>;
  readonly neighbours: number[][];
  /** What Python finds like some vectors. */
  readonly alike: { features: number[]; rows: number[]; similar: number[] }[];
  /** Images in base64, how they are prepared, and the squares that Python makes of them. */
  readonly prepared: {
    how: Preparation;
    width: number;
    height: number;
    pixels: string;
    square: string;
  }[];
} = written as unknown as typeof WRITTEN;

/** Return a column's cells. */
export function cells(column: string): (string | null)[] {
  return WRITTEN.columns[column] ?? [];
}

/** Return the rows of which a cell meets a condition. */
export function rowsWhere(column: string, meets: (cell: string | null) => boolean): number[] {
  return cells(column).flatMap((cell, row) => (meets(cell) ? [row] : []));
}

/** Serve the atlas that Python wrote, or one changed by a test, and open it. */
export async function openWritten(
  change: (atlas: Record<string, unknown>) => void = () => undefined,
): Promise<{ source: HttpSource; host: Host }> {
  const files: Record<string, Uint8Array | string> = {};
  for (const [path, text] of Object.entries(WRITTEN.files))
    files[path] = Buffer.from(text, "base64");
  const atlas = JSON.parse(String(files["atlas.json"])) as Record<string, unknown>;
  change(atlas);
  const host = await startHost({ ...files, "atlas.json": JSON.stringify(atlas) });
  return { source: await HttpSource.open(`${host.url}atlas.json`, fetch), host };
}
