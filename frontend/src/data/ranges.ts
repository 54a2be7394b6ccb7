import { AtlasError } from "./errors";
import { type Fetch, fileName, request } from "./requests";

/** A file that a server sends whole is kept up to this many bytes. */
const WHOLE_FILE_LIMIT = 64 * 2 ** 20;

/** Reads from this many bytes on are left in the browser's cache for the next visit. */
const CACHED_BYTES = 256 * 2 ** 10;

/** Bytes asked for at once where neighbouring bytes are likely to follow. */
export const PAGE_BYTES = 16 * 2 ** 10;

/** The same where some bytes here and some there are wanted: on a slow line each kilobyte counts. */
export const SMALL_PAGE_BYTES = 4 * 2 ** 10;

/** What the files of one host know of it together. */
export interface RangeHost {
  /** It has answered with a part of a file. */
  ranged: boolean;
}

/** Anything that gives bytes of a file. */
export interface ByteSource {
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes, and the version of the file they are from where the server tells it. */
export interface Part {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string | undefined;
}

/**
 * A file read by HTTP range.
 *
 * A server that does not know ranges answers 200 with the whole file: it is then
 * kept, and later reads are answered from it. Until the host has answered one read
 * with a range, reads of a file wait for its first, so that it is sent only once.
 *
 * From then on small reads pass the browser's cache by: where that is asked, Chromium
 * reads one range of a file after the other, each a way to the host and back.
 */
export class RangeFile implements ByteSource {
  readonly url: string;
  readonly #fetch: Fetch;
  readonly #host: RangeHost;
  #first: Promise<Part> | null = null;
  #whole: Part | null = null;

  constructor(url: string, fetch: Fetch, host: RangeHost = { ranged: false }) {
    this.url = url;
    this.#fetch = fetch;
    this.#host = host;
  }

  /** Return bytes from `offset`; fewer than `length` only at the end of the file. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.part(offset, length)).bytes;
  }

  /** Return bytes from `offset` and the file's version. */
  async part(offset: number, length: number, signal?: AbortSignal): Promise<Part> {
    while (this.#first && !this.#host.ranged) {
      const settled = await this.#first.then(Boolean, () => false);
      if (settled) break;
    }
    if (this.#whole) return cut(this.#whole, offset, length);
    if (this.#first) return this.#request(offset, length, signal);
    // the first read of a file is not ended early: others may wait for its outcome
    this.#first = this.#request(offset, length);
    this.#first.catch(() => (this.#first = null));
    return this.#first;
  }

  async #request(offset: number, length: number, signal?: AbortSignal): Promise<Part> {
    const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
    const cache = this.#host.ranged && length < CACHED_BYTES ? "no-store" : "default";
    const init = { headers, cache, signal: signal ?? null } as const;
    const response = await request(this.#fetch, this.url, init);
    const ranged = response.status === 206;
    this.#host.ranged ||= ranged;
    if (!ranged) await this.#refuseHuge(response);
    const etag = response.headers.get("etag") ?? undefined;
    const part = { bytes: new Uint8Array(await this.#body(response, signal)), etag };
    if (ranged) return { bytes: part.bytes.slice(0, length), etag };
    this.#whole = part;
    return cut(part, offset, length);
  }

  async #refuseHuge(response: Response): Promise<void> {
    const length = Number(response.headers.get("content-length") ?? 0);
    if (length <= WHOLE_FILE_LIMIT) return;
    await response.body?.cancel();
    const megabytes = Math.round(length / 2 ** 20);
    throw new AtlasError({ kind: "no-ranges", file: fileName(this.url), megabytes });
  }

  async #body(response: Response, signal?: AbortSignal): Promise<ArrayBuffer> {
    try {
      return await response.arrayBuffer();
    } catch (error) {
      // a visitor who moved on has ended the request, not the network
      if (signal?.aborted) throw error;
      throw new AtlasError({ kind: "network", file: fileName(this.url) }, { cause: error });
    }
  }
}

/** Return some bytes of what was read, in a buffer of their own. */
export function cut(whole: Part, offset: number, length: number): Part {
  return { bytes: whole.bytes.slice(offset, offset + length), etag: whole.etag };
}

/**
 * A file of known size read in pages that are kept.
 *
 * Neighbouring pages that are missing are asked for in one request.
 */
export class PagedFile implements ByteSource {
  readonly #source: ByteSource;
  readonly #size: number;
  readonly #name: string;
  readonly #pageBytes: number;
  readonly #pages = new Map<number, Promise<Uint8Array>>();

  constructor(source: ByteSource, size: number, name: string, pageBytes = PAGE_BYTES) {
    this.#source = source;
    this.#size = size;
    this.#name = name;
    this.#pageBytes = pageBytes;
  }

  /** Return exactly `length` bytes from `offset`, in a buffer of their own. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    if (length === 0) return bytes;
    const first = Math.floor(offset / this.#pageBytes);
    const last = Math.floor((offset + length - 1) / this.#pageBytes);
    this.#fetchMissing(first, last);
    let filled = 0;
    for (const [i, page] of (await Promise.all(this.#held(first, last))).entries()) {
      const start = Math.max(0, offset - (first + i) * this.#pageBytes);
      const piece = page.subarray(start, start + length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
    }
    if (filled < length)
      throw new AtlasError({ kind: "broken", file: this.#name, what: "it ends too early" });
    return bytes;
  }

  #held(first: number, last: number): Promise<Uint8Array>[] {
    return Array.from(
      { length: last - first + 1 },
      (_, i) => this.#pages.get(first + i) ?? Promise.resolve(new Uint8Array()),
    );
  }

  #fetchMissing(first: number, last: number): void {
    for (let page = first; page <= last; page++) {
      if (this.#pages.has(page)) continue;
      let end = page;
      while (end < last && !this.#pages.has(end + 1)) end++;
      this.#fetchRun(page, end);
      page = end;
    }
  }

  #fetchRun(first: number, last: number): void {
    const start = first * this.#pageBytes;
    const end = Math.min((last + 1) * this.#pageBytes, this.#size);
    const run = this.#source.read(start, Math.max(0, end - start));
    for (let page = first; page <= last; page++) {
      const from = (page - first) * this.#pageBytes;
      const held = run.then((bytes) => bytes.subarray(from, from + this.#pageBytes));
      held.catch(() => this.#pages.delete(page));
      this.#pages.set(page, held);
    }
  }
}
