import type { Rectangle } from "../data/morton";
import { type Places, rowAt } from "../data/points";
import type { Raised } from "../data/representatives";
import type { Colouring } from "../select/colours";
import { css, type Rgb } from "../select/palettes";
import type { RowSet } from "../select/rows";
import { Dots, type Paint, pixel, type TileFrame } from "./dots";

/** How much of what is not chosen the veil hides. */
const VEIL = 0.84;

/** What is chosen where it is too small to be seen: the colour of the frames. */
const CHOSEN: Rgb = [125, 45, 29];

/** Space that is cleared around a sprite, for its shadow, on the screen. */
const AIR_PX = 2;

/** The width of a coloured frame: of the sprite's size, within limits, on the screen. */
const LINE = { share: 0.05, least: 1, most: 4 };

/** What is to be seen on top of the pictures. */
export interface Look {
  readonly chosen: RowSet | null;
  readonly colouring: Pick<Colouring, "classes" | "colours"> | null;
  /** Colour of the page behind the pictures. */
  readonly background: string;
}

/** The media of a tile: places where they are large, or else a picture of dots. */
export interface TileMedia {
  readonly frame: TileFrame;
  /** Pixels of the canvas in one of the screen. */
  readonly density: number;
  readonly places: readonly Places[];
  readonly raised: readonly Raised[];
  /** Paints dots, where sprites are too small for frames. */
  readonly dots: ((paint: Paint) => Dots) | null;
}

type Box = readonly [left: number, top: number, width: number, height: number];

/** Draws a veil over what is not chosen and frames of colour, on one tile. */
export class Marks {
  readonly #context: CanvasRenderingContext2D;
  readonly #media: TileMedia;
  readonly #look: Look;
  readonly #colours: readonly string[];

  constructor(context: CanvasRenderingContext2D, media: TileMedia, look: Look) {
    this.#context = context;
    this.#media = media;
    this.#look = look;
    this.#colours = look.colouring?.colours.map(css) ?? [];
  }

  draw(): void {
    const { side } = this.#media.frame;
    this.#context.clearRect(0, 0, side, side);
    if (this.#look.chosen) this.#veil([0, 0, side, side]);
    if (this.#media.dots) this.#dots(this.#media.dots);
    else for (const places of this.#media.places) this.#sprites(places);
    this.#representatives();
  }

  #has(row: number): boolean {
    return this.#look.chosen?.has(row) ?? true;
  }

  #veil([left, top, width, height]: Box): void {
    this.#context.globalAlpha = VEIL;
    this.#context.fillStyle = this.#look.background;
    this.#context.fillRect(left, top, width, height);
    this.#context.globalAlpha = 1;
  }

  #dots(make: (paint: Paint) => Dots): void {
    const { pixels, side } = make(paintOf(this.#look));
    const scratch = scratchOf(side);
    scratch?.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), side), 0, 0);
    if (scratch) this.#context.drawImage(scratch.canvas, 0, 0);
  }

  #sprites(places: Places): void {
    const { x, y, w, h } = places;
    for (let i = 0; i < x.length; i++) {
      const row = rowAt(places, i);
      if (!this.#has(row)) continue;
      const [width, height] = [w[i] ?? 0, h[i] ?? 0];
      const box = this.#box((x[i] ?? 0) - width / 2, (y[i] ?? 0) - height / 2, width, height);
      if (this.#outside(box)) continue;
      if (this.#look.chosen) this.#clear(box);
      this.#line(row, box);
    }
  }

  /** Those on top hide what lies below: chosen ones show it, others leave the veil whole. */
  #representatives(): void {
    const cleared: Box[] = [];
    for (const { rows, boxes } of this.#media.raised)
      for (let i = 0; i < rows.length; i++) {
        const at = 4 * i;
        const [left, top] = [boxes[at] ?? 0, boxes[at + 1] ?? 0];
        const box = this.#box(left, top, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0);
        if (this.#outside(box)) continue;
        const row = rows[i] ?? 0;
        if (this.#has(row)) {
          this.#clear(box);
          this.#line(row, box);
          cleared.push(box);
        } else for (const below of cleared) this.#cover(common(box, below));
      }
  }

  #cover(box: Box | null): void {
    if (!box) return;
    this.#context.clearRect(...box);
    this.#veil(box);
  }

  #clear([left, top, width, height]: Box): void {
    const air = AIR_PX * this.#media.density;
    this.#context.clearRect(left - air, top - air, width + 2 * air, height + 2 * air);
  }

  /** Draw a frame of a row's colour. */
  #line(row: number, [left, top, width, height]: Box): void {
    const { colouring } = this.#look;
    if (!colouring) return;
    const { density } = this.#media;
    const wished = LINE.share * Math.max(width, height);
    const line = Math.min(Math.max(wished, LINE.least * density), LINE.most * density);
    this.#context.lineWidth = line;
    this.#context.strokeStyle = this.#colours[colouring.classes[row] ?? 0] ?? "transparent";
    this.#context.strokeRect(left - line / 2, top - line / 2, width + line, height + line);
  }

  #box(left: number, top: number, width: number, height: number): Box {
    const { frame } = this.#media;
    const { scale } = frame;
    const [x, y] = [(left - frame.left) * scale, (top - frame.top) * scale];
    return [x, y, width * scale, height * scale];
  }

  #outside([left, top, width, height]: Box): boolean {
    const { side } = this.#media.frame;
    const air = 8 * this.#media.density;
    return left > side + air || top > side + air || left + width < -air || top + height < -air;
  }
}

/** Return how rows are painted as dots: chosen ones in their colour. */
export function paintOf({ chosen, colouring }: Look): Paint {
  const colours = Uint32Array.from(colouring?.colours ?? [], (colour) => pixel(colour));
  const classes = colouring?.classes;
  const plain = pixel(CHOSEN);
  const colour: Paint = classes ? (row) => colours[classes[row] ?? 0] ?? 0 : () => plain;
  return chosen ? (row) => (chosen.has(row) ? colour(row) : 0) : colour;
}

function common(a: Box, b: Box): Box | null {
  const both: Rectangle = {
    left: Math.max(a[0], b[0]),
    top: Math.max(a[1], b[1]),
    right: Math.min(a[0] + a[2], b[0] + b[2]),
    bottom: Math.min(a[1] + a[3], b[1] + b[3]),
  };
  const [width, height] = [both.right - both.left, both.bottom - both.top];
  return width > 0 && height > 0 ? [both.left, both.top, width, height] : null;
}

const scratches = new Map<number, CanvasRenderingContext2D | null>();

/** A canvas beside the page from which dots are copied: one is enough for all tiles. */
function scratchOf(side: number): CanvasRenderingContext2D | null {
  const known = scratches.get(side);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  scratches.set(side, context);
  return context;
}
