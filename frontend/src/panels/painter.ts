import type { Map as LeafletMap } from "leaflet";

import { Lasso } from "../atlas/lasso";
import { Overlay } from "../atlas/overlay";
import { corners } from "../atlas/shape";
import type { DataSource } from "../data/source";
import type { Query } from "../query";
import { colouringOf } from "../select/colours";
import type { Store } from "../store";
import type { ColoursPane } from "./colours";
import type { Explorer } from "./explorer";

/** Draws on the map what the store says: what is found, colours, the area, the hand that draws. */
export class Painter {
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #explorer: Explorer;
  readonly #legend: ColoursPane;
  readonly #overlay: Overlay;
  #wish = 0;

  constructor(
    map: LeafletMap,
    source: DataSource,
    store: Store,
    panels: { explorer: Explorer; colours: ColoursPane },
  ) {
    this.#source = source;
    this.#store = store;
    this.#explorer = panels.explorer;
    this.#legend = panels.colours;
    this.#overlay = new Overlay(map, source);
    this.#watchFound();
    this.#watchHand(map);
    store.watch(
      ({ colour }) => colour,
      (colour) => void this.#colour(colour),
    );
  }

  #watchFound(): void {
    this.#store.watch(
      ({ found }) => found,
      (found) => {
        const { dataset } = document.documentElement;
        if (found === null) dataset["found"] = "looking";
        else dataset["found"] = found === "all" ? "all" : String(found.count);
        if (found !== null) this.#overlay.setHighlight(found === "all" ? null : found);
      },
    );
  }

  #watchHand(map: LeafletMap): void {
    const lasso = new Lasso(map, {
      drawing: (shape) => {
        this.#overlay.setOutline(shape ?? this.#area);
      },
      done: (area) => {
        this.#ask(area);
      },
    });
    this.#store.watch(
      ({ drawing }) => drawing,
      (drawing) => {
        lasso.use(drawing);
      },
    );
    this.#store.watch(
      () => this.#area,
      (area) => {
        this.#overlay.setOutline(area);
      },
    );
    this.#store.onChange(
      ({ layout }) => layout,
      () => {
        this.#overlay.renew();
      },
    );
  }

  /** The area that is asked for, where it was drawn on the layout that is shown. */
  get #area(): Query["area"] {
    const { query, layout } = this.#store.state;
    return (query.areaIn ?? "") === layout ? query.area : null;
  }

  #ask(area: Query["area"]): void {
    const { query, layout } = this.#store.state;
    this.#store.set({
      drawing: null,
      query: { ...query, area, ...(layout ? { areaIn: layout } : {}) },
      pane: "list",
    });
  }

  /** Ask for what lies in a rectangle, as if it had been drawn around. */
  select(area: Parameters<typeof corners>[0]): void {
    this.#ask(corners(area));
  }

  async #colour(column: string | null): Promise<void> {
    const wish = ++this.#wish;
    const colouring = column
      ? await this.#explorer.attempt(() => colouringOf(this.#source, column))
      : null;
    if (wish !== this.#wish) return;
    this.#overlay.setColours(colouring);
    this.#legend.show(colouring);
    const { dataset } = document.documentElement;
    if (colouring) dataset["colour"] = colouring.column;
    else delete dataset["colour"];
  }
}
