import { Growing } from "./growing";

/** So many lines are put in order at a time: some ten megabytes of text. */
const AT_A_TIME = 2 ** 15;

/** So much text of all that waits is held before browsers may put it on the disk. */
const WAITING = 2 ** 22;

/** So much text is added at once: many small parts are slow. */
const FLUSHED = 2 ** 16;

/** A file that takes texts. */
export interface Sink {
  add(text: string): unknown;
}

/** Lines that wait, and where each belongs. */
interface Bucket {
  readonly text: Growing;
  ready: string;
  readonly places: number[];
  readonly lengths: number[];
}

/**
 * The lines of a file in the order of the list, though media are read in that of their rows.
 *
 * Lines wait in buckets, each for some consecutive places, and one bucket after the
 * other is put in order: what is in memory at a time does not grow with the file.
 */
export class Lines {
  readonly #file: Sink;
  readonly #places: Uint32Array | null;
  readonly #perBucket: number;
  readonly #buckets: Bucket[] = [];
  #ready = "";
  #waiting = 0;

  /** `places` tells where in the list each medium stands; null if they come in its order. */
  constructor(file: Sink, places: Uint32Array | null, perBucket = AT_A_TIME) {
    this.#file = file;
    this.#places = places;
    this.#perBucket = perBucket;
    const n = Math.ceil((places?.length ?? 0) / perBucket);
    for (let i = 0; i < n; i++) this.#buckets.push(bucket(WAITING / n));
  }

  /** Characters that are not yet in the file. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Add the line of a medium, the `k`th that is read; it ends as lines of the file do. */
  add(line: string, k: number): void {
    this.#waiting += line.length;
    if (!this.#places) {
      this.#ready += line;
      if (this.#ready.length > FLUSHED) this.#flush();
      return;
    }
    const place = this.#places[k] ?? 0;
    const found = this.#buckets[Math.floor(place / this.#perBucket)];
    if (!found) return;
    found.places.push(place);
    found.lengths.push(line.length);
    found.ready += line;
    if (found.ready.length < FLUSHED) return;
    found.text.add(found.ready);
    found.ready = "";
  }

  /** Put what waits into the file. */
  async end(): Promise<void> {
    this.#flush();
    for (const { text, ready, places, lengths } of this.#buckets.splice(0)) {
      text.add(ready);
      const bytes = await text.blob().arrayBuffer();
      const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      let at = 0;
      const lines = lengths.map((length) => whole.slice(at, (at += length)));
      const order = Float64Array.from(places, (place, i) => place * lines.length + i).sort();
      this.#file.add(Array.from(order, (key) => lines[key % lines.length]).join(""));
    }
    this.#waiting = 0;
  }

  #flush(): void {
    if (this.#places) return;
    this.#file.add(this.#ready);
    this.#waiting -= this.#ready.length;
    this.#ready = "";
  }
}

function bucket(held: number): Bucket {
  return { text: new Growing("", "", held), ready: "", places: [], lengths: [] };
}
