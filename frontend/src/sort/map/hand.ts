import type * as L from "leaflet";

import { type Place, rectangle, type Region, thinned } from "./region";

/** A pointer that moved less than this has clicked, not drawn. */
const LEAST_PX = 6;

/** Points of a line nearer to each other than this are one. */
const NEAR_PX = 3;

const SVG = "http://www.w3.org/2000/svg";

/** What was drawn around media. */
export interface Drawn {
  /** In pixels at the highest zoom. */
  readonly region: Region;
  /** True if it adds to what was selected before. */
  readonly adds: boolean;
}

/** Draws regions on a map: a rectangle while Shift is held, a lasso once it is taken up. */
export class MapHand {
  readonly #map: L.Map;
  readonly #drawn: (drawn: Drawn) => void;
  readonly #changed: () => void;
  readonly #outline = document.createElementNS(SVG, "polygon");
  readonly #canvas = document.createElementNS(SVG, "svg");
  readonly #down = new Set<number>();
  #line: Place[] = [];
  #shape: "rectangle" | "lasso" | null = null;
  #lassoing = false;

  /** `drawn` is told of a region, `changed` when the lasso is taken up or put down. */
  constructor(map: L.Map, drawn: (drawn: Drawn) => void, changed: () => void) {
    this.#map = map;
    this.#drawn = drawn;
    this.#changed = changed;
    map.boxZoom.disable();
    this.#canvas.setAttribute("class", "lasso");
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#canvas.append(this.#outline);
    const container = map.getContainer();
    container.append(this.#canvas);
    container.addEventListener("pointerdown", this.#start, { capture: true });
    container.addEventListener("pointermove", this.#move);
    container.addEventListener("pointerup", this.#end);
    container.addEventListener("pointercancel", this.#end);
  }

  /** True while the next stroke on the map is a lasso. */
  get lassoing(): boolean {
    return this.#lassoing;
  }

  /** Take the lasso up or put it down; what was begun with it is dropped. */
  set lassoing(taken: boolean) {
    this.#clear();
    if (taken === this.#lassoing) return;
    this.#lassoing = taken;
    const container = this.#map.getContainer();
    // one finger draws, and must not scroll; two still zoom
    container.style.touchAction = taken ? "none" : "";
    container.classList.toggle("lassoing", taken);
    if (taken) this.#map.dragging.disable();
    else this.#map.dragging.enable();
    this.#changed();
  }

  readonly #start = (event: PointerEvent): void => {
    this.#down.add(event.pointerId);
    this.#clear();
    if (this.#down.size > 1 || event.button !== 0) return;
    this.#shape = event.shiftKey ? "rectangle" : this.#lassoing ? "lasso" : null;
    if (!this.#shape) return;
    this.#map.getContainer().setPointerCapture(event.pointerId);
    this.#line = [this.#at(event)];
  };

  readonly #move = (event: PointerEvent): void => {
    if (!this.#shape || !this.#down.has(event.pointerId)) return;
    const passed = event.getCoalescedEvents().map((one) => this.#at(one));
    this.#line.push(...(passed.length ? passed : [this.#at(event)]));
    const corners = this.#corners.map(({ x, y }) => `${x},${y}`);
    this.#outline.setAttribute("points", corners.join(" "));
  };

  readonly #end = (event: PointerEvent): void => {
    this.#down.delete(event.pointerId);
    const [corners, drawn] = [this.#corners, this.#shape !== null && this.#isStroke];
    this.#clear();
    if (!drawn || event.type === "pointercancel") return;
    this.#swallowClick();
    this.lassoing = false;
    const region = corners.map(({ x, y }) => {
      const { lng, lat } = this.#map.containerPointToLatLng([x, y]);
      return { x: lng, y: lat };
    });
    this.#drawn({ region, adds: event.ctrlKey || event.metaKey });
  };

  /** What was drawn so far, in pixels of the screen. */
  get #corners(): Region {
    const [first, last] = [this.#line[0], this.#line.at(-1)];
    if (!first || !last) return [];
    return this.#shape === "rectangle" ? rectangle(first, last) : thinned(this.#line, NEAR_PX);
  }

  get #isStroke(): boolean {
    const [first] = this.#line;
    return this.#line.some(({ x, y }) => first && Math.hypot(x - first.x, y - first.y) >= LEAST_PX);
  }

  #clear(): void {
    this.#shape = null;
    this.#line = [];
    this.#outline.removeAttribute("points");
  }

  /** The end of a stroke is a click too, for the browser: the map is not to see it. */
  #swallowClick(): void {
    const container = this.#map.getContainer();
    const swallow = (event: Event): void => {
      event.stopPropagation();
    };
    container.addEventListener("click", swallow, { capture: true, once: true });
    window.setTimeout(() => {
      container.removeEventListener("click", swallow, { capture: true });
    });
  }

  #at(event: MouseEvent): Place {
    const box = this.#map.getContainer().getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
