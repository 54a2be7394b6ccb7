import { EtagMismatch, type Header, PMTiles, type RangeResponse, type Source } from "pmtiles";

import type { Tiles } from "../schema";
import { AtlasError } from "./errors";
import { type Part, RangeFile, type RangeHost } from "./ranges";
import { endsTooEarly, type Fetch, fileName } from "./requests";
import { Together } from "./together";

/** Tiles kept in memory: those that somebody who moves to and fro comes back to. */
const TILES_KEPT = 512;

/** Gives the address of a tile's image. */
export interface TileSource {
  /** Return an address for an `<img>`, or null where the atlas has no tile. */
  address(z: number, x: number, y: number, signal: AbortSignal): Promise<string | null>;
  /** Let go of an address that is not needed any more. */
  release(address: string): void;
}

/** Whether a pyramid can have a tile: it is a square, quartered at each zoom. */
export function inPyramid(z: number, x: number, y: number): boolean {
  const across = 2 ** z;
  return x >= 0 && y >= 0 && x < across && y < across;
}

/** One file a tile. */
export class TileDirectory implements TileSource {
  readonly #template: string;

  /** `template` is an address with {z}, {x} and {y}. */
  constructor(template: string) {
    this.#template = template;
  }

  address(z: number, x: number, y: number): Promise<string> {
    const address = this.#template
      .replace("{z}", String(z))
      .replace("{x}", String(x))
      .replace("{y}", String(y));
    return Promise.resolve(address);
  }

  release(): void {
    // nothing is held
  }
}

/** All tiles in one PMTiles file. */
export class TileArchive implements TileSource {
  readonly #archive: Archive;
  readonly #mediaType: Tiles["media_type"];
  readonly #kept = new Map<string, Blob>();

  constructor(url: string, mediaType: Tiles["media_type"], fetch: Fetch, host?: RangeHost) {
    this.#archive = new Archive(url, fetch, host);
    this.#mediaType = mediaType;
  }

  async address(z: number, x: number, y: number, signal: AbortSignal): Promise<string | null> {
    const key = [z, x, y].join("/");
    const tile = this.#kept.get(key) ?? (await this.#read(z, x, y, signal));
    if (!tile) return null;
    this.#keep(key, tile);
    return URL.createObjectURL(tile);
  }

  async #read(z: number, x: number, y: number, signal: AbortSignal): Promise<Blob | null> {
    const data = await this.#archive.tile(z, x, y, signal);
    return data && new Blob([data], { type: this.#mediaType });
  }

  #keep(key: string, tile: Blob): void {
    this.#kept.delete(key);
    this.#kept.set(key, tile);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > TILES_KEPT && !oldest.done) this.#kept.delete(oldest.value);
  }

  release(address: string): void {
    URL.revokeObjectURL(address);
  }
}

/** A PMTiles file; what the library says of a broken one is put into our words. */
export class Archive {
  readonly #file: string;
  readonly #archive: PMTiles;

  constructor(url: string, fetch: Fetch, host?: RangeHost) {
    this.#file = fileName(url);
    this.#archive = new PMTiles(new ArchiveFile(url, fetch, host));
  }

  header(): Promise<Header> {
    return this.#read(() => this.#archive.getHeader());
  }

  /** Return the bytes of a tile, or null where there is none. */
  tile(z: number, x: number, y: number, signal: AbortSignal): Promise<ArrayBuffer | null> {
    return this.#read(async () => {
      return (await this.#archive.getZxy(z, x, y, signal))?.data ?? null;
    }, signal);
  }

  async #read<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof AtlasError || signal?.aborted) throw error;
      const what = "it is not a whole file of tiles";
      throw new AtlasError({ kind: "broken", file: this.#file, what }, { cause: error });
    }
  }
}

/**
 * Lets the PMTiles library read through Together.
 *
 * It begins with more than the header: what else it asks of that is not read again.
 */
class ArchiveFile implements Source {
  readonly #url: string;
  readonly #file: Together;
  #head: Part | null = null;

  constructor(url: string, fetch: Fetch, host?: RangeHost) {
    this.#url = url;
    this.#file = new Together(new RangeFile(url, fetch, host));
  }

  getKey(): string {
    return this.#url;
  }

  async getBytes(
    offset: number,
    length: number,
    signal?: AbortSignal,
    etag?: string,
  ): Promise<RangeResponse> {
    const part = this.#ofHead(offset, length) ?? (await this.#file.part(offset, length, signal));
    // the first read is of the header and whatever follows it; all others know what they ask for
    if (offset > 0 && part.bytes.length < length) throw endsTooEarly(this.#url);
    if (offset === 0) this.#head = part;
    if (etag && part.etag && part.etag !== etag) throw new EtagMismatch(part.etag);
    // a weak tag says nothing about single bytes
    const strong = part.etag && !part.etag.startsWith("W/") ? { etag: part.etag } : {};
    return { data: part.bytes.buffer, ...strong };
  }

  #ofHead(offset: number, length: number): Part | null {
    if (!this.#head || offset === 0 || offset + length > this.#head.bytes.length) return null;
    return { ...this.#head, bytes: this.#head.bytes.slice(offset, offset + length) };
  }
}
