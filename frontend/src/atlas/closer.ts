import type * as L from "leaflet";

import type { Sprite } from "../data/points";
import type { Finder } from "./finder";

/** A hand has to rest this long at the last zoom before the wheel goes further. */
const REST_MS = 350;

/** The wheel turned this far, in pixels, is a wish. */
const WHEEL_PX = 120;

/** Fingers that move apart to this many times their distance are a wish. */
const SPREAD = 1.4;

/** What zooming past the map's last zoom leads to. */
export interface CloserEvents {
  readonly closer: (sprite: Sprite) => void;
  readonly failed: (error: unknown) => void;
}

/** Notices the wish to zoom on where the map cannot, and tells on which sprite. */
export class Closer {
  readonly #map: L.Map;
  readonly #finder: Finder;
  readonly #events: CloserEvents;
  readonly #touches = new Map<number, PointerEvent>();
  #turned = 0;
  /** When the wheel was last turned, ms; a hand that has not turned it yet has rested. */
  #lastTurn = Number.NEGATIVE_INFINITY;
  #rested = false;
  /** How far apart two fingers were when they came down at the last zoom. */
  #apart = 0;

  constructor(map: L.Map, finder: Finder, events: CloserEvents) {
    this.#map = map;
    this.#finder = finder;
    this.#events = events;
    const container = map.getContainer();
    container.addEventListener("wheel", (event) => {
      this.#wheel(event);
    });
    container.addEventListener("keydown", (event) => {
      if (this.last && !event.repeat && (event.key === "+" || event.key === "=")) this.at();
    });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"] as const)
      container.addEventListener(type, (event) => {
        if (event.pointerType === "touch") this.#touch(event);
      });
  }

  /** True where the map cannot zoom further. */
  get last(): boolean {
    return this.#map.getZoom() >= this.#map.getMaxZoom();
  }

  /** Go on at a point of the window; at its middle if none is given. */
  at(point: L.LatLng = this.#map.getCenter(), pointer: "coarse" | "fine" = "fine"): void {
    this.#finder.at(point, pointer).then((sprite) => {
      if (sprite) this.#events.closer(sprite);
    }, this.#events.failed);
  }

  /** The turn of a wheel that has brought us here does not carry us further. */
  #wheel(event: WheelEvent): void {
    const rested = event.timeStamp - this.#lastTurn > REST_MS;
    this.#lastTurn = event.timeStamp;
    if (rested) [this.#turned, this.#rested] = [0, this.last];
    if (!this.#rested || !this.last || event.deltaY >= 0) return;
    this.#turned += event.deltaMode === 0 ? -event.deltaY : -event.deltaY * 40;
    if (this.#turned < WHEEL_PX) return;
    [this.#turned, this.#rested] = [0, false];
    this.at(this.#map.mouseEventToLatLng(event));
  }

  #touch(event: PointerEvent): void {
    if (event.type === "pointerup" || event.type === "pointercancel") {
      this.#touches.delete(event.pointerId);
      this.#apart = 0;
      return;
    }
    if (event.type === "pointermove" && !this.#touches.has(event.pointerId)) return;
    this.#touches.set(event.pointerId, event);
    const [one, other, third] = [...this.#touches.values()];
    if (!one || !other || third) return;
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (event.type === "pointerdown") this.#apart = this.last ? apart : 0;
    else if (this.#apart && apart > SPREAD * this.#apart) {
      this.#apart = 0;
      const [here, there] = [one, other].map((finger) =>
        this.#map.mouseEventToContainerPoint(finger),
      );
      const middle = here && there && here.add(there).divideBy(2);
      if (middle) this.at(this.#map.containerPointToLatLng(middle), "coarse");
    }
  }
}
