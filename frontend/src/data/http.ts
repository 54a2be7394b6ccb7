import type { Card, Dictionary } from "../schema";
import type { Rows, RowSet } from "../select/rows";
import type { Numbers } from "./blocks";
import { CardReader } from "./cards";
import { type Codes, ColumnTable, type NumberColumn } from "./columns";
import { AtlasError } from "./errors";
import type { Finding } from "./findings";
import { findRow, idTexts } from "./ids";
import type { Rectangle, Run } from "./morton";
import { NeighbourTable } from "./neighbours";
import { type ReadableAtlas, readAtlas } from "./open";
import { OwnTiles } from "./owntiles";
import { type NamesOfZoom, PlaceNameReader } from "./placenames";
import { type Centres, type Places, PointTable, type Sprite } from "./points";
import { type ByteSource, PagedFile, RangeFile, type RangeHost } from "./ranges";
import type { Raised } from "./representatives";
import { type Fetch, fileName, requestJson } from "./requests";
import { Searcher } from "./search";
import type { DataSource } from "./source";
import { TileArchive, TileDirectory, type TileSource } from "./tiles";
import { Together } from "./together";
import type { ListedValue, ValueList } from "./values";

/** An atlas read over HTTP, from a server or from any static host. */
export class HttpSource implements DataSource {
  readonly atlas: ReadableAtlas;
  readonly absent: readonly string[];
  readonly #url: string;
  readonly #fetch: Fetch;
  readonly #host: RangeHost = { ranged: false };
  readonly #points: PointTable | null;
  readonly #ids: ByteSource | null;
  readonly #cards: CardReader | null;
  readonly #columns: ColumnTable;
  readonly #searcher: Searcher | null;
  readonly #neighbours: NeighbourTable | null;
  readonly #names: PlaceNameReader;

  protected constructor(atlas: ReadableAtlas, url: string, fetch: Fetch) {
    this.atlas = atlas;
    this.#url = url;
    this.#fetch = fetch;
    const absent: string[] = [];
    this.#points = this.#openPoints(absent);
    const { ids, cards } = atlas;
    const open = (path: string): ByteSource => this.file(path);
    const idFile = ids && open(ids.path);
    this.#ids = ids && idFile && new PagedFile(idFile, ids.n * ids.entry_bytes, ids.path);
    if (!ids) absent.push("ids");
    this.#cards = cards && new CardReader(cards, (path) => this.#json(path));
    if (!cards) absent.push("cards");
    this.absent = absent;
    const json = (path: string): Promise<unknown> => this.#json(path);
    this.#columns = new ColumnTable(atlas, this.#points?.blocks ?? null, open, json);
    this.#names = new PlaceNameReader(atlas.names, json);
    const { search, neighbours } = atlas;
    this.#searcher = search ? new Searcher(search, this.#columns, open) : null;
    this.#neighbours = neighbours
      ? new NeighbourTable(neighbours, this.n, open(neighbours.path))
      : null;
  }

  /** Where media lie, in the order of the rows; null if that is not known. */
  protected get table(): PointTable | null {
    return this.#points;
  }

  get n(): number {
    return this.#columns.n;
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
      return new TileArchive(this.address(path), tiles.media_type, this.#fetch, this.#host);
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

  dictionary(column: string): Promise<Dictionary> {
    return this.#columns.reader(column).all();
  }

  codes(column: string): Promise<Codes> {
    return this.#columns.codes(column);
  }

  numbers(column: string): Promise<NumberColumn> {
    return this.#columns.numbers(column);
  }

  async values(column: string): Promise<ValueList> {
    return this.#columns.reader(column).list();
  }

  async valuesFrom(column: string, begin: string, limit: number): Promise<ListedValue[]> {
    return this.#columns.reader(column).from(begin, limit);
  }

  async valueText(column: string, code: number): Promise<string> {
    return this.#columns.reader(column).text(code);
  }

  rowsOf(column: string, code: number): Promise<Rows> {
    return this.#columns.rowsOf(column, code);
  }

  async rowsOfEach(column: string): Promise<readonly Rows[] | null> {
    return this.#columns.reader(column).allRows();
  }

  rowsOfAny(column: string, codes: ReadonlySet<number>): Promise<RowSet> {
    return this.#columns.rowsOfAny(column, codes);
  }

  async readySearch(): Promise<void> {
    await this.#searcher?.ready();
  }

  async search(text: string, limit: number, signal?: AbortSignal): Promise<Finding[]> {
    return (await this.#searcher?.find(text, limit, signal)) ?? [];
  }

  async rowsOfFinding(finding: Finding): Promise<Rows> {
    if (finding.kind === "value") return this.rowsOf(finding.column, finding.code);
    if (!this.#searcher) throw new AtlasError({ kind: "absent", what: ["search"] });
    return this.#searcher.rowsOf(finding);
  }

  async neighbours(row: number): Promise<number[]> {
    return (await this.#neighbours?.of(row)) ?? [];
  }

  async runsWithin(area: Rectangle): Promise<Run[]> {
    return (await this.#points?.rowsWithin(area)) ?? [];
  }

  async centres(rows: Run): Promise<Centres> {
    if (!this.#points) throw new AtlasError({ kind: "absent", what: ["points"] });
    return this.#points.centres(rows);
  }

  async places(rows: Run): Promise<Places> {
    if (!this.#points) throw new AtlasError({ kind: "absent", what: ["points"] });
    return this.#points.places(rows);
  }

  async index(): Promise<Numbers> {
    return (await this.#points?.index()) ?? new Uint32Array();
  }

  async readyPlaces(): Promise<void> {
    await Promise.all([this.index(), this.raisedAt(this.atlas.tiles.min_zoom)]);
  }

  numbering(places: Run): Promise<Numbers | null> {
    // without positions there are no places, and none of them has a row
    return Promise.resolve(this.#points ? null : new Uint32Array(places.end - places.first));
  }

  async raisedAt(tileZoom: number): Promise<readonly Raised[]> {
    return (await this.#points?.representatives.shownOn(tileZoom)) ?? [];
  }

  file(path: string): ByteSource {
    return new Together(new RangeFile(this.address(path), this.#fetch, this.#host));
  }

  async idsOf(rows: Run): Promise<string[]> {
    if (!this.#points) throw new AtlasError({ kind: "absent", what: ["points"] });
    return idTexts(await this.#points.blocks.once("id", rows), rows.end - rows.first);
  }

  placeNames(zoom: number): Promise<NamesOfZoom | null> {
    return this.#names.at(zoom);
  }

  ownTiles(path: string): OwnTiles {
    return new OwnTiles(this.address(path), this.#fetch);
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
      return new PointTable(points, tiles, sprite_px, this.file(points.path));
    } catch (error) {
      if (!(error instanceof AtlasError) || error.trouble.kind !== "absent") throw error;
      absent.push(...error.trouble.what.map((block) => `points.${block}`));
      return null;
    }
  }
}
