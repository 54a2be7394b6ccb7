import "./filters.css";

import type { DataSource } from "../data/source";
import type { Query } from "../query";
import { toggleValue } from "../query";
import type { Store } from "../store";
import { el } from "../ui/dom";
import { texts } from "../ui/texts";
import type { Explorer } from "./explorer";
import { Facet } from "./facet";
import { Histogram, MOST_BARS } from "./histogram";

/** Facets that stand open at first: the columns of most use that are not too long. */
const OPEN_FIRST = 2;
const LONG = 100;

/** Of numbers these are worth a window; coordinates are drawn around on the map. */
const PLACES = /latitude|longitude/i;

/** The panel to filter by: a histogram of each number, and the values of each column. */
export class FiltersPane {
  readonly element = el("div", { class: "filters" });
  /** True while a window is being drawn: what is asked for is not settled yet. */
  unsettled = false;
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #explorer: Explorer;
  readonly #facets = new Map<string, Facet>();
  readonly #histograms = new Map<string, Histogram>();
  #stale = true;

  constructor(source: DataSource, store: Store, explorer: Explorer) {
    this.#source = source;
    this.#store = store;
    this.#explorer = explorer;
    this.#addHistograms();
    this.#addFacets();
    if (!this.element.hasChildNodes())
      this.element.append(el("p", { class: "pane-empty" }, texts.filters.empty));
    store.watch(
      ({ query }) => query,
      (query) => {
        this.#ask(query);
      },
    );
    store.onChange(
      ({ found, pane }) => (found === null || pane !== "filters" ? null : found),
      (found) => {
        if (found !== null && !this.unsettled) void this.#fill();
      },
    );
  }

  #addHistograms(): void {
    for (const info of this.#source.atlas.numbers ?? []) {
      if (PLACES.test(info.column) || info.minimum >= info.maximum) continue;
      const histogram = new Histogram(
        info,
        (span, done) => {
          this.unsettled = !done;
          this.#explorer.askSpan(info.column, span);
        },
        this.#source.n - info.n,
      );
      this.#histograms.set(info.column, histogram);
      this.element.append(histogram.element);
    }
  }

  #addFacets(): void {
    let open = 0;
    for (const reference of this.#source.atlas.dictionaries) {
      const { column, n } = reference;
      if (n < 1) continue;
      const facet = new Facet(reference, {
        toggle: (value) => {
          this.#store.set({ query: toggleValue(this.#store.state.query, column, value) });
        },
        opened: () => void this.#fillFacet(column, facet),
      });
      if (open < OPEN_FIRST && n > 1 && n < LONG) {
        facet.element.open = true;
        open++;
      }
      this.#facets.set(column, facet);
      this.element.append(facet.element);
    }
  }

  #ask({ values, spans }: Query): void {
    for (const [column, facet] of this.#facets) facet.ask(values.get(column) ?? []);
    for (const [column, histogram] of this.#histograms) histogram.ask(spans.get(column) ?? null);
  }

  /** Count again for all that is open. */
  async #fill(): Promise<void> {
    this.#stale = false;
    const open = [...this.#facets].filter(([, { element }]) => element.open);
    await Promise.all([
      ...[...this.#histograms].map(async ([column, histogram]) => {
        const counts = await this.#explorer.attempt(() =>
          this.#explorer.histogram(column, MOST_BARS),
        );
        if (counts) histogram.fill(counts);
      }),
      ...open.map(([column, facet]) => this.#fillFacet(column, facet)),
    ]);
  }

  /** Read what the next counts need: the whole atlas is counted without it. */
  #readAhead(): void {
    const open = [...this.#facets].filter(([, { element }]) => element.open);
    const columns = [
      ...open.map(([column]) => this.#source.codes(column)),
      ...[...this.#histograms.keys()].map((column) => this.#source.numbers(column)),
    ];
    // whoever filters hears then what could not be read
    for (const column of columns) column.catch(() => undefined);
  }

  async #fillFacet(column: string, facet: Facet): Promise<void> {
    if (this.#stale) return;
    const filled = await this.#explorer.attempt(() =>
      Promise.all([this.#source.values(column), this.#explorer.facet(column)]),
    );
    if (filled) facet.fill(...filled);
    this.#readAhead();
  }
}
