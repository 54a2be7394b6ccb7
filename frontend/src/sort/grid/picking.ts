import type { Point } from "../../curate/bitmap";
import type { GridHand } from "./hand";
import type { Box, GridLayout } from "./layout";
import type { Selection } from "./selection";

/** The grid, as far as pictures are picked in it. */
export interface Pickable {
  readonly selection: Selection;
  readonly layout: GridLayout;
  /** The pictures that can be picked, by their places. */
  readonly media: readonly unknown[];
  /** Something else is selected; `box` is the rectangle that is being drawn. */
  picked(box: Box | null): void;
  open(place: number): void;
}

/** Selects pictures by clicks, taps, resting fingers and rectangles. */
export class Picking implements GridHand {
  readonly #grid: Pickable;

  constructor(grid: Pickable) {
    this.#grid = grid;
  }

  click(point: Point, { shift, control }: { shift: boolean; control: boolean }): void {
    const { selection } = this.#grid;
    this.#at(point, (place) => {
      if (shift) selection.extend(place, control);
      else if (control) selection.toggle(place);
      else selection.only(place);
    });
  }

  tap(point: Point): void {
    this.#at(point, (place) => {
      this.#grid.selection.toggle(place);
    });
  }

  hold(point: Point): void {
    this.#at(point, (place) => {
      this.#grid.selection.extend(place);
    });
  }

  draw(box: Box, too: boolean): void {
    const touched = this.#grid.layout
      .touched(box)
      .filter((place) => place < this.#grid.media.length);
    this.#grid.selection.draw(touched, too);
    this.#grid.picked(box);
  }

  drawn(): void {
    this.#grid.selection.drawn();
    this.#grid.picked(null);
  }

  open(point: Point): void {
    this.#at(point, (place) => {
      this.#grid.open(place);
    });
  }

  /** Do something with the picture at a point; beside all, nothing is selected any more. */
  #at(point: Point, does: (place: number) => void): void {
    const place = this.#grid.layout.indexAt(point);
    if (place < 0 || place >= this.#grid.media.length) this.#grid.selection.clear();
    else does(place);
    this.#grid.picked(null);
  }
}
