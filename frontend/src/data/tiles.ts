import { EtagMismatch, PMTiles, type RangeResponse, type Source } from "pmtiles";

import type { Tiles } from "../schema";
import { RangeFile } from "./ranges";
import type { Fetch } from "./requests";

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
  readonly #archive: PMTiles;
  readonly #mediaType: Tiles["media_type"];

  constructor(url: string, mediaType: Tiles["media_type"], fetch: Fetch) {
    this.#archive = new PMTiles(new ArchiveFile(url, fetch));
    this.#mediaType = mediaType;
  }

  async address(z: number, x: number, y: number, signal: AbortSignal): Promise<string | null> {
    const tile = await this.#archive.getZxy(z, x, y, signal);
    if (!tile) return null;
    return URL.createObjectURL(new Blob([tile.data], { type: this.#mediaType }));
  }

  release(address: string): void {
    URL.revokeObjectURL(address);
  }
}

/** Lets the PMTiles library read through RangeFile. */
class ArchiveFile implements Source {
  readonly #file: RangeFile;

  constructor(url: string, fetch: Fetch) {
    this.#file = new RangeFile(url, fetch);
  }

  getKey(): string {
    return this.#file.url;
  }

  async getBytes(
    offset: number,
    length: number,
    signal?: AbortSignal,
    etag?: string,
  ): Promise<RangeResponse> {
    const part = await this.#file.part(offset, length, signal);
    if (etag && part.etag && part.etag !== etag) throw new EtagMismatch(part.etag);
    // a weak tag says nothing about single bytes
    const strong = part.etag && !part.etag.startsWith("W/") ? { etag: part.etag } : {};
    return { data: part.bytes.buffer, ...strong };
  }
}
