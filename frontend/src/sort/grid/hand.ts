import type { Point } from "../../curate/bitmap";
import type { Box } from "./layout";

/** What pointers on the grid ask for; points are from the upper left corner of all rows. */
export interface GridHand {
  click(at: Point, keys: { readonly shift: boolean; readonly control: boolean }): void;
  /** A finger touched one. */
  tap(at: Point): void;
  /** A finger rested on one. */
  hold(at: Point): void;
  /** A rectangle is drawn; `too` if what was chosen stays chosen. */
  draw(box: Box, too: boolean): void;
  drawn(): void;
  open(at: Point): void;
}

/** A shorter way is a click. */
const DRAG_PX = 6;

const HOLD_MS = 450;

/** Nearer to an edge than this, in pixels, a drag scrolls. */
const EDGE_PX = 36;

interface Grip {
  readonly id: number;
  /** Where it began, in the grid. */
  readonly from: Point;
  readonly touch: boolean;
  readonly too: boolean;
  drawing: boolean;
}

/** Tells clicks, drags, taps and resting fingers on a grid that scrolls. */
export class GridPointer {
  readonly #scroller: HTMLElement;
  readonly #sheet: HTMLElement;
  readonly #hand: GridHand;
  #grip: Grip | null = null;
  #timer = 0;
  #last: PointerEvent | null = null;

  /** `sheet` holds the cells and lies in `scroller`. */
  constructor(scroller: HTMLElement, sheet: HTMLElement, hand: GridHand) {
    this.#scroller = scroller;
    this.#sheet = sheet;
    this.#hand = hand;
    scroller.addEventListener("pointerdown", this.#down);
    scroller.addEventListener("pointermove", this.#move);
    scroller.addEventListener("pointerup", this.#up);
    scroller.addEventListener("pointercancel", this.#drop);
    scroller.addEventListener("dblclick", (event) => {
      hand.open(this.#at(event));
    });
    // pictures are not dragged away, and a resting finger opens no menu
    for (const unwanted of ["dragstart", "contextmenu"])
      sheet.addEventListener(unwanted, (event) => {
        event.preventDefault();
      });
  }

  readonly #down = (event: PointerEvent): void => {
    const onBar = event.offsetX >= this.#scroller.clientWidth && event.target === this.#scroller;
    if (!event.isPrimary || event.button !== 0 || onBar) return;
    const touch = event.pointerType === "touch";
    const too = event.ctrlKey || event.metaKey || event.shiftKey;
    const from = this.#at(event);
    this.#grip = { id: event.pointerId, from, touch, too, drawing: false };
    if (touch)
      this.#timer = window.setTimeout(() => {
        this.#grip = null;
        this.#hand.hold(from);
      }, HOLD_MS);
  };

  readonly #move = (event: PointerEvent): void => {
    const grip = this.#grip;
    if (grip?.id !== event.pointerId) return;
    const at = this.#at(event);
    const far = Math.hypot(at.x - grip.from.x, at.y - grip.from.y) > DRAG_PX;
    if (grip.touch) {
      if (far) this.#drop();
      return;
    }
    if (!grip.drawing && !far) return;
    if (!grip.drawing) this.#scroller.setPointerCapture(event.pointerId);
    grip.drawing = true;
    this.#last = event;
    this.#draw();
  };

  readonly #up = (event: PointerEvent): void => {
    const grip = this.#grip;
    if (grip?.id !== event.pointerId) return;
    this.#drop();
    if (grip.drawing) this.#hand.drawn();
    else if (grip.touch) this.#hand.tap(grip.from);
    else
      this.#hand.click(grip.from, {
        shift: event.shiftKey,
        control: event.ctrlKey || event.metaKey,
      });
  };

  readonly #drop = (): void => {
    window.clearTimeout(this.#timer);
    this.#grip = null;
    this.#last = null;
  };

  /** Tell the rectangle; at an edge, scroll and tell it again. */
  #draw(): void {
    const [grip, event] = [this.#grip, this.#last];
    if (!grip?.drawing || !event) return;
    this.#hand.draw(boxBetween(grip.from, this.#at(event)), grip.too);
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    const beyond =
      Math.max(0, event.clientY - bottom + EDGE_PX) - Math.max(0, top + EDGE_PX - event.clientY);
    if (!beyond) return;
    this.#scroller.scrollTop += beyond / 4;
    window.requestAnimationFrame(() => {
      if (this.#last === event) this.#draw();
    });
  }

  #at(event: MouseEvent): Point {
    const { left, top } = this.#sheet.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

/** Return the box that has two points as corners. */
export function boxBetween(one: Point, other: Point): Box {
  return {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}
