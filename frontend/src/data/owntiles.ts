import { TileType } from "pmtiles";

import type { Fetch } from "./requests";
import { Archive, type TileSource } from "./tiles";

const MEDIA_TYPES: Partial<Record<TileType, string>> = {
  [TileType.Jpeg]: "image/jpeg",
  [TileType.Png]: "image/png",
  [TileType.Webp]: "image/webp",
  [TileType.Avif]: "image/avif",
};

/** The pyramid of one medium's own picture: a PMTiles file that says itself what it holds. */
export class OwnTiles implements TileSource {
  readonly #archive: Archive;

  constructor(url: string, fetch: Fetch) {
    this.#archive = new Archive(url, fetch);
  }

  /** Return the highest zoom; throws an AtlasError if the file cannot be read. */
  async maxZoom(): Promise<number> {
    return (await this.#archive.header()).maxZoom;
  }

  async address(z: number, x: number, y: number, signal: AbortSignal): Promise<string | null> {
    const { tileType } = await this.#archive.header();
    const data = await this.#archive.tile(z, x, y, signal);
    return data && URL.createObjectURL(new Blob([data], { type: MEDIA_TYPES[tileType] ?? "" }));
  }

  release(address: string): void {
    URL.revokeObjectURL(address);
  }
}
