import * as L from "leaflet";

import type { Sprite } from "../data/points";
import type { Finder } from "./finder";

/** A second click within this time is a double click, which zooms. */
const DOUBLE_CLICK_MS = 220;

/** A pointer has to rest this long on a sprite before its name is shown. */
const REST_MS = 140;

/** What the map tells of the pointer. */
export interface PointerEvents {
  /** A sprite, or the empty map, was clicked, tapped, or chosen by the Enter key. */
  readonly chosen: (sprite: Sprite | null) => void;
  /** The pointer is over another sprite than before, or over none. */
  readonly over: (sprite: Sprite | null) => void;
  /** The pointer rests on a sprite. */
  readonly rests: (sprite: Sprite) => void;
  /** Positions could not be read. */
  readonly failed: (error: unknown) => void;
}

/** Turns clicks, taps, keys and pointer moves on a map into sprites. */
export class Pointer {
  readonly #map: L.Map;
  readonly #finder: Finder;
  readonly #events: PointerEvents;
  #click = 0;
  #rest = 0;
  #asked = 0;
  #moving = false;
  #over: Sprite | null = null;

  constructor(map: L.Map, finder: Finder, events: PointerEvents) {
    this.#map = map;
    this.#finder = finder;
    this.#events = events;
    map.on("click", (event) => {
      this.#clicked(event);
    });
    map.on("dblclick", () => {
      window.clearTimeout(this.#click);
    });
    this.#listenToKeys(map.getContainer());
    if (window.matchMedia("(hover: hover) and (pointer: fine)").matches) this.#listenToMoves();
  }

  #clicked(event: L.LeafletMouseEvent): void {
    window.clearTimeout(this.#click);
    const kind = isTouch(event.originalEvent) ? "coarse" : "fine";
    // the search runs while we wait for a second click
    const found = this.#finder.at(event.latlng, kind);
    found.catch(this.#events.failed);
    this.#click = window.setTimeout(() => {
      found.then(this.#events.chosen, () => undefined);
    }, DOUBLE_CLICK_MS);
  }

  #listenToKeys(container: HTMLElement): void {
    container.addEventListener("keydown", (event) => {
      if (event.target !== container || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      const found = this.#finder.at(this.#map.getCenter(), "coarse");
      found.then(this.#events.chosen, this.#events.failed);
    });
  }

  #listenToMoves(): void {
    this.#map.on("mousemove", (event) => {
      this.#moved(event.latlng);
    });
    this.#map.on("mouseout movestart", () => {
      this.#asked++;
      this.#enter(null);
    });
    this.#map.on("movestart moveend", ({ type }) => {
      this.#moving = type === "movestart";
    });
  }

  #moved(point: L.LatLng): void {
    const asked = ++this.#asked;
    window.requestAnimationFrame(() => {
      if (asked !== this.#asked) return;
      if (this.#moving) {
        this.#enter(null);
        return;
      }
      this.#finder.under(point).then(
        (sprite) => {
          if (asked === this.#asked) this.#enter(sprite);
        },
        // a click will say so; a message at every move would be too much
        () => undefined,
      );
    });
  }

  #enter(sprite: Sprite | null): void {
    if (sprite?.row === this.#over?.row) return;
    this.#over = sprite;
    window.clearTimeout(this.#rest);
    this.#events.over(sprite);
    if (!sprite) return;
    this.#rest = window.setTimeout(() => {
      this.#events.rests(sprite);
    }, REST_MS);
  }
}

function isTouch(event: MouseEvent): boolean {
  if ("pointerType" in event && event.pointerType) return event.pointerType !== "mouse";
  return window.matchMedia("(pointer: coarse)").matches;
}
