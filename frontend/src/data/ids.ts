import type { IdTable } from "../schema";
import type { ByteSource } from "./ranges";

/** Entries read besides the likely ones: small tables are then read at once. */
const SPARE_ENTRIES = 256;

/** Return the bytes of an id written in hexadecimal, or null if it is not one. */
export function idBytes(id: string, length: number): Uint8Array | null {
  if (id.length !== 2 * length || !/^[0-9a-f]*$/.test(id)) return null;
  return Uint8Array.from({ length }, (_, i) => parseInt(id.slice(2 * i, 2 * i + 2), 16));
}

/** The digits of numbers in hexadecimal, as letters of ASCII. */
const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** Return the ids of n media as they are written, from their bytes one after another. */
export function idTexts(bytes: ArrayLike<number>, n: number): string[] {
  const letters = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    letters[2 * i] = DIGITS[byte >> 4] ?? 0;
    letters[2 * i + 1] = DIGITS[byte & 15] ?? 0;
  }
  // one text that is cut makes less to clear away than ids put together of digits
  const all = new TextDecoder().decode(letters);
  const length = letters.length / n;
  return Array.from({ length: n }, (_, i) => all.slice(i * length, (i + 1) * length));
}

/**
 * Find the row of a medium by its id; null if the table does not have it.
 *
 * Ids are evenly spread, so entry n * id / 2**80 is close to the one sought:
 * some 99.99 % lie within 4 standard deviations, sqrt(n) / 2 each. Where the
 * window misses, a larger one is read on the side where the id must be.
 */
export async function findRow(
  table: IdTable,
  file: ByteSource,
  id: string,
): Promise<number | null> {
  const sought = idBytes(id, table.id_bytes);
  if (!sought) return null;
  const share = sought.reduce((sum, byte, i) => sum + byte / 256 ** (i + 1), 0);
  let reach = Math.ceil(2 * Math.sqrt(table.n)) + SPARE_ENTRIES;
  let [low, high] = [0, table.n];
  let middle = Math.floor(share * table.n);
  while (low < high) {
    const first = Math.max(low, Math.min(middle - reach, high - 1));
    const end = Math.min(high, Math.max(middle + reach, first + 1));
    const length = (end - first) * table.entry_bytes;
    const window = new Window(await file.read(first * table.entry_bytes, length), table, sought);
    if (window.compare(0) > 0) high = first;
    else if (window.compare(end - first - 1) < 0) low = end;
    else return window.find();
    middle = high === first ? first : low;
    reach *= 2;
  }
  return null;
}

/** Some consecutive entries of the table, and the id sought in them. */
class Window {
  readonly #bytes: Uint8Array;
  readonly #table: IdTable;
  readonly #sought: Uint8Array;

  constructor(bytes: Uint8Array, table: IdTable, sought: Uint8Array) {
    this.#bytes = bytes;
    this.#table = table;
    this.#sought = sought;
  }

  /** Negative if the entry comes before the id sought, 0 if it is it, positive after it. */
  compare(entry: number): number {
    const start = entry * this.#table.entry_bytes;
    for (const [i, byte] of this.#sought.entries()) {
      const difference = (this.#bytes[start + i] ?? 0) - byte;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Binary search for the id; return its row or null. */
  find(): number | null {
    let [low, high] = [0, this.#bytes.length / this.#table.entry_bytes - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = this.compare(middle);
      if (order === 0) return this.#rowOf(middle);
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  #rowOf(entry: number): number {
    const at = entry * this.#table.entry_bytes + this.#table.id_bytes;
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(at, true);
  }
}
