import { covering, keyOf, type Piece, pieceOf, rangeOf } from "./pieces";

/** Larger files are not kept when a server sends them whole. */
const MOST_WHOLE = 64 * 2 ** 20;

/** Files of one edition of an atlas, whole or in parts, within a budget. */
export class Shelf {
  readonly #cache: Cache;
  readonly #budget: number;
  readonly #pieces = new Map<string, Piece[]>();
  /** Kept pieces and their sizes, those that were asked for last at the end. */
  readonly #sizes = new Map<string, number>();
  #total = 0;

  private constructor(cache: Cache, budget: number) {
    this.#cache = cache;
    this.#budget = budget;
  }

  /** Open what is kept. */
  static async open(cache: Cache, budget: number): Promise<Shelf> {
    const shelf = new Shelf(cache, budget);
    for (const { url } of await cache.keys()) shelf.#add(url);
    return shelf;
  }

  /** Bytes that are kept. */
  get total(): number {
    return this.#total;
  }

  /** Return the answer to a request from what is kept, or null. */
  async find(request: Request): Promise<Response | null> {
    const pieces = this.#pieces.get(plain(request.url)) ?? [];
    const asked = request.headers.get("range");
    if (asked === null) return this.#whole(pieces);
    const range = rangeOf(asked);
    return range && this.#part(pieces, ...range);
  }

  /** Keep an answer that was not kept yet, and return one like it. */
  async keep(request: Request, answer: Response): Promise<Response> {
    if (!isLasting(answer)) return answer;
    const range = rangeOf(request.headers.get("range") ?? "");
    const body = await answer.blob();
    const again = new Response(body, answer);
    const first = answer.status === 206 ? (range?.[0] ?? -1) : 0;
    const whole = answer.status === 200;
    if (first < 0 || (whole && body.size > MOST_WHOLE)) return again;
    const key = keyOf(plain(request.url), first, first + body.size, whole);
    try {
      // a cache takes no answer of status 206
      const { headers } = answer;
      await this.#cache.put(key, new Response(body, { status: 200, headers }));
      this.#add(key);
      await this.#makeRoom();
    } catch (error) {
      // the browser has no room: what is asked for is answered all the same
      if (!(error instanceof DOMException)) throw error;
    }
    return again;
  }

  #add(key: string): void {
    const told = pieceOf(key);
    if (!told || this.#sizes.has(key)) return;
    const { url, piece } = told;
    this.#pieces.set(url, [...(this.#pieces.get(url) ?? []), piece]);
    this.#sizes.set(key, piece.end - piece.first);
    this.#total += piece.end - piece.first;
  }

  /** A piece that is asked for is dropped after all others. */
  #touch(key: string): void {
    const size = this.#sizes.get(key);
    if (size === undefined) return;
    this.#sizes.delete(key);
    this.#sizes.set(key, size);
  }

  /** Drop what was not asked for the longest until the budget is kept. */
  async #makeRoom(): Promise<void> {
    for (const [key, size] of this.#sizes) {
      if (this.#total <= this.#budget) return;
      const told = pieceOf(key);
      this.#sizes.delete(key);
      this.#total -= size;
      if (told) {
        const left = (this.#pieces.get(told.url) ?? []).filter((one) => one.key !== key);
        this.#pieces.set(told.url, left);
      }
      await this.#cache.delete(key);
    }
  }

  async #whole(pieces: readonly Piece[]): Promise<Response | null> {
    const piece = pieces.find(({ key }) => pieceOf(key)?.whole);
    if (piece) this.#touch(piece.key);
    return piece ? ((await this.#cache.match(piece.key)) ?? null) : null;
  }

  async #part(pieces: readonly Piece[], first: number, end: number): Promise<Response | null> {
    const whole = pieces.find(({ key }) => pieceOf(key)?.whole);
    // at the end of a file fewer bytes are there than are asked for
    const last = whole ? Math.min(end, whole.end) : end;
    const found = covering(pieces, first, last);
    if (!found?.length) return null;
    const bodies: Blob[] = [];
    let headers = new Headers();
    let at = first;
    for (const piece of found) {
      const answer = await this.#cache.match(piece.key);
      if (!answer) return null;
      this.#touch(piece.key);
      headers = new Headers(answer.headers);
      bodies.push((await answer.blob()).slice(at - piece.first, last - piece.first));
      at = piece.end;
    }
    // the bytes are those of the file, not as they were packed for the way
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    headers.set("content-range", `bytes ${first}-${last - 1}/*`);
    return new Response(new Blob(bodies), { status: 206, headers });
  }
}

function plain(address: string): string {
  const url = new URL(address);
  url.hash = url.search = "";
  return url.href;
}

/** Whether an answer is a file that may be kept. */
function isLasting({ status, headers }: Response): boolean {
  const may = !(headers.get("cache-control") ?? "").includes("no-store");
  return may && (status === 200 || status === 206);
}
