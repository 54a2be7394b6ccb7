import type { Layout, Mark, Marks } from "../schema";
import type { Numbers } from "./blocks";
import { AtlasError } from "./errors";
import { HttpSource } from "./http";
import type { Rectangle, Run } from "./morton";
import { type ReadableAtlas, readAtlas } from "./open";
import { type Centres, type Places, PointTable, type Sprite } from "./points";
import type { Raised } from "./representatives";
import { type Fetch, requestJson } from "./requests";
import type { PlaceSource } from "./source";

/** Stands for the row of a medium that a layout, or the atlas, does not have. */
export const NOWHERE = 0xffffffff;

/** Of atlases up to this size all places are read at once where many are wanted. */
const READ_WHOLE = 250_000;

/**
 * Where media lie in one layout.
 *
 * Runs are of places in the layout's own order; sprites have the rows of the atlas.
 */
export class Ground implements PlaceSource {
  readonly atlas: ReadableAtlas;
  readonly #points: PointTable;
  readonly #isFirst: boolean;

  /** `isFirst`: places are the rows of the atlas. */
  constructor(atlas: ReadableAtlas, points: PointTable, isFirst: boolean) {
    this.atlas = atlas;
    this.#points = points;
    this.#isFirst = isFirst;
  }

  async within(area: Rectangle): Promise<Sprite[]> {
    return this.#known(await this.#points.within(area));
  }

  /** Where the medium of a row lies; null if it is not in this layout. */
  async sprite(row: number): Promise<Sprite | null> {
    const place = await this.#placeOf(row);
    const sprite = place === null ? null : await this.#points.sprite(place);
    return sprite && { ...sprite, row };
  }

  /** True if all places may be read at once, so that many are found as quickly as one. */
  get isSmall(): boolean {
    return this.#points.n <= READ_WHOLE;
  }

