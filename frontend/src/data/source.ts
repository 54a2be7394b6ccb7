import type { Card, Dictionary } from "../schema";
import type { Rectangle } from "./morton";
import type { ReadableAtlas } from "./open";
import type { Sprite } from "./points";
import type { TileSource } from "./tiles";

/** Everything the page asks of an atlas; a live server and a folder of files both are one. */
export interface DataSource {
  readonly atlas: ReadableAtlas;

  /** Parts that the atlas lacks or that cannot be read, such as `points`; empty if it is whole. */
  readonly absent: readonly string[];

  /** The pyramid at 1x, or with twice the pixels a tile; null if there is none. */
  tiles(retina: boolean): TileSource | null;

  /** Media whose centres lie in a rectangle (pixels at the highest zoom), and some around it. */
  within(area: Rectangle): Promise<Sprite[]>;

  /** Where the medium of a row lies; null if that is not known. */
  sprite(row: number): Promise<Sprite | null>;

  /** The medium that tiles of a zoom show larger than it is at a point, as it is drawn, or null. */
  representativeAt(x: number, y: number, tileZoom: number): Promise<Sprite | null>;

  /** The place and size in which tiles of a zoom show a medium. */
  drawn(sprite: Sprite, tileZoom: number): Promise<Sprite>;

  /** The row of a medium; throws an AtlasError if no medium has this id. */
  rowOf(id: string): Promise<number>;

  /** What a visitor reads about the medium of a row. */
  card(row: number): Promise<Card>;

  /** The distinct values of a column. */
  dictionary(column: string): Promise<Dictionary>;

  /** The address of a file of the atlas; throws an AtlasError if it is on another host. */
  address(path: string): string;
}
