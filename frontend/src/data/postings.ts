import { Rows } from "../select/rows";

const BITS = 1;

/** Reads numbers written as LEB128: seven bits a byte, the low ones first. */
export class Varints {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get left(): boolean {
    return this.at < this.#bytes.length;
  }

  next(): number {
    let value = 0;
    for (let weight = 1; this.left; weight *= 128) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 127) * weight;
      if (byte < 128) break;
    }
    return value;
  }

  /** Return some bytes as they are. */
  bytes(length: number): Uint8Array {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

/** Return the rows that a posting list tells. */
export function decodePostings(list: Uint8Array): Rows {
  return list[0] === BITS ? ofBits(list.subarray(1)) : ofRuns(list);
}

function ofRuns(list: Uint8Array): Rows {
  const edges: number[] = [];
  const numbers = new Varints(list, 1);
  let end = 0;
  while (numbers.left) {
    const number = numbers.next();
    const first = end + Math.floor(number / 2);
    end = first + (number % 2 ? numbers.next() + 2 : 1);
    edges.push(first, end);
  }
  return new Rows(joined(edges));
}

/** A run may begin where the one before ends. */
function joined(edges: readonly number[]): Uint32Array {
  const kept: number[] = [];
  for (let i = 0; i < edges.length; i += 2)
    if (kept.length && kept[kept.length - 1] === edges[i])
      kept[kept.length - 1] = edges[i + 1] ?? 0;
    else kept.push(edges[i] ?? 0, edges[i + 1] ?? 0);
  return Uint32Array.from(kept);
}

function ofBits(bytes: Uint8Array): Rows {
  const edges: number[] = [];
  let before = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    // most bytes go on as the one before ended
    if (byte === (before ? 255 : 0)) continue;
    for (let bit = 0; bit < 8; bit++) {
      const here = (byte >> bit) & 1;
      if (here !== before) edges.push(8 * i + bit);
      before = here;
    }
  }
  if (before) edges.push(8 * bytes.length);
  return new Rows(Uint32Array.from(edges));
}
