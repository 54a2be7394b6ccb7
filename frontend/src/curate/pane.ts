import { el } from "../ui/dom";
import type { View } from "./view";

/** A canvas that fills its element, drawn anew when something changed, once a frame. */
export class Pane {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #draw: (context: CanvasRenderingContext2D) => void;
  readonly #view: View;
  #waiting = false;

  /** `draw` gets a context whose pixels are those of the picture. */
  constructor(
    label: string,
    className: string,
    view: View,
    draw: (context: CanvasRenderingContext2D) => void,
  ) {
    this.canvas = el("canvas", { class: "pane-canvas", role: "img", "aria-label": label });
    this.element = el("div", { class: `pane ${className}` }, this.canvas);
    this.#view = view;
    this.#draw = draw;
  }

  /** Follow the size of the element; `resized` is told it in screen pixels. */
  watch(resized: (width: number, height: number) => void): void {
    new ResizeObserver(() => {
      const { clientWidth, clientHeight } = this.element;
      if (!clientWidth || !clientHeight) return;
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(clientWidth * ratio);
      this.canvas.height = Math.round(clientHeight * ratio);
      resized(clientWidth, clientHeight);
      // a canvas that changed its size is empty until it is drawn
      this.#paint();
    }).observe(this.element);
  }

  /** Draw at the next frame. */
  invalidate(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#paint();
    });
  }

  #paint(): void {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    const { scale, x, y } = this.#view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    context.imageSmoothingEnabled = scale * ratio < 4;
    context.imageSmoothingQuality = "high";
    this.#draw(context);
  }
}
