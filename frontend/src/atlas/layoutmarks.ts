import "./layoutmarks.css";

import type * as L from "leaflet";

import type { Mark } from "../schema";
import { el } from "../ui/dom";
import { latLng } from "./crs";
import { type PlacedMark, placeMarks, type ScreenBox } from "./markplaces";

/** Fonts of the texts; layoutmarks.css says the same. */
const FONTS = { block: "600 14px serif", line: "600 12px sans-serif" };

/** Space beside a text, and what fonts differ by. */
const PAD_PX = 14;

/** Grounds darker than this, of 255, have light texts. */
const DARK = 110;

/** Writes on the map what its layout tells: names of blocks, years, lines of a globe. */
export class LayoutMarks {
  readonly #map: L.Map;
  readonly #pane: HTMLElement;
  readonly #free: () => ScreenBox;
  readonly #measure = document.createElement("canvas").getContext("2d");
  readonly #widths = new Map<string, number>();
  #marks: readonly Mark[] = [];
  #shown = true;
  #frame = 0;

  /** `free` tells the part of the window, in pixels, that no panel covers. */
  constructor(map: L.Map, free: () => ScreenBox) {
    this.#map = map;
    this.#free = free;
    this.#pane = map.createPane("layoutMarks");
    this.#pane.className = "leaflet-pane layout-marks-pane";
    this.#pane.setAttribute("aria-hidden", "true");
    map.on("move zoomend moveend resize", () => {
      this.draw();
    });
  }

  /** Write these marks instead of others; `ground` is the colour of the tiles. */
  set(marks: readonly Mark[], ground: string): void {
    this.#marks = marks;
    this.#pane.classList.toggle("on-dark", isDark(ground));
    this.#pane.replaceChildren();
    this.draw();
  }

  /** Show what is written, or hide it. */
  toggle(shown: boolean): void {
    this.#shown = shown;
    this.draw();
  }

  /** Write anew before the next frame of the screen. */
  draw(): void {
    window.cancelAnimationFrame(this.#frame);
    this.#frame = window.requestAnimationFrame(() => {
      const placed = this.#shown && this.#marks.length ? this.#place() : [];
      const begin = this.#map.containerPointToLayerPoint([0, 0]);
      this.#pane.replaceChildren(
        ...placed.flatMap((one) => line(one, begin, this.#map.getSize())),
        ...placed.map((one) => text(one, begin)),
      );
    });
  }

  #place(): PlacedMark[] {
    const boxOf = ({ x, y, width, height }: Mark): ScreenBox => {
      const first = this.#map.latLngToContainerPoint(latLng(x, y));
      const last = this.#map.latLngToContainerPoint(latLng(x + width, y + height));
      return { left: first.x, top: first.y, right: last.x, bottom: last.y };
    };
    return placeMarks(this.#marks, this.#free(), boxOf, (mark) => this.#widthOf(mark));
  }

  #widthOf({ kind, text }: Mark): number {
    const font = FONTS[kind === "block" ? "block" : "line"];
    const known = this.#widths.get(font + text);
    if (known !== undefined) return known;
    if (this.#measure) this.#measure.font = font;
    const width = (this.#measure?.measureText(text).width ?? 0) + PAD_PX;
    this.#widths.set(font + text, width);
    return width;
  }
}

function at(element: HTMLElement, x: number, y: number): HTMLElement {
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  return element;
}

function text({ mark, text: box }: PlacedMark, begin: L.Point): HTMLElement {
  const { kind, rank = "" } = mark;
  const made = el(
    "span",
    { class: "layout-mark", "data-kind": kind, "data-rank": rank },
    mark.text,
  );
  return at(made, box.left + begin.x, box.top + begin.y);
}

/** The line of a mark, or the frame of a block, no longer than the window. */
function line({ mark, box }: PlacedMark, begin: L.Point, size: L.Point): HTMLElement[] {
  const [left, top] = [Math.max(box.left, -2), Math.max(box.top, -2)];
  const [right, bottom] = [Math.min(box.right, size.x + 2), Math.min(box.bottom, size.y + 2)];
  if (right < left || bottom < top) return [];
  const made = el("span", { class: mark.kind === "block" ? "layout-block" : "layout-line-mark" });
  made.style.width = `${Math.max(right - left, 1)}px`;
  made.style.height = `${Math.max(bottom - top, 1)}px`;
  return [at(made, left + begin.x, top + begin.y)];
}

/** Whether a colour such as #202020 is dark. */
export function isDark(colour: string): boolean {
  const found = /^#(..)(..)(..)$/.exec(colour);
  if (!found) return false;
  const [red = 255, green = 255, blue = 255] = found
    .slice(1)
    .map((part) => Number.parseInt(part, 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue < DARK;
}
