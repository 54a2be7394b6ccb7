import * as L from "leaflet";

import { latLng } from "./crs";
import { corners, type Shape } from "./shape";

/** A lasso has a corner no nearer than this to the one before, on the screen. */
const STEP_PX = 4;

/** A smaller shape is a slip of the hand. */
const LEAST_PX = 6;

export type Tool = "lasso" | "rectangle";

/** What the tool tells. */
export interface LassoEvents {
  /** The shape as it grows; null when it is given up. */
  readonly drawing: (shape: Shape | null) => void;
  readonly done: (shape: Shape) => void;
}

/** Draws a shape on the map with mouse, pen or one finger; Escape gives it up. */
export class Lasso {
  readonly #map: L.Map;
  readonly #events: LassoEvents;
  readonly #listening = new AbortController();
  #tool: Tool | null = null;
  #pointer: number | null = null;
  #screen: L.Point[] = [];

  constructor(map: L.Map, events: LassoEvents) {
    this.#map = map;
    this.#events = events;
    const container = map.getContainer();
    const listen = (type: string, hear: (event: PointerEvent) => void): void => {
      container.addEventListener(
        type,
        (event) => {
          if (this.#tool) hear(event as PointerEvent);
        },
        { capture: true, signal: this.#listening.signal },
      );
    };
    listen("pointerdown", (event) => {
      this.#begin(event);
    });
    listen("pointermove", (event) => {
      this.#draw(event);
    });
    listen("pointerup", (event) => {
      this.#end(event);
    });
    listen("pointercancel", () => {
      this.#giveUp();
    });
    container.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || this.#pointer === null) return;
        event.stopPropagation();
        this.#giveUp();
      },
      { signal: this.#listening.signal },
    );
  }

  get tool(): Tool | null {
    return this.#tool;
  }

  /** Take a tool in hand, or none: then the map moves again. */
  use(tool: Tool | null): void {
    if (tool === this.#tool) return;
    if (this.#pointer !== null) this.#giveUp();
    this.#tool = tool;
    const { dragging, boxZoom, doubleClickZoom } = this.#map;
    for (const handler of [dragging, boxZoom, doubleClickZoom])
      if (tool) handler.disable();
      else handler.enable();
    this.#map.getContainer().classList.toggle("drawing", tool !== null);
  }

  /** Take the tool away for good. */
  remove(): void {
    this.use(null);
    this.#listening.abort();
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0 || this.#pointer !== null || onControl(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#pointer = event.pointerId;
    this.#map.getContainer().setPointerCapture(event.pointerId);
    this.#screen = [this.#at(event)];
  }

  #draw(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    event.stopPropagation();
    const [at, last] = [this.#at(event), this.#screen.at(-1)];
    if (this.#tool === "rectangle") this.#screen.splice(1, 1, at);
    else if (last && at.distanceTo(last) >= STEP_PX) this.#screen.push(at);
    this.#events.drawing(this.#shape());
  }

  #end(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    event.stopPropagation();
    const { x, y } = L.bounds(this.#screen).getSize();
    const shape = this.#shape();
    if (Math.max(x, y) < LEAST_PX || shape.length < 3) {
      this.#giveUp();
      return;
    }
    this.#pointer = null;
    swallowClick(this.#map.getContainer());
    this.#events.done(shape);
  }

  #giveUp(): void {
    this.#pointer = null;
    this.#screen = [];
    this.#events.drawing(null);
  }

  #at(event: PointerEvent): L.Point {
    return this.#map.mouseEventToContainerPoint(event);
  }

  #shape(): Shape {
    const points = this.#screen.map((at) => {
      const { lng, lat } = this.#map.containerPointToLatLng(at);
      return [lng, lat] as const;
    });
    const [from, to] = [points[0], points.at(-1)];
    if (this.#tool !== "rectangle" || !from || !to) return points;
    return corners({
      left: Math.min(from[0], to[0]),
      right: Math.max(from[0], to[0]),
      top: Math.min(from[1], to[1]),
      bottom: Math.max(from[1], to[1]),
    });
  }
}

/** A line around a shape on the map. */
export function outline(shape: Shape): L.Polygon {
  return L.polygon(
    shape.map(([x, y]) => latLng(x, y)),
    { className: "outline", interactive: false, weight: 2 },
  );
}

/** The click that follows when the hand lifts is not one on a sprite. */
function swallowClick(container: HTMLElement): void {
  const swallow = (event: Event): void => {
    event.stopPropagation();
  };
  container.addEventListener("click", swallow, { capture: true, once: true });
  window.setTimeout(() => {
    container.removeEventListener("click", swallow, { capture: true });
  });
}

function onControl(event: PointerEvent): boolean {
  return event.target instanceof Element && event.target.closest("button, a, input") !== null;
}
