import "leaflet/dist/leaflet.css";
import "./map.css";

import * as L from "leaflet";

import type { Rectangle } from "../data/morton";
import type { Sprite } from "../data/points";
import type { DataSource } from "../data/source";
import type { View } from "../place";
import type { Tiles } from "../schema";
import { bounds, latLng, tiledPlane, viewOf, ZOOM_SNAP } from "./crs";
import { Finder } from "./finder";
import { Frame } from "./frame";
import type { ScreenBox } from "./markplaces";
import { Leash } from "./leash";
import { Pointer } from "./pointer";
import { PyramidLayer, tileZoom } from "./tiles";

/** Space around the whole atlas, or around a sprite brought into sight, on the screen. */
const AIR_PX = 28;

/** A fling no faster than this ends before it has left the atlas far behind. */
const FLING_PX_PER_S = 2000;

/** A sprite that is opened by its address is shown about this large on the screen. */
const SHOWN_PX = 160;

/** How the map moves; `reset` makes all that lies on it find its place anew. */
type Move = L.ZoomPanOptions & { reset?: boolean };

/** Pixels of the window that panels cover at each side of the map. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left?: number;
}

/** Beside panels that leave less than this of the window's width, the left one is not heeded. */
const LEAST_FREE_PX = 320;

/** What the map tells the page. */
export interface MapEvents {
  /** The first tiles are shown. */
  readonly ready: () => void;
  /** The view has changed. */
  readonly moved: () => void;
  readonly chosen: (sprite: Sprite | null) => void;
  readonly failed: (error: unknown) => void;
  /** The name of a sprite, for the tooltip. */
  readonly name: (sprite: Sprite) => Promise<HTMLElement | null>;
}

/** The atlas as a map: pictures to move and zoom, sprites to choose. */
export class AtlasMap {
  readonly #map: L.Map;
  readonly #source: DataSource;
  readonly #insets: () => Insets;
  readonly #events: MapEvents;
  readonly #chosen: Frame;
  readonly #over: Frame;
  readonly #tip = L.tooltip({ className: "name-tip", direction: "top", opacity: 1 });
  #underPointer: Sprite | null = null;
  #pyramid: PyramidLayer[] = [];

  constructor(container: HTMLElement, source: DataSource, insets: () => Insets, events: MapEvents) {
    const { tiles } = source.atlas;
    this.#source = source;
    this.#insets = insets;
    this.#map = L.map(container, mapOptions(tiles));
    container.style.backgroundColor = tiles.background;
    const frame = (name: string): Frame =>
      new Frame(
        this.#map,
        () => this.#maxZoom,
        name,
        (sprite) => this.#drawn(sprite),
      );
    this.#over = frame("frame-over");
    this.#chosen = frame("frame-chosen");
    this.#events = events;
    this.#listen(new Finder(this.#map, source), events);
    void this.#addTiles();
  }

  /** The map itself, for those who draw on it or take its gestures over. */
  get leaflet(): L.Map {
    return this.#map;
  }

