import { Blocks } from "../../data/blocks";
import { AtlasError } from "../../data/errors";
import { HttpSource } from "../../data/http";
import { joinRuns, type Rectangle } from "../../data/morton";
import type { Sprite } from "../../data/points";
import type { Fetch } from "../../data/requests";
import { boundsOf, holds, type Region } from "./region";

/** A medium where it lies in the atlas. */
export interface Located extends Sprite {
  readonly id: string;
}

/** Block of the ids: their bytes, one row a medium. */
const IDS = "id";

/** The media of an atlas by where they lie. */
export class MapMedia {
  readonly source: HttpSource;
  readonly #ids: Blocks;
  readonly #idBytes: number;

  private constructor(source: HttpSource, ids: Blocks, idBytes: number) {
    this.source = source;
    this.#ids = ids;
    this.#idBytes = idBytes;
  }

  /** Read the atlas whose `atlas.json` is at an address; throws an AtlasError if there is none. */
  static async open(address: string, fetch: Fetch): Promise<MapMedia> {
    const source = await HttpSource.open(address, fetch);
    const { points, ids } = source.atlas;
    if (!points || !ids) throw new AtlasError({ kind: "absent", what: ["points", "ids"] });
    const blocks = new Blocks(points, source.file(points.path));
    return new MapMedia(source, blocks, ids.id_bytes);
  }

  /** Return the media whose centres lie in a region. */
  async inside(region: Region): Promise<Located[]> {
    if (region.length < 3) return [];
    const near = await this.source.within(boundsOf(region));
    return this.#named(near.filter((sprite) => holds(region, sprite)));
  }

  /** Return the media whose centres lie in a rectangle, and some around it. */
  async within(area: Rectangle): Promise<Located[]> {
    return this.#named(await this.source.within(area));
  }

  /** Return the id of a row. */
  async idOf(row: number): Promise<string | null> {
    const bytes = await this.#ids.read(IDS, { first: row, end: row + 1 });
    return bytes && hexadecimal(bytes);
  }

  async #named(sprites: readonly Sprite[]): Promise<Located[]> {
    const runs = joinRuns(sprites.map(({ row }) => ({ first: row, end: row + 1 })));
    const ids = new Map<number, string>();
    await Promise.all(
      runs.map(async ({ first, end }) => {
        const bytes = await this.#ids.read(IDS, { first, end });
        for (let row = first; bytes && row < end; row++) {
          const start = (row - first) * this.#idBytes;
          ids.set(row, hexadecimal(bytes.subarray(start, start + this.#idBytes)));
        }
      }),
    );
    return sprites.flatMap((sprite) => {
      const id = ids.get(sprite.row);
      return id === undefined ? [] : [{ ...sprite, id }];
    });
  }
}

function hexadecimal(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
