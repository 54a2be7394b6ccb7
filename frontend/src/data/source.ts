import type { Card, Dictionary } from "../schema";
import type { Rows, RowSet } from "../select/rows";
import type { Numbers } from "./blocks";
import type { Codes, NumberColumn } from "./columns";
import type { Finding } from "./findings";
import type { Rectangle, Run } from "./morton";
import type { ReadableAtlas } from "./open";
import type { OwnTiles } from "./owntiles";
import type { NamesOfZoom } from "./placenames";
import type { Centres, Places, Sprite } from "./points";
import type { ByteSource } from "./ranges";
import type { Raised } from "./representatives";
import type { TileSource } from "./tiles";
import type { ListedValue, ValueList } from "./values";

/** The columns of an atlas: what media are coloured, filtered, counted and found by. */
export interface ColumnSource {
  readonly atlas: ReadableAtlas;

  /** How many rows there are. */
  readonly n: number;

  /** The code of every row: 0 is no value, of several values it is that of the first. */
  codes(column: string): Promise<Codes>;

  /** The number of every row, NaN for none, and the range of all. */
  numbers(column: string): Promise<NumberColumn>;

  /** The values of a column: all, or the most frequent of very many. */
  values(column: string): Promise<ValueList>;

  /** Values from the first that is not before `begin` on, in the order of their bytes. */
  valuesFrom(column: string, begin: string, limit: number): Promise<ListedValue[]>;

  /** What a code stands for; empty for 0, which is no value. */
  valueText(column: string, code: number): Promise<string>;

  /** The rows that have a value; with code 0 those that have none. */
  rowsOf(column: string, code: number): Promise<Rows>;

  /** The rows of each value, entry i those of code i + 1; null where no lists are stored. */
  rowsOfEach(column: string): Promise<readonly Rows[] | null>;

  /** The rows that have any of some values. */
  rowsOfAny(column: string, codes: ReadonlySet<number>): Promise<RowSet>;

  /** Read ahead what every search begins with. */
  readySearch(): Promise<void>;

  /** What a text may mean, a slip forgiven, the likeliest first; empty without an index. */
  search(text: string, limit: number, signal?: AbortSignal): Promise<Finding[]>;

  /** The rows of what was found. */
  rowsOfFinding(finding: Finding): Promise<Rows>;
}

/**
 * Where media lie, by runs of places; for those who draw many of them.
 *
 * Places are consecutive in the order of the layout that is shown: rows, in the first one.
 */
export interface PlaceSource {
  readonly atlas: ReadableAtlas;

  /** Rows whose centres lie in a rectangle (pixels at the highest zoom), and some around it. */
  runsWithin(area: Rectangle): Promise<Run[]>;

  /** Centres of consecutive rows. */
  centres(rows: Run): Promise<Centres>;

  /** Centres and sizes of consecutive rows. */
  places(rows: Run): Promise<Places>;

  /** The row of each of consecutive places; null where places are rows, as in the first layout. */
  numbering(places: Run): Promise<Numbers | null>;

  /** First row of each tile of zoom `points.index_zoom` in Morton order, and n at the end. */
  index(): Promise<Numbers>;

  /** Read ahead what clicks and marks begin with: the index, and who is shown larger. */
  readyPlaces(): Promise<void>;

  /** Those that tiles of a zoom show larger than they are, from the bottom to the top. */
  raisedAt(tileZoom: number): Promise<readonly Raised[]>;
}

/** Everything the page asks of an atlas; a live server and a folder of files both are one. */
export interface DataSource extends ColumnSource, PlaceSource {
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

  /** The ids of the media of consecutive rows, read at once and not kept. */
  idsOf(rows: Run): Promise<string[]>;

  /** What a visitor reads about the medium of a row. */
  card(row: number): Promise<Card>;

  /** The distinct values of a column. */
  dictionary(column: string): Promise<Dictionary>;

  /** The rows of the media most similar to one, nearest first; empty if they are not known. */
  neighbours(row: number): Promise<number[]>;

  /** A file of the atlas, read by range; throws an AtlasError if it is on another host. */
  file(path: string): ByteSource;

  /** The names to write on the map at a zoom of it; null where there are none. */
  placeNames(zoom: number): Promise<NamesOfZoom | null>;

  /** The pyramid of one medium's own picture, which lies at a path of the atlas. */
  ownTiles(path: string): OwnTiles;

  /** The address of a file of the atlas; throws an AtlasError if it is on another host. */
  address(path: string): string;
}
