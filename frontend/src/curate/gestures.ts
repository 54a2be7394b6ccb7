import type { Point } from "./bitmap";

/** What pointers on a pane ask for; points are in its screen pixels. */
export interface Hands {
  /** A drawing tool touches down; false if nothing is drawn, and the pane is moved instead. */
  down(at: Point): boolean;
  /** It moved, by way of these points. */
  move(points: readonly Point[]): void;
  up(): void;
  /** It turned out to be no drawing: take it back. */
  cancel(): void;
  /** The pointer is over the pane, or has left it. */
  hover(at: Point | null): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
}

const WHEEL_STEP = 0.0016;
const LINE_PX = 16;

/** Tells drawing from moving and zooming: mouse, pen, one finger or two. */
export class Gestures {
  /** True while the space bar is held: every drag moves the pane. */
  panning = false;
  readonly #element: HTMLElement;
  readonly #hands: Hands;
  readonly #pointers = new Map<number, Point>();
  #drawing: number | null = null;

  constructor(element: HTMLElement, hands: Hands) {
    this.#element = element;
    this.#hands = hands;
    element.addEventListener("pointerdown", this.#down);
    element.addEventListener("pointermove", this.#move);
    element.addEventListener("pointerup", this.#up);
    element.addEventListener("pointercancel", this.#up);
    element.addEventListener("pointerleave", () => {
      hands.hover(null);
    });
    element.addEventListener("wheel", this.#wheel, { passive: false });
    element.addEventListener("contextmenu", (event) => {
      event.preventDefault();
    });
  }

  readonly #down = (event: PointerEvent): void => {
    event.preventDefault();
    this.#element.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size > 1) {
      if (this.#drawing !== null) this.#hands.cancel();
      this.#drawing = null;
      return;
    }
    const draws = event.button === 0 && !this.panning;
    if (draws && this.#hands.down(at)) this.#drawing = event.pointerId;
  };

  readonly #move = (event: PointerEvent): void => {
    const at = this.#at(event);
    if (event.pointerType !== "touch") this.#hands.hover(at);
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    if (this.#drawing === event.pointerId) {
      const passed = event.getCoalescedEvents().map((one) => this.#at(one));
      this.#hands.move(passed.length ? passed : [at]);
    } else if (this.#pointers.size === 2) this.#pinch(event.pointerId, last, at);
    else this.#hands.pan(at.x - last.x, at.y - last.y);
    this.#pointers.set(event.pointerId, at);
  };

  readonly #up = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    if (this.#drawing !== event.pointerId) return;
    this.#drawing = null;
    if (event.type === "pointercancel") this.#hands.cancel();
    else this.#hands.up();
  };

  #pinch(moved: number, from: Point, to: Point): void {
    const [, other] = [...this.#pointers].find(([id]) => id !== moved) ?? [];
    if (!other) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    this.#hands.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    if (before > 0) this.#hands.zoom(after / before, middle);
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    this.#hands.zoom(Math.exp(-event.deltaY * pixels * WHEEL_STEP), this.#at(event));
  };

  #at(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
