import "./list.css";

import { rowsOfPlaces } from "../data/numbering";
import type { Rectangle } from "../data/morton";
import { rowAt } from "../data/points";
import type { DataSource } from "../data/source";
import { RowSet } from "../select/rows";
import type { Store } from "../store";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";
import { csvOf, download } from "./export";
import type { Explorer } from "./explorer";
import { ordered } from "./order";
import { MOST_LINES, RowList } from "./rowlist";

/** Of more rows those that lie just outside the window are listed too. */
const EXACT = 20_000;

/** The map has to rest so long before the list follows it. */
const REST_MS = 250;

/** The link says for so long that it was copied. */
const SAID_MS = 2000;

/** The list of what was found, or of what is in sight: all that the map shows, for reading. */
export class ListPane {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #explorer: Explorer;
  readonly #sight: () => Rectangle;
  readonly #count = el("p", { class: "list-count", role: "status" });
  readonly #rowList: RowList;
  readonly #onlySight = el("input", { type: "checkbox" });
  readonly #sort: HTMLSelectElement;
  readonly #csv: HTMLButtonElement;
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
    this.#csv = button(
      { class: "quiet", title: texts.list.csvHint, "aria-label": texts.list.csvHint },
      () => void this.#explorer.attempt(() => this.#export()),
      icon(ICONS.download),
      el("span", {}, texts.list.csv),
    );
    this.element = el("div", { class: "list" }, this.#head(), this.#rowList.element);
    this.#watch();
  }

  /** To be called when the map has moved. */
  moved(): void {
    if (this.#store.state.pane !== "list" || !this.#bySight) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#refresh(), REST_MS);
  }

  /** True if the list follows the map. */
  get #bySight(): boolean {
    return this.#onlySight.checked || this.#store.state.found === "all";
  }

  #watch(): void {
    const again = (): void => void this.#refresh();
    this.#onlySight.addEventListener("change", again);
    this.#sort.addEventListener("change", again);
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
    const link = button(
      // elsewhere browsers let no page write to the clipboard; the address bar has the link too
      { class: "quiet", hidden: !window.isSecureContext },
      () => void this.#copyLink(link),
      icon(ICONS.link),
      el("span", {}, texts.list.link),
    );
    const tools = el("div", { class: "list-tools" }, this.#csv, link);
    const how = el("div", { class: "list-how" }, this.#sort, sight);
    return el(
      "div",
      { class: "list-head" },
      el("div", { class: "list-top" }, this.#count, tools),
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
      return ordered(this.#source, both, this.#sort.value || null);
    });
    if (!rows || wish !== this.#wish) return;
    this.#rows = rows;
    this.#count.textContent = this.#countText(rows.length);
    this.#csv.disabled = rows.length === 0;
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

  async #export(): Promise<void> {
    const [, label] = this.#csv.children;
    const rows = this.#rows;
    this.#csv.disabled = true;
    try {
      const text = await csvOf(this.#source, rows, (done) => {
        if (label) label.textContent = texts.list.csvProgress(done, rows.length);
      });
      download(text, `${fileStem(this.#source.atlas.title)}-${rows.length}.csv`);
    } finally {
      this.#csv.disabled = false;
      if (label) label.textContent = texts.list.csv;
    }
  }

  async #copyLink(link: HTMLButtonElement): Promise<void> {
    const [, label] = link.children;
    await navigator.clipboard.writeText(window.location.href);
    if (!label) return;
    label.textContent = texts.list.linked;
    window.setTimeout(() => (label.textContent = texts.list.link), SAID_MS);
  }
}

function isWithin({ left, top, right, bottom }: Rectangle, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}

/** A title as the begin of a file name. */
function fileStem(title: string): string {
  const plain = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return plain.replace(/^-|-$/g, "") || "atlas";
}
