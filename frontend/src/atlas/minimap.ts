import "./minimap.css";

import type { Rectangle } from "../data/morton";
import type { DataSource } from "../data/source";
import { el } from "../ui/dom";

/** The longer side of the small map on the screen. */
const SIDE_PX = 148;

/** The frame of what is in sight is never smaller than this. */
const LEAST_PX = 8;

/** Where more than this share of the atlas is in sight, a small map tells nothing. */
const WHOLE = 0.72;

/** What the small map asks of the large one. */
export interface MiniMapPage {
  readonly sight: () => Rectangle;
  /** Move so that a point lies in the middle. */
  readonly moveTo: (x: number, y: number) => void;
}

/**
 * The whole atlas in a corner, with a frame around what is in sight; a click or a drag moves it.
 *
 * It is for eyes and pointers: whoever uses keys has the arrows, and readers of screens the list.
 */
export class MiniMap {
  readonly element: HTMLElement;
  readonly #source: Pick<DataSource, "atlas" | "tiles">;
  readonly #page: MiniMapPage;
  readonly #sight = el("div", { class: "mini-map-sight" });
  readonly #canvas = el("canvas");
  readonly #scale: number;
  #drawn = false;
  #waiting = false;

  constructor(source: Pick<DataSource, "atlas" | "tiles">, page: MiniMapPage) {
    const { width, height, tiles } = source.atlas;
    this.#source = source;
    this.#page = page;
    this.#scale = SIDE_PX / Math.max(width, height, 1);
    this.element = el("div", { class: "mini-map whole", "aria-hidden": "true" });
    this.element.append(this.#canvas, this.#sight);
    this.element.style.backgroundColor = tiles.background;
    const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * this.#scale)));
    const dense = Math.min(window.devicePixelRatio || 1, 2);
    [this.#canvas.width, this.#canvas.height] = [(w ?? 1) * dense, (h ?? 1) * dense];
    [this.#canvas.style.width, this.#canvas.style.height] = [`${w}px`, `${h}px`];
    this.#listen();
  }

  /** To be called when the view changes; draws at most once a frame of the screen. */
  moved(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    window.requestAnimationFrame(() => {
      this.#waiting = false;
      this.#show(this.#page.sight());
    });
  }

  #show(sight: Rectangle): void {
    const { left, top, width, height } = this.#source.atlas;
    const seen = common(sight, { left, top, right: left + width, bottom: top + height });
    const share = ((seen.right - seen.left) / width) * ((seen.bottom - seen.top) / height);
    const whole = !(share < WHOLE);
    this.element.classList.toggle("whole", whole);
    if (whole || !this.element.offsetParent) return;
    if (!this.#drawn) void this.#draw();
    const [w, h] = [seen.right - seen.left, seen.bottom - seen.top].map((side) =>
      Math.max(LEAST_PX, side * this.#scale),
    );
    const x = ((seen.left + seen.right) / 2 - left) * this.#scale - (w ?? 0) / 2;
    const y = ((seen.top + seen.bottom) / 2 - top) * this.#scale - (h ?? 0) / 2;
    const { style } = this.#sight;
    [style.width, style.height] = [`${w}px`, `${h}px`];
    style.transform = `translate(${x}px, ${y}px)`;
  }

  /** Draw the atlas from the tiles of the lowest zoom that is sharp enough: four or fewer. */
  async #draw(): Promise<void> {
    this.#drawn = true;
    const { atlas } = this.#source;
    const { tile_px, max_zoom, min_zoom } = atlas.tiles;
    const [source, context] = [this.#source.tiles(false), this.#canvas.getContext("2d")];
    if (!source || !context) return;
    const dense = this.#canvas.width / Math.max(1, Math.round(atlas.width * this.#scale));
    const scale = this.#scale * dense;
    const zoom = Math.min(Math.max(min_zoom, 1), max_zoom);
    const edge = tile_px * 2 ** (max_zoom - zoom);
    const { signal } = new AbortController();
    const across = [...Array(2 ** zoom).keys()];
    for (const [x, y] of across.flatMap((x) => across.map((y) => [x, y] as const))) {
      const address = await source.address(zoom, x, y, signal).catch(() => null);
      if (address === null) continue;
      const image = new Image();
      image.src = address;
      const decoded = await image.decode().then(
        () => true,
        () => false,
      );
      source.release(address);
      const [left, top] = [x * edge - atlas.left, y * edge - atlas.top];
      if (decoded) context.drawImage(image, left * scale, top * scale, edge * scale, edge * scale);
    }
  }

  #listen(): void {
    const go = (event: PointerEvent): void => {
      const box = this.#canvas.getBoundingClientRect();
      const { left, top } = this.#source.atlas;
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      this.#page.moveTo(left + x / this.#scale, top + y / this.#scale);
    };
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      go(event);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}

/** What two rectangles have in common; of no width or height if that is nothing. */
function common(a: Rectangle, b: Rectangle): Rectangle {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  return {
    ...{ left, right: Math.max(left, Math.min(a.right, b.right)) },
    ...{ top, bottom: Math.max(top, Math.min(a.bottom, b.bottom)) },
  };
}
