import "./list.css";

import { rowsOfPlaces } from "../data/numbering";
import type { Rectangle } from "../data/morton";
import { rowAt } from "../data/points";
import type { DataSource } from "../data/source";
import { RowSet } from "../select/rows";
import type { Store } from "../store";
import { el, icon } from "../ui/dom";
import { texts } from "../ui/texts";
import type { Explorer } from "./explorer";
import { ExportMenu } from "./exportmenu";
import { ordered } from "./order";
import { MOST_LINES, RowList } from "./rowlist";

/** Of more rows those that lie just outside the window are listed too. */
const EXACT = 20_000;

const TURN = "M8 5v14M8 19l-3.5-3.5M8 19l3.5-3.5M16 19V5M16 5l-3.5 3.5M16 5l3.5 3.5";

/** The map has to rest so long before the list follows it. */
const REST_MS = 250;

/** The list of what was found, or of what is in sight: all that the map shows, for reading. */
export class ListPane {
  readonly element: HTMLElement;
  /** What can be done with all that is listed; others may add to it. */
  readonly tools = el("div", { class: "list-tools" });
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #explorer: Explorer;
  readonly #sight: () => Rectangle;
  readonly #count = el("p", { class: "list-count", role: "status" });
  readonly #rowList: RowList;
  readonly #onlySight = el("input", { type: "checkbox" });
  readonly #sort: HTMLSelectElement;
  readonly #descending = el(
    "button",
    {
      class: "round list-turn",
      type: "button",
      "aria-pressed": "false",
      "aria-label": texts.list.descending,
      title: texts.list.descending,
    },
    icon(TURN),
  );
  readonly #exports: ExportMenu;
  #rows: Uint32Array = new Uint32Array();
  #wish = 0;
  #timer = 0;

  constructor(
    source: DataSource,
    store: Store,
    explorer: Explorer,
    page: { sight: () => Rectangle; chosen: (row: number) => void },
  ) {
    this.#source = source;
    this.#store = store;
    this.#explorer = explorer;
    this.#sight = page.sight;
    this.#rowList = new RowList(source, page.chosen);
    this.#sort = this.#sorts();
    this.#exports = new ExportMenu(source, {
      rows: () => this.#rows,
      attempt: (work) => this.#explorer.attempt(work),
    });
    this.tools.append(this.#exports.element);
    this.element = el("div", { class: "list" }, this.#head(), this.#rowList.element);
    this.#watch();
  }

  /** The rows that are listed, in their order. */
  get rows(): Uint32Array {
    return this.#rows;
  }

  /** To be called when the map has moved. */
  moved(): void {
    if (this.#store.state.pane !== "list" || !this.#bySight) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#refresh(), REST_MS);
  }

  get #isDescending(): boolean {
    return this.#descending.getAttribute("aria-pressed") === "true";
  }

  /** True if the list follows the map. */
  get #bySight(): boolean {
    return this.#onlySight.checked || this.#store.state.found === "all";
  }

  #watch(): void {
    const again = (): void => void this.#refresh();
    this.#onlySight.addEventListener("change", again);
    this.#sort.addEventListener("change", again);
    this.#descending.addEventListener("click", () => {
      this.#descending.setAttribute("aria-pressed", String(!this.#isDescending));
      again();
    });
    this.#store.watch(({ found, pane }) => (pane === "list" ? found : null), again);
    this.#store.watch(
      ({ selection }) => selection?.id ?? null,
      (id) => {
        this.#rowList.mark(id);
      },
    );
  }

  #head(): HTMLElement {
    const sight = el("label", { class: "list-sight" }, this.#onlySight, texts.list.onlyInSight);
    const sorted = el("div", { class: "list-sorted" }, this.#sort, this.#descending);
    const how = el("div", { class: "list-how" }, sorted, sight);
    return el(
      "div",
      { class: "list-head" },
      el("div", { class: "list-top" }, this.#count, this.tools),
      this.#exports.said,
      how,
    );
  }

  #sorts(): HTMLSelectElement {
    const { dictionaries, numbers } = this.#source.atlas;
    const columns = [...dictionaries, ...(numbers ?? [])].filter(({ n }) => n > 1);
    return el(
      "select",
      { class: "choice", "aria-label": texts.list.sort },
      el("option", { value: "" }, texts.list.place),
      ...columns.map(({ column, label }) => el("option", { value: column }, label)),
    );
  }

  async #refresh(): Promise<void> {
    const { found, pane } = this.#store.state;
    if (pane !== "list" || found === null) return;
    const wish = ++this.#wish;
    const rows = await this.#explorer.attempt(async () => {
      const chosen = found === "all" ? null : found;
      const seen = this.#bySight ? await this.#inSight() : null;
      const both = chosen && seen ? chosen.and(seen) : (chosen ?? seen);
      return ordered(this.#source, both, this.#sort.value || null, this.#isDescending);
    });
    if (!rows || wish !== this.#wish) return;
    this.#rows = rows;
    this.#count.textContent = this.#countText(rows.length);
    this.#exports.count(rows.length);
    this.element.classList.toggle("empty", rows.length === 0);
    this.#rowList.show(rows);
  }

  #countText(n: number): string {
    if (n === 0) return texts.list.empty;
    const count = this.#bySight ? texts.list.inSight(n) : texts.list.found(n);
    return n > MOST_LINES ? `${count}. ${texts.list.first(MOST_LINES)}` : count;
  }

  /** The media whose centres are in the window; null for all. */
  async #inSight(): Promise<RowSet | null> {
    const area = this.#sight();
    const runs = await this.#source.runsWithin(area);
    const count = runs.reduce((sum, { first, end }) => sum + end - first, 0);
    if (count > EXACT) return rowsOfPlaces(this.#source, runs, this.#source.n);
    const inside: number[] = [];
    for (const places of await Promise.all(runs.map((run) => this.#source.places(run)))) {
      const { x, y } = places;
      for (let i = 0; i < x.length; i++)
        if (isWithin(area, x[i] ?? NaN, y[i] ?? NaN)) inside.push(rowAt(places, i));
    }
    return RowSet.ofNumbers(this.#source.n, [inside]);
  }
}

function isWithin({ left, top, right, bottom }: Rectangle, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}
