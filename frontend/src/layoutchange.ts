import { scaleAt, ZOOM_SNAP } from "./atlas/crs";
import type { AtlasMap } from "./atlas/map";
import { type Box, type Mover, Passage } from "./atlas/passage";
import { spread } from "./atlas/spread";
import { tileZoom } from "./atlas/tiles";
import { AtlasError } from "./data/errors";
import type { LayoutSource } from "./data/layouts";
import type { Rectangle } from "./data/morton";
import type { Sprite } from "./data/points";
import type { View } from "./place";
import type { Store } from "./store";

/** No more pictures than these go from place to place. */
const MOST_MOVERS = 1_500;

/** Of atlases that are too large to be read whole so many: each costs up to five small requests. */
const FEW_MOVERS = 24;

/** Of more sprites than these in the window only the raised ones are looked up. */
const MOST_SEEN = 20_000;

/** Sprites smaller than this on the screen do not go from place to place. */
const LEAST_PX = 2;

/** How a plane lies on the screen. */
interface Screen {
  readonly view: View;
  /** Pixels of the screen across one of the plane. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** Shows another layout: the medium that is looked at stays in view, pictures go to their places. */
export class LayoutChange {
  readonly #source: LayoutSource;
  readonly #store: Store;
  readonly #map: AtlasMap;
  readonly #attempt: <T>(work: () => Promise<T>) => Promise<T | null>;
  #wish = 0;
  #passage: Passage | null = null;

  /** `attempt` runs what may fail for want of a file, and says so. */
  constructor(
    source: LayoutSource,
    store: Store,
    map: AtlasMap,
    attempt: <T>(work: () => Promise<T>) => Promise<T | null>,
  ) {
    this.#source = source;
    this.#store = store;
    this.#map = map;
    this.#attempt = attempt;
  }

