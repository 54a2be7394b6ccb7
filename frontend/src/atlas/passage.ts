import type * as L from "leaflet";

/** A box on the screen: left, top, width and height. */
export type Box = readonly [left: number, top: number, width: number, height: number];

/** A picture that goes from one place on the screen to another; to null, it fades. */
export interface Mover {
  readonly from: Box;
  readonly to: Box | null;
}

/** How long pictures are on their way. */
const WAY_MS = 720;

/** So long the pictures wait for the tiles of where they have come to. */
const PATIENCE_MS = 1200;

/** How long the canvas takes to fade; layouts.css says the same. */
const FADE_MS = 160;

/** The part of the way on which what does not move fades. */
const GHOST = 0.4;

/** A canvas has no more pixels than this in one of the screen, along an edge. */
const MOST_DENSE = 2;

/** Carries the pictures that are in the window to their places on another map. */
export class Passage {
  readonly #map: L.Map;
  readonly #background: string;
  readonly #density = Math.min(window.devicePixelRatio || 1, MOST_DENSE);
  readonly #before: HTMLCanvasElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #leave = (): void => {
    this.#over = true;
    this.#canvas.remove();
    this.#map.off("dragstart zoomstart", this.#leave);
  };
  #over = false;

  private constructor(map: L.Map, background: string) {
    this.#map = map;
    this.#background = background;
    this.#before = picture(map, background, this.#density);
    this.#canvas = blank(map, this.#density);
    this.#canvas.className = "passage";
    this.#canvas.getContext("2d")?.drawImage(this.#before, 0, 0);
    map.getContainer().append(this.#canvas);
  }

  /** Hold what is seen now; null where nothing is, or nothing shall move. */
  static hold(map: L.Map, background: string): Passage | null {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tile = map.getContainer().querySelector(".leaflet-tile-loaded");
    return still || !tile ? null : new Passage(map, background);
  }

  /** Move the pictures, wait for the tiles below, and go; moving the map ends it at once. */
  async play(movers: readonly Mover[], settled: Promise<void>): Promise<void> {
    this.#map.on("dragstart zoomstart", this.#leave);
    if (movers.length) await this.#move(movers);
    await Promise.race([settled, pause(PATIENCE_MS)]);
    this.#canvas.classList.add("passage-over");
    await pause(FADE_MS);
    this.#leave();
  }

  /** Take it away at once. */
  end(): void {
    this.#leave();
  }

  #move(movers: readonly Mover[]): Promise<void> {
    const context = this.#canvas.getContext("2d");
    const begin = performance.now();
    return new Promise((resolve) => {
      const step = (now: number): void => {
        const part = Math.min((now - begin) / WAY_MS, 1);
        if (context && !this.#over) this.#draw(context, movers, part);
        if (part < 1 && !this.#over) window.requestAnimationFrame(step);
        else resolve();
      };
      window.requestAnimationFrame(step);
    });
  }

  #draw(context: CanvasRenderingContext2D, movers: readonly Mover[], part: number): void {
    const { width, height } = this.#canvas;
    context.globalAlpha = 1;
    context.fillStyle = this.#background;
    context.fillRect(0, 0, width, height);
    if (part < GHOST) {
      context.globalAlpha = 1 - part / GHOST;
      context.drawImage(this.#before, 0, 0);
    }
    const way = eased(part);
    for (const { from, to } of movers) {
      context.globalAlpha = to ? 1 : 1 - part;
      const box = to ? between(from, to, way) : from;
      if (isOutside(box, width / this.#density, height / this.#density)) continue;
      const [source, goal] = [from, box].map((one) => one.map((side) => side * this.#density));
      if (source && goal) drawPart(context, this.#before, source, goal);
    }
  }
}

/** From 0 to 1, slowly at both ends. */
export function eased(part: number): number {
  return part < 0.5 ? 4 * part ** 3 : 1 - (-2 * part + 2) ** 3 / 2;
}

/** The box that is a part of the way from one to another. */
export function between(from: Box, to: Box, way: number): Box {
  const at = (i: 0 | 1 | 2 | 3): number => from[i] + (to[i] - from[i]) * way;
  return [at(0), at(1), at(2), at(3)];
}

function isOutside([left, top, width, height]: Box, right: number, bottom: number): boolean {
  return left > right || top > bottom || left + width < 0 || top + height < 0;
}

function drawPart(
  context: CanvasRenderingContext2D,
  image: HTMLCanvasElement,
  [x = 0, y = 0, w = 0, h = 0]: readonly number[],
  [left = 0, top = 0, width = 0, height = 0]: readonly number[],
): void {
  if (w >= 1 && h >= 1) context.drawImage(image, x, y, w, h, left, top, width, height);
}

/** Copy the tiles in the window, as they lie there, the lowest layer first. */
function picture(map: L.Map, background: string, density: number): HTMLCanvasElement {
  const canvas = blank(map, density);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const home = map.getContainer().getBoundingClientRect();
  const layers = [
    ...(map.getPane("tilePane")?.querySelectorAll<HTMLElement>(".leaflet-layer") ?? []),
  ];
  layers.sort((a, b) => Number(a.style.zIndex) - Number(b.style.zIndex));
  for (const layer of layers)
    for (const tile of layer.querySelectorAll(".leaflet-tile-loaded")) {
      if (!isPicture(tile)) continue;
      const { left, top, width, height } = tile.getBoundingClientRect();
      const place = [left - home.left, top - home.top, width, height].map((side) => side * density);
      context.drawImage(tile, ...(place as unknown as Box));
    }
  return canvas;
}

function isPicture(tile: Element): tile is HTMLImageElement | HTMLCanvasElement {
  if (tile instanceof HTMLCanvasElement) return tile.width > 0;
  return tile instanceof HTMLImageElement && tile.complete && tile.naturalWidth > 0;
}

function blank(map: L.Map, density: number): HTMLCanvasElement {
  const { x, y } = map.getSize();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(x * density);
  canvas.height = Math.round(y * density);
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}
