import type { DataSource } from "../data/source";
import type { Tell } from "./csv";

/** What is exported, and what is said of it. */
export interface Subject {
  readonly source: DataSource;
  /** Ascending. */
  readonly rows: Uint32Array;
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