  /** Show a layout as a visitor chose it; true if it is shown then. */
  async choose(name: string): Promise<boolean> {
    const wish = ++this.#wish;
    const view = await this.#attempt(() => this.#viewOn(name));
    if (wish !== this.#wish) return false;
    return this.go(name, view);
  }

  /** Show a layout at once, at a view or whole; true if it is shown then. */
  go(name: string, view: View | null): boolean {
    this.#wish++;
    this.#passage?.end();
    const { background } = this.#source.atlas.tiles;
    const passage = (this.#passage = Passage.hold(this.#map.leaflet, background));
    const held = passage && { screen: this.#screen(), seen: this.#seen() };
    try {
      this.#source.show(name);
    } catch (error) {
      passage?.end();
      if (!(error instanceof AtlasError)) throw error;
      this.#store.notice(error.trouble);
      return false;
    }
    const settled = this.#map.change(view);
    this.#store.set({ layout: this.#source.shown, marked: null });
    void this.#attempt(() => this.#mark());
    if (passage && held)
      void this.#attempt(async () => {
        // pictures that cannot be placed stay away: the map below is what counts
        const movers = await held.seen
          .then((seen) => this.#movers(seen, held.screen))
          .catch(() => []);
        await passage.play(movers, settled);
      });
    return true;
  }

  /** Frame the medium whose card is open, where it lies now. */
  async #mark(): Promise<void> {
    const { selection } = this.#store.state;
    if (selection?.status !== "open") return;
    const name = this.#source.shown;
    const marked = await this.#source.sprite(selection.row);
    const now = this.#store.state.selection;
    if (now === selection && this.#source.shown === name) this.#store.set({ marked });
  }

  /** Where to look on another layout, so that one medium stays where it is; null for all of it. */
  async #viewOn(name: string): Promise<View | null> {
    const from = this.#screen();
    const ground = this.#source.ground(name);
    const still = ground && (await this.#stillMedium());
    const goal = still && (await ground.sprite(still.row));
    if (!goal) return null;
    const { max_zoom, tile_px } = ground.atlas.tiles;
    const wanted = max_zoom + Math.log2((from.scale * still.w) / goal.w);
    const zoom = Math.min(Math.round(wanted / ZOOM_SNAP) * ZOOM_SNAP, max_zoom + 1);
    const [x, y] = [from.view.x - still.x, from.view.y - still.y];
    const scale = from.scale / scaleAt(zoom, max_zoom, tile_px);
    return { zoom, x: goal.x + x * scale, y: goal.y + y * scale };
  }

  /** The medium of the card if it is in sight, or that in the middle; null if all is in sight. */
  async #stillMedium(): Promise<Sprite | null> {
    if (this.#map.showsAll) return null;
    const sight = this.#map.sight;
    const { marked } = this.#store.state;
    if (marked && isIn(sight, marked.x, marked.y)) return marked;
    const middle = this.#map.view;
    const around = [1, 4, 16].map((reach) => reach * this.#source.atlas.sprite_px);
    for (const reach of around) {
      const area = {
        ...{ left: middle.x - reach, right: middle.x + reach },
        ...{ top: middle.y - reach, bottom: middle.y + reach },
      };
      const near = await this.#source.within(area);
      const nearest = near.reduce<Sprite | null>(
        (best, one) => (best && away(best, middle) <= away(one, middle) ? best : one),
        null,
      );
      if (nearest) return nearest;
    }
    return null;
  }

  /** The sprites in the window as they are drawn; what is asked for is of the layout shown now. */
  async #seen(): Promise<Sprite[]> {
    const { tiles, sprite_px, width, height, n_media } = this.#source.atlas;
    const { sight, view, scale } = this.#map;
    const zoom = tileZoom(view.zoom, tiles);
    const share = ((sight.right - sight.left) * (sight.bottom - sight.top)) / (width * height);
    const readable = sprite_px * scale >= LEAST_PX;
    const few = n_media * Math.min(share, 1) <= MOST_SEEN;
    // both are begun before another layout is shown
    const [layers, plain] = await Promise.all([
      this.#source.raisedAt(zoom),
      readable && few ? this.#source.within(sight) : Promise.resolve([]),
    ]);
    const seen = new Map<number, Sprite>();
    for (const sprite of plain) if (isIn(sight, sprite.x, sprite.y)) seen.set(sprite.row, sprite);
    for (const { rows, boxes } of layers)
      for (let i = 0; i < rows.length; i++) {
        const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(4 * i, 4 * i + 4);
        const sprite = { row: rows[i] ?? 0, x: x + w / 2, y: y + h / 2, w, h };
        if (!isIn(sight, sprite.x, sprite.y)) continue;
        seen.delete(sprite.row); // those on top are drawn last
        seen.set(sprite.row, sprite);
      }
    return [...seen.values()];
  }

  /** Where sprites go; of too many some, all over the window. */
  async #movers(seen: readonly Sprite[], from: Screen): Promise<Mover[]> {
    const ground = this.#source.ground(this.#source.shown);
    if (!ground) return [];
    const chosen = spread(seen, ground.isSmall ? MOST_MOVERS : FEW_MOVERS);
    const rows = chosen.map(({ row }) => row);
    const to = this.#screen();
    const zoom = tileZoom(to.view.zoom, ground.atlas.tiles);
    const found = await ground.sprites(rows);
    const drawn = await Promise.all(
      found.map((one) => (one ? ground.drawn(one, zoom) : Promise.resolve(null))),
    );
    return chosen.map((sprite, i) => {
      const goal = drawn[i];
      return { from: boxOn(from, sprite), to: goal ? boxOn(to, goal) : null };
    });
  }

  #screen(): Screen {
    const { x, y } = this.#map.leaflet.getSize();
    return { view: this.#map.view, scale: this.#map.scale, width: x, height: y };
  }
}

/** Where a sprite lies on the screen. */
function boxOn({ view, scale, width, height }: Screen, { x, y, w, h }: Sprite): Box {
  const [left, top] = [x - w / 2 - view.x, y - h / 2 - view.y];
  return [left * scale + width / 2, top * scale + height / 2, w * scale, h * scale];
}

function isIn({ left, top, right, bottom }: Rectangle, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function away(sprite: Sprite, middle: View): number {
  return Math.hypot(sprite.x - middle.x, sprite.y - middle.y);
}
