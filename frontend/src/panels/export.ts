import type { DataSource } from "../data/source";
import type { Card } from "../schema";

/** Cards that are asked for at a time: some files of them. */
const AT_A_TIME = 2048;

/** Columns of the file, and what of a card each holds. */
const COLUMNS: readonly (readonly [name: string, of: (card: Card) => string])[] = [
  ["media_id", ({ id }) => id],
  ["name", ({ title }) => title],
  ["author", ({ author }) => author],
  ["place", ({ place }) => place],
  ["date", ({ date }) => date],
  ["licence", ({ credit }) => credit.licence],
  ["licence_url", ({ credit }) => credit.licence_url],
  ["rights_holder", ({ credit }) => credit.rights_holder],
  ["creator", ({ credit }) => credit.creator],
  ["link", ({ link }) => link],
];

/**
 * Return media as lines of comma-separated values, with whose they are.
 *
 * `tell` hears how many have been read.
 */
export async function csvOf(
  source: DataSource,
  rows: ArrayLike<number>,
  tell: (done: number) => void,
): Promise<string> {
  const lines = [COLUMNS.map(([name]) => name).join()];
  const ordered = Array.from(rows);
  for (let first = 0; first < ordered.length; first += AT_A_TIME) {
    const part = ordered.slice(first, first + AT_A_TIME);
    const cards = await Promise.all(part.map((row) => source.card(row)));
    for (const card of cards) lines.push(COLUMNS.map(([, of]) => cell(of(card))).join());
    tell(lines.length - 1);
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** A text as a cell; one that a spreadsheet would take for a formula is marked as text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Give a text to the visitor as a file. */
export function download(text: string, name: string): void {
  const address = URL.createObjectURL(
    new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
