import { el } from "../../ui/dom";
import type { Said } from "../answers";
import type { Choice } from "../classes";
import { GridCell, idOf } from "./cell";
import { GridPointer } from "./hand";
import { type Box, GridLayout, type Span } from "./layout";
import { type Pickable, Picking } from "./picking";
import type { SortMedium } from "../schema";
import { texts } from "../texts";

/** Rows beyond the edges that are there already. */
const MORE_ROWS = 3;

/** Space around the cells; grid.css says the same. */
const PADDING_PX = 16;

/** What the pane shows, and asks for. */
export interface GridSource extends Pickable {
  readonly media: readonly SortMedium[];
  /** How many there are in all: the height of the grid. */
  readonly n: number;
  readonly proposals: boolean;
  said(medium: SortMedium): Said;
  /** Other places came into sight. */
  scrolled(): void;
}

/** Many pictures in rows; only those in sight and near it are in the page. */
export class GridPane {
  readonly element: HTMLElement;
  readonly #source: GridSource;
  readonly #choices: readonly Choice[];
  readonly #address: (medium: SortMedium) => string;
  readonly #band = el("div", { class: "band", hidden: true });
  readonly #sheet: HTMLElement;
  readonly #cells = new Map<string, GridCell>();
  #layout = new GridLayout(1, 1, 0);
  #size: number;
  #waiting = false;

  constructor(
    source: GridSource,
    choices: readonly Choice[],
    address: (medium: SortMedium) => string,
    size: number,
  ) {
    this.#source = source;
    this.#size = size;
    this.#choices = choices;
    this.#address = address;
    this.#sheet = el("div", { class: "grid-sheet", role: "presentation" }, this.#band);
    this.element = el(
      "div",
      {
        class: "grid-pane",
        role: "listbox",
        tabindex: 0,
        "aria-multiselectable": "true",
        "aria-label": texts.grid.label,
      },
      this.#sheet,
    );
    new GridPointer(this.element, this.#sheet, new Picking(source));
    this.element.addEventListener("scroll", () => {
      this.invalidate();
    });
    new ResizeObserver(() => {
      this.refresh();
    }).observe(this.element);
  }

  get layout(): GridLayout {
    return this.#layout;
  }

  /** Places whose pictures can be judged now. */
  get inSight(): Span {
    const { first, end } = this.#layout.inSight(this.#top, this.element.clientHeight);
    const there = this.#source.media.length;
    return { first: Math.min(first, there), end: Math.min(end, there) };
  }

  /** True if the picture of a medium has come. */
  seen({ id }: SortMedium): boolean {
    return this.#cells.get(id)?.seen ?? false;
  }

  /** Rows that fit, at least one. */
  get rowsInSight(): number {
    return Math.max(1, Math.floor(this.element.clientHeight / this.#layout.pitch));
  }

  /** Take another size of cells; what is in focus stays in sight. */
  resize(size: number): void {
    this.#size = size;
    this.refresh();
    this.reveal(this.#source.selection.focus);
  }

  /** Draw a rectangle, or none. */
  band(box: Box | null): void {
    this.#band.hidden = box === null;
    if (!box) return;
    const { style } = this.#band;
    style.transform = `translate(${box.left}px, ${box.top}px)`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
  }

  /** Bring a place into sight. */
  reveal(index: number): void {
    const { top, height } = this.#layout.boxOf(index);
    const least = top + height + 2 * PADDING_PX - this.element.clientHeight;
    const { scrollTop } = this.element;
    if (scrollTop > top) this.element.scrollTop = top;
    else if (scrollTop < least) this.element.scrollTop = least;
    this.invalidate();
  }

  /** Put the row of a place at the top. */
  lead(index: number): void {
    this.element.scrollTop = this.#layout.boxOf(index).top + PADDING_PX;
    this.invalidate();
  }

  /** Lay out anew: other media, or another width. */
  refresh(): void {
    const width = this.element.clientWidth - 2 * PADDING_PX;
    if (width <= 0) return;
    this.#layout = new GridLayout(width, Math.min(this.#size, width), this.#source.n);
    this.#sheet.style.height = `${this.#layout.height}px`;
    this.invalidate();
  }

  /** Draw at the next frame. */
  invalidate(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      if (this.element.isConnected) this.#paint();
    });
  }

  get #top(): number {
    return this.element.scrollTop - PADDING_PX;
  }

  #paint(): void {
    const { media, selection } = this.#source;
    const { first, end } = this.#layout.shown(this.#top, this.element.clientHeight, MORE_ROWS);
    const wanted = new Map<string, number>();
    for (let place = first; place < end; place++) {
      const medium = media[place];
      if (medium) wanted.set(medium.id, place);
    }
    // the one in focus is always there: who cannot see is told of it
    const focused = media[selection.focus];
    if (focused) wanted.set(focused.id, selection.focus);
    for (const [id, cell] of this.#cells)
      if (!wanted.has(id)) {
        cell.drop();
        this.#cells.delete(id);
      }
    for (const place of wanted.values()) this.#paintCell(place);
    this.element.classList.toggle("captioned", this.#layout.captioned);
    if (focused) this.element.setAttribute("aria-activedescendant", idOf(focused));
    this.#source.scrolled();
  }

  #paintCell(place: number): void {
    const { media, selection, proposals, n } = this.#source;
    const medium = media[place];
    if (!medium) return;
    let cell = this.#cells.get(medium.id);
    if (cell?.medium !== medium) {
      cell?.drop();
      cell = new GridCell(medium, this.#address(medium), this.#choices, () => {
        this.invalidate();
      });
      this.#cells.set(medium.id, cell);
      this.#sheet.append(cell.element);
    }
    cell.refresh({
      place,
      n,
      box: this.#layout.boxOf(place),
      chosen: selection.has(place),
      focused: place === selection.focus,
      said: this.#source.said(medium),
      proposals,
    });
  }
}