  /** Where the media of some rows lie; null for those that are not in this layout. */
  async sprites(rows: readonly number[]): Promise<(Sprite | null)[]> {
    const names = ["x", "y", "w", "h", ...(this.#isFirst ? [] : ["at"])];
    const { blocks } = this.#points;
    if (this.isSmall) await Promise.all(names.map((name) => blocks.readAll(name)));
    return Promise.all(rows.map((row) => this.sprite(row)));
  }

  async representativeAt(x: number, y: number, tileZoom: number): Promise<Sprite | null> {
    const found = await this.#points.representatives.at(x, y, tileZoom);
    return found && ((await this.#known([found]))[0] ?? null);
  }

  async drawn(sprite: Sprite, tileZoom: number): Promise<Sprite> {
    const place = await this.#placeOf(sprite.row);
    const box = place === null ? null : await this.#points.representatives.of(place, tileZoom);
    return box ? { ...box, row: sprite.row } : sprite;
  }

  runsWithin(area: Rectangle): Promise<Run[]> {
    return this.#points.rowsWithin(area);
  }

  async centres(places: Run): Promise<Centres> {
    const [centres, rows] = await Promise.all([
      this.#points.centres(places),
      this.numbering(places),
    ]);
    return { ...centres, rows };
  }

  async places(places: Run): Promise<Places> {
    const [found, rows] = await Promise.all([this.#points.places(places), this.numbering(places)]);
    return { ...found, rows };
  }

  index(): Promise<Numbers> {
    return this.#points.index();
  }

  async readyPlaces(): Promise<void> {
    await Promise.all([this.index(), this.raisedAt(this.atlas.tiles.min_zoom)]);
  }

  async numbering(places: Run): Promise<Numbers | null> {
    return this.#isFirst ? null : this.#points.blocks.read("row", places);
  }

  async raisedAt(tileZoom: number): Promise<readonly Raised[]> {
    const raised = await this.#points.representatives.shownOn(tileZoom);
    if (this.#isFirst || raised.length === 0) return raised;
    const rows = await this.#points.blocks.readAll("row");
    return raised.map(({ rows: places, boxes }) => ({
      rows: Uint32Array.from(places, (place) => rows[place] ?? NOWHERE),
      boxes,
    }));
  }

  /** Turn places into rows; media that the atlas does not know are left out. */
  async #known(sprites: Sprite[]): Promise<Sprite[]> {
    if (this.#isFirst) return sprites;
    const rows = await Promise.all(
      sprites.map(({ row: at }) => this.numbering({ first: at, end: at + 1 })),
    );
    return sprites
      .map((sprite, i) => ({ ...sprite, row: rows[i]?.[0] ?? NOWHERE }))
      .filter(({ row }) => row !== NOWHERE);
  }

  async #placeOf(row: number): Promise<number | null> {
    if (this.#isFirst) return row;
    if (row < 0 || row >= this.#points.blocks.rows("at")) return null;
    const place = (await this.#points.blocks.read("at", { first: row, end: row + 1 }))?.[0];
    return place === undefined || place === NOWHERE ? null : place;
  }
}

/** An atlas with all its layouts, of which one is shown. */
export class LayoutSource extends HttpSource {
  /** What it says of the layout that is shown. */
  declare atlas: ReadableAtlas;
  readonly #first: ReadableAtlas;
  readonly #fetch: Fetch;
  readonly #grounds = new Map<string, Ground>();
  #here: Ground | null = null;
  #shown = "";

  constructor(atlas: ReadableAtlas, url: string, fetch: Fetch) {
    super(atlas, url, fetch);
    this.#first = atlas;
    this.#fetch = fetch;
  }

  static override async open(url: string, fetch: Fetch): Promise<LayoutSource> {
    const json = await requestJson(fetch, url, { cache: "no-cache" });
    return new LayoutSource(readAtlas(json), url, fetch);
  }

  /** Those that a visitor may choose among, the first one first. */
  get layouts(): readonly Layout[] {
    return this.#first.layouts ?? [];
  }

  /** What is to be said of the atlas with all its layouts, and how each was made. */
  get described(): ReadableAtlas {
    const further = this.layouts.flatMap(({ plane }) => plane?.steps ?? []);
    return { ...this.#first, steps: [...this.#first.steps, ...further] };
  }

  /** The name of the layout that is shown; empty for the first. */
  get shown(): string {
    return this.#shown;
  }

  /** The layout that is shown; null if the atlas tells of none. */
  get layout(): Layout | null {
    return this.layouts.find(({ name }) => name === this.#shown) ?? this.layouts[0] ?? null;
  }

  /** Return the name of a layout as `shown` has it; empty if there is none of this name. */
  known(name: string): string {
    return this.layouts.some((one) => one.name === name && one.plane) ? name : "";
  }

  /** Show a layout from now on; throws an AtlasError if parts of it are missing. */
  show(name: string): void {
    const shown = this.known(name);
    const ground = shown ? this.#groundOf(shown) : null;
    this.#here = ground;
    this.#shown = shown;
    this.atlas = ground?.atlas ?? this.#first;
  }

  /** What is written on the layout that is shown, in pixels at its highest zoom. */
  async marks(): Promise<readonly Mark[]> {
    const path = this.layout?.marks;
    if (!path) return [];
    const { marks } = (await requestJson(this.#fetch, this.address(path))) as Partial<Marks>;
    return Array.isArray(marks) ? marks : [];
  }

  /** Where media lie in a layout, whichever is shown. */
  ground(name: string): Ground | null {
    return this.#groundOf(this.known(name));
  }

  override async within(area: Rectangle): Promise<Sprite[]> {
    return this.#here ? this.#here.within(area) : super.within(area);
  }

  override async sprite(row: number): Promise<Sprite | null> {
    return this.#here ? this.#here.sprite(row) : super.sprite(row);
  }

  override async representativeAt(x: number, y: number, zoom: number): Promise<Sprite | null> {
    return this.#here
      ? this.#here.representativeAt(x, y, zoom)
      : super.representativeAt(x, y, zoom);
  }

  override async drawn(sprite: Sprite, tileZoom: number): Promise<Sprite> {
    return this.#here ? this.#here.drawn(sprite, tileZoom) : super.drawn(sprite, tileZoom);
  }

  override async runsWithin(area: Rectangle): Promise<Run[]> {
    return this.#here ? this.#here.runsWithin(area) : super.runsWithin(area);
  }

  override async centres(places: Run): Promise<Centres> {
    return this.#here ? this.#here.centres(places) : super.centres(places);
  }

  override async places(places: Run): Promise<Places> {
    return this.#here ? this.#here.places(places) : super.places(places);
  }

  override async index(): Promise<Numbers> {
    return this.#here ? this.#here.index() : super.index();
  }

  override async numbering(places: Run): Promise<Numbers | null> {
    return this.#here ? this.#here.numbering(places) : super.numbering(places);
  }

  override async raisedAt(tileZoom: number): Promise<readonly Raised[]> {
    return this.#here ? this.#here.raisedAt(tileZoom) : super.raisedAt(tileZoom);
  }

  #groundOf(name: string): Ground | null {
    const known = this.#grounds.get(name);
    if (known) return known;
    const made = name ? this.#plane(name) : this.table && new Ground(this.#first, this.table, true);
    if (made) this.#grounds.set(name, made);
    return made;
  }

  #plane(name: string): Ground {
    const plane = this.layouts.find((one) => one.name === name)?.plane;
    if (!plane) throw new AtlasError({ kind: "absent", what: [name] });
    const atlas: ReadableAtlas = {
      ...this.#first,
      ...plane,
      steps: [...this.#first.steps, ...plane.steps],
    };
    const file = this.file(plane.points.path);
    return new Ground(
      atlas,
      new PointTable(plane.points, plane.tiles, plane.sprite_px, file),
      false,
    );
  }
}
