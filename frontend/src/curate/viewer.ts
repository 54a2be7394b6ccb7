import type { Point } from "./bitmap";
import { Gestures } from "./gestures";
import { Pane } from "./pane";
import { View } from "./view";

/** One picture in a pane of its own, to be moved and zoomed. */
export class Viewer {
  readonly element: HTMLElement;
  readonly #view = new View();
  readonly #pane: Pane;
  #image: HTMLImageElement | null = null;

  constructor(label: string, className: string) {
    this.#pane = new Pane(label, `pane-viewer ${className}`, this.#view, (context) => {
      if (this.#image) context.drawImage(this.#image, 0, 0);
    });
    this.element = this.#pane.element;
    this.#pane.watch((width, height) => {
      this.#view.resize(width, height);
    });
    new Gestures(this.#pane.canvas, {
      down: () => false,
      move: () => undefined,
      up: () => undefined,
      cancel: () => undefined,
      hover: () => undefined,
      pan: (dx: number, dy: number) => {
        this.#view.pan(dx, dy);
        this.#pane.invalidate();
      },
      zoom: (factor: number, at: Point) => {
        this.zoom(factor, at);
      },
    });
  }

  /** True if only a part of the picture may be seen. */
  get enlarged(): boolean {
    return this.#view.enlarged;
  }

  /** Show all of a picture; `label` says what it shows. */
  show(image: HTMLImageElement, label: string): void {
    this.#image = image;
    this.#pane.canvas.setAttribute("aria-label", label);
    this.#view.open(image.naturalWidth, image.naturalHeight);
    this.#pane.invalidate();
  }

  clear(): void {
    this.#image = null;
    this.#pane.invalidate();
  }

  zoom(factor: number, at?: Point): void {
    this.#view.zoom(factor, at);
    this.#pane.invalidate();
  }

  fit(): void {
    this.#view.fit();
    this.#pane.invalidate();
  }
}