  /** What is in the window now. */
  get view(): View {
    // fingers may pull it past the last zoom for a moment
    const zoom = Math.min(this.#map.getZoom(), this.#map.getMaxZoom());
    return viewOf(this.#map.getCenter(), zoom);
  }

  /** The part of the atlas that is in the window; nothing before the map is shown anywhere. */
  get sight(): Rectangle {
    const zoom = this.#map.getZoom() as number | undefined;
    if (zoom === undefined) return { left: 0, top: 0, right: 0, bottom: 0 };
    const box = this.#map.getBounds();
    const [top, left] = [box.getSouth(), box.getWest()];
    return { left, top, right: box.getEast(), bottom: box.getNorth() };
  }

  /** The part of the window, in pixels, that no panel covers. */
  get free(): ScreenBox {
    const { left, top, width, height } = this.#free();
    return { left, top, right: left + width, bottom: top + height };
  }

  /** Pixels of the screen, across one pixel of the highest zoom. */
  get scale(): number {
    return this.#map.getZoomScale(this.#map.getZoom(), this.#maxZoom);
  }

  /** Pixels, at the highest zoom, across the window. */
  get span(): number {
    const { x, y } = this.#map.getSize();
    return Math.max(x, y) / this.scale;
  }

  /** Go to a view at once. */
  go(view: View): void {
    this.#map.stop();
    this.#map.setView(latLng(view.x, view.y), view.zoom, { animate: false });
  }

  /**
   * Show the layout that the source shows now, whose plane is another one: at a view, or whole.
   *
   * The promise resolves when its tiles are there.
   */
  change(view: View | null): Promise<void> {
    const { tiles } = this.#source.atlas;
    for (const layer of this.#pyramid) layer.remove();
    this.#pointAt(null);
    this.#map.stop();
    Object.assign(this.#map.options, planeOptions(tiles));
    const anew: Move = { animate: false, reset: true };
    if (view) this.#map.setView(latLng(view.x, view.y), view.zoom, anew);
    else this.fit(false, true);
    return this.#addTiles();
  }

  /** Show the whole atlas beside what the panels cover. */
  fit(animate: boolean, reset = false): void {
    const { left, top, width, height } = this.#source.atlas;
    this.#centre(left + width / 2, top + height / 2, this.#wholeZoom, { animate, reset });
  }

  /** True if the view is no nearer than that of the whole atlas. */
  get showsAll(): boolean {
    return this.#map.getZoom() <= this.#wholeZoom;
  }

  get #wholeZoom(): number {
    const { width, height } = this.#source.atlas;
    const free = this.#free();
    const zoom =
      this.#maxZoom +
      Math.log2(Math.min((free.width - 2 * AIR_PX) / width, (free.height - 2 * AIR_PX) / height));
    return Math.floor(Math.min(zoom, this.#maxZoom) / ZOOM_SNAP) * ZOOM_SNAP;
  }

  /** Move to a sprite, close enough to see it, but never further away than now. */
  goTo(sprite: Sprite): void {
    const side = Math.max(sprite.w, sprite.h, 1);
    const wanted = this.#maxZoom + Math.log2(SHOWN_PX / side);
    const snapped = Math.floor(Math.min(wanted, this.#maxZoom) / ZOOM_SNAP) * ZOOM_SNAP;
    this.#centre(sprite.x, sprite.y, Math.max(snapped, this.#map.getZoom()), { animate: false });
  }

  /** Show a point in the middle, at another zoom. */
  nearer(x: number, y: number, zoom: number): void {
    this.#centre(x, y, zoom, { animate: true });
  }

  /** True if a sprite lies in the part of the window that no panel covers. */
  sees(sprite: Sprite): boolean {
    return this.#shift(sprite, 0).equals(L.point(0, 0));
  }

  /** Move just so far that no panel covers a sprite. */
  async bringIntoSight(sprite: Sprite, animate: boolean): Promise<void> {
    const shift = this.#shift(await this.#drawn(sprite), AIR_PX);
    if (!shift.equals(L.point(0, 0))) this.#map.panBy(shift, { animate });
  }

  /** Frame a sprite as the one whose card is open, or none. */
  mark(sprite: Sprite | null): void {
    this.#chosen.show(sprite);
  }

  /** Zoom by whole steps around the middle of what is seen. */
  zoom(steps: 1 | -1): void {
    const now = this.#map.getZoom();
    const wanted = steps > 0 ? Math.floor(now + 1) : Math.ceil(now - 1);
    const next = Math.min(Math.max(wanted, this.#map.getMinZoom()), this.#map.getMaxZoom());
    if (next === now) return;
    const free = this.#free();
    const middle = L.point(free.left + free.width / 2, free.top + free.height / 2);
    this.#map.setZoomAround(middle, next);
  }

  /** Give the keyboard to the map. */
  focus(): void {
    this.#map.getContainer().focus({ preventScroll: true });
  }

  get #maxZoom(): number {
    return this.#source.atlas.tiles.max_zoom;
  }

  /** A sprite as the tiles now show it; in its own size if that is not known. */
  async #drawn(sprite: Sprite): Promise<Sprite> {
    const { tiles } = this.#source.atlas;
    return this.#source.drawn(sprite, tileZoom(this.#map.getZoom(), tiles)).catch(() => sprite);
  }

  #addTiles(): Promise<void> {
    const { tiles } = this.#source.atlas;
    const events = this.#events;
    const [normal, retina] = [this.#source.tiles(false), this.#source.tiles(true)];
    const sharp = L.Browser.retina ? (retina ?? normal) : normal;
    if (!sharp) return Promise.resolve();
    const options = {
      tileSize: tiles.tile_px,
      minZoom: tiles.min_zoom,
      maxZoom: tiles.max_zoom + 1,
      maxNativeZoom: tiles.max_zoom,
      bounds: this.#area(this.#source.atlas.sprite_px),
    };
    const layers = [new PyramidLayer(sharp, options)];
    // one zoom further than there are tiles: those with twice the pixels fit exactly
    if (retina && sharp !== retina)
      layers.push(new PyramidLayer(retina, { ...options, minZoom: options.maxZoom }));
    for (const layer of layers) {
      layer.once("load", events.ready);
      layer.on("tileerror", (event: L.TileErrorEvent) => {
        events.failed(event.error);
      });
      layer.addTo(this.#map);
    }
    this.#pyramid = layers;
    return new Promise((resolve) => {
      for (const layer of layers)
        layer.once("load remove", () => {
          resolve();
        });
    });
  }

  /** The laid-out area and some space around it. */
  #area(margin: number): L.LatLngBounds {
    const { left, top, width, height } = this.#source.atlas;
    const [w, h] = [width + 2 * margin, height + 2 * margin];
    return bounds({ x: left + width / 2, y: top + height / 2, w, h });
  }

  #listen(finder: Finder, events: MapEvents): void {
    new Leash(this.#map, () => this.#area(0));
    this.#map.on("moveend", events.moved);
    this.#map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Home") this.fit(true);
    });
    new Pointer(this.#map, finder, {
      chosen: events.chosen,
      failed: events.failed,
      over: (sprite) => {
        this.#pointAt(sprite);
      },
      rests: (sprite) => {
        void this.#showName(sprite, events);
      },
    });
  }

  #pointAt(sprite: Sprite | null): void {
    this.#underPointer = sprite;
    this.#over.show(sprite);
    this.#map.getContainer().classList.toggle("over-sprite", sprite !== null);
    this.#tip.remove();
  }

  async #showName(sprite: Sprite, events: MapEvents): Promise<void> {
    const [name, { x, y, h }] = await Promise.all([events.name(sprite), this.#drawn(sprite)]);
    if (!name || this.#underPointer !== sprite) return;
    const top = latLng(x, y - h / 2);
    this.#tip.setLatLng(top).setContent(name).addTo(this.#map);
  }

  /** The part of the window that no panel covers. */
  #free(): { left: number; top: number; width: number; height: number } {
    const { top, right, bottom, left: covered = 0 } = this.#insets();
    const { x, y } = this.#map.getSize();
    const left = x - right - covered < LEAST_FREE_PX ? 0 : covered;
    const [width, height] = [x - left - right, y - top - bottom];
    return { left, top, width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  /** Show a point in the middle of the part that no panel covers. */
  #centre(x: number, y: number, zoom: number, how: Move): void {
    const free = this.#free();
    const middle = L.point(free.left + free.width / 2, free.top + free.height / 2);
    const offset = this.#map.getSize().divideBy(2).subtract(middle);
    const centre = this.#map.project(latLng(x, y), zoom).add(offset);
    this.#map.stop();
    this.#map.setView(this.#map.unproject(centre, zoom), zoom, how);
  }

  /** How far to move, on the screen, so that a sprite lies in the free part. */
  #shift(sprite: Sprite, air: number): L.Point {
    const box = bounds(sprite);
    const first = this.#map.latLngToContainerPoint(box.getSouthWest());
    const last = this.#map.latLngToContainerPoint(box.getNorthEast());
    const free = this.#free();
    return L.point(
      overhang(first.x, last.x, free.left + air, free.left + free.width - air),
      overhang(first.y, last.y, free.top + air, free.top + free.height - air),
    ).round();
  }
}

/** How far a stretch reaches over the end of another, negative over its start. */
function overhang(first: number, last: number, start: number, end: number): number {
  if (last - first > end - start) return (first + last - start - end) / 2;
  if (first < start) return first - start;
  return Math.max(last - end, 0);
}

/** Return how places become pixels of the screen. */
function planeOptions({ min_zoom, max_zoom, tile_px }: Tiles): L.MapOptions {
  return { crs: tiledPlane(max_zoom, tile_px), minZoom: min_zoom, maxZoom: max_zoom + 1 };
}

function mapOptions(tiles: Tiles): L.MapOptions {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    ...planeOptions(tiles),
    zoomSnap: ZOOM_SNAP,
    wheelPxPerZoomLevel: 100,
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    inertiaMaxSpeed: FLING_PX_PER_S,
    keyboardPanDelta: 120,
  };
}
