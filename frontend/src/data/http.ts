import type { Card, Dictionary } from "../schema";
import { CardReader } from "./cards";
import { AtlasError } from "./errors";
import { findRow } from "./ids";
import type { Rectangle } from "./morton";
import { type ReadableAtlas, readAtlas } from "./open";
import { PointTable, type Sprite } from "./points";
import { type ByteSource, PagedFile, RangeFile } from "./ranges";
import { type Fetch, fileName, requestJson } from "./requests";
import type { DataSource } from "./source";
import { TileArchive, TileDirectory, type TileSource } from "./tiles";

/** An atlas read over HTTP, from a server or from any static host. */
export class HttpSource implements DataSource {
  readonly atlas: ReadableAtlas;
  readonly absent: readonly string[];
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #points: PointTable | null;
  readonly #ids: ByteSource | null;
  readonly #cards: CardReader | null;

  private constructor(atlas: ReadableAtlas, url: string, fetch: Fetch) {
    this.atlas = atlas;
    this.#url = url;
    this.#fetch = fetch;
    const absent: string[] = [];
    this.#points = this.#openPoints(absent);
    const { ids, cards } = atlas;
    const idFile = ids && new RangeFile(this.address(ids.path), fetch);
    this.#ids = ids && idFile && new PagedFile(idFile, ids.n * ids.entry_bytes, ids.path);
    if (!ids) absent.push("ids");
    this.#cards = cards && new CardReader(cards, (path) => this.#json(path));
    if (!cards) absent.push("cards");
    this.absent = absent;
  }

  /** Read `atlas.json` at `url`; the other files are read when they are needed. */
  static async open(url: string, fetch: Fetch): Promise<HttpSource> {
    const json = await requestJson(fetch, url, { cache: "no-cache" });
    return new HttpSource(readAtlas(json), url, fetch);
  }

  tiles(retina: boolean): TileSource | null {
    const { tiles } = this.atlas;
    const path = retina ? tiles.retina_path : tiles.path;
    if (!path) return null;
    if (tiles.container === "pmtiles")
      return new TileArchive(this.address(path), tiles.media_type, this.#fetch);
    return new TileDirectory(this.#template(path));
  }

  async within(area: Rectangle): Promise<Sprite[]> {
    return (await this.#points?.within(area)) ?? [];
  }

  async sprite(row: number): Promise<Sprite | null> {
    return (await this.#points?.sprite(row)) ?? null;
  }

  async representativeAt(x: number, y: number, tileZoom: number): Promise<Sprite | null> {
    return (await this.#points?.representatives.at(x, y, tileZoom)) ?? null;
  }

  async drawn(sprite: Sprite, tileZoom: number): Promise<Sprite> {
    return (await this.#points?.representatives.of(sprite.row, tileZoom)) ?? sprite;
  }

  async rowOf(id: string): Promise<number> {
    const { ids } = this.atlas;
    if (!ids || !this.#ids) throw new AtlasError({ kind: "absent", what: ["ids"] });
    const row = await findRow(ids, this.#ids, id);
    if (row === null) throw new AtlasError({ kind: "unknown-id", id });
    return row;
  }

  async card(row: number): Promise<Card> {
    if (!this.#cards) throw new AtlasError({ kind: "absent", what: ["cards"] });
    return this.#cards.card(row);
  }

  async dictionary(column: string): Promise<Dictionary> {
    const reference = this.atlas.dictionaries.find((d) => d.column === column);
    if (!reference?.path) throw new AtlasError({ kind: "absent", what: [column] });
    return (await this.#json(reference.path)) as Dictionary;
  }

  address(path: string): string {
    const url = new URL(path, this.#url);
    if (url.origin !== new URL(this.#url).origin)
      throw new AtlasError({ kind: "elsewhere", file: fileName(url.href) });
    return url.href;
  }

  /** Resolve a template; URL would write its braces as %7B and %7D. */
  #template(path: string): string {
    return this.address(path).replaceAll("%7B", "{").replaceAll("%7D", "}");
  }

  #json(path: string): Promise<unknown> {
    return requestJson(this.#fetch, this.address(path));
  }

  #openPoints(absent: string[]): PointTable | null {
    const { points, tiles, sprite_px } = this.atlas;
    if (!points) {
      absent.push("points");
      return null;
    }
    try {
      const file = new RangeFile(this.address(points.path), this.#fetch);
      return new PointTable(points, tiles, sprite_px, file);
    } catch (error) {
      if (!(error instanceof AtlasError) || error.trouble.kind !== "absent") throw error;
      absent.push(...error.trouble.what.map((block) => `points.${block}`));
      return null;
    }
  }
}
