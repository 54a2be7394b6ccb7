import { type ByteSource, cut, type Part } from "./ranges";

/** Gives bytes of a file and its version. */
export interface PartSource {
  part(offset: number, length: number, signal?: AbortSignal): Promise<Part>;
}

/** A request is not made longer than this by what lies beside: the first picture waits for it. */
const MOST_BYTES = 96 * 2 ** 10;

/** So many bytes that nobody wants are cheaper than another request. */
const GAP_BYTES = 2 * 2 ** 10;

/** One read, and whoever waits for it. */
interface Wish {
  readonly offset: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (part: Part) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one request of reads that are wished for at the same time and lie side by side.
 *
 * A window full of tiles is dozens of reads, a few kilobytes each: on its way a request costs
 * more than they do. Where a request of several fails, or the file ends within it, each read is
 * asked for alone, so that none fails for another.
 */
export class Together implements PartSource, ByteSource {
  readonly #file: PartSource;
  #wishes: Wish[] = [];

  constructor(file: PartSource) {
    this.#file = file;
  }

  /** Return bytes from `offset`; fewer than `length` only at the end of the file. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.part(offset, length)).bytes;
  }

  /** Return the same and the file's version. */
  part(offset: number, length: number, signal?: AbortSignal): Promise<Part> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
      if (this.#wishes.push({ offset, end: offset + length, signal, resolve, reject }) === 1)
        setTimeout(() => {
          this.#ask();
        });
    });
  }

  #ask(): void {
    const wishes = this.#wishes.filter(isWanted);
    this.#wishes = [];
    wishes.sort((a, b) => a.offset - b.offset);
    for (const run of runs(wishes)) void this.#answer(run);
  }

  async #answer(run: readonly Wish[]): Promise<void> {
    const [first, second] = run;
    if (first && second) {
      const { offset } = first;
      const end = Math.max(...run.map((wish) => wish.end));
      const found = await this.#file.part(offset, end - offset, all(run)).catch(() => null);
      for (const wish of run.filter(isWanted))
        if (found && wish.end - offset <= found.bytes.length)
          wish.resolve(cut(found, wish.offset - offset, wish.end - wish.offset));
        else this.#alone(wish);
    } else if (first) this.#alone(first);
  }

  #alone({ offset, end, signal, resolve, reject }: Wish): void {
    this.#file.part(offset, end - offset, signal).then(resolve, reject);
  }
}

function isWanted({ signal }: Wish): boolean {
  return !signal?.aborted;
}

/** Cut reads in the order of the file into those that one request answers. */
function runs(wishes: readonly Wish[]): Wish[][] {
  const found: Wish[][] = [];
  for (const wish of wishes) {
    const run = found.at(-1);
    const [first, last] = [run?.[0], run?.at(-1)];
    const fits =
      first && last && wish.offset - last.end <= GAP_BYTES && wish.end - first.offset <= MOST_BYTES;
    if (fits) run?.push(wish);
    else found.push([wish]);
  }
  return found;
}

/** A signal that is given when nobody wants any of some reads any more. */
function all(run: readonly Wish[]): AbortSignal {
  const abort = new AbortController();
  for (const { signal } of run)
    signal?.addEventListener("abort", () => {
      if (!run.some(isWanted)) abort.abort(signal.reason);
    });
  return abort.signal;
}
