import "./colours.css";

import type { ReadableAtlas } from "../data/open";
import { type Query, type Span, withSpan, withValues } from "../query";
import { type Colouring, countsOf, type LegendEntry } from "../select/colours";
import type { Store } from "../store";
import { button, el } from "../ui/dom";
import { isItalicRank } from "../ui/names";
import { texts } from "../ui/texts";
import { spanText } from "./chips";
import type { Explorer } from "./explorer";

/** The panel that says by what the map is coloured, and which colour is what. */
export class ColoursPane {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #select: HTMLSelectElement;
  readonly #atlas: ReadableAtlas;
  readonly #legend = el("ul", { class: "legend" });
  readonly #hint = el("p", { class: "legend-hint" }, texts.colours.one);
  readonly #explorer: Pick<Explorer, "besides">;
  #colouring: Colouring | null = null;
  #wish = 0;

  constructor(atlas: ReadableAtlas, store: Store, explorer: Pick<Explorer, "besides">) {
    this.#atlas = atlas;
    this.#explorer = explorer;
    this.#store = store;
    const columns = [...atlas.dictionaries, ...(atlas.numbers ?? [])].filter(({ n }) => n > 0);
    this.#select = el(
      "select",
      { class: "choice", "aria-label": texts.colours.title },
      el("option", { value: "" }, texts.colours.plain),
      ...columns.map(({ column, label }) => el("option", { value: column }, label)),
    );
    this.#select.addEventListener("change", () => {
      store.set({ colour: this.#select.value || null });
    });
    this.element = el("div", { class: "colours" }, this.#select, this.#hint, this.#legend);
    store.watch(
      ({ colour }) => colour,
      (colour) => {
        this.#select.value = colour ?? "";
      },
    );
    store.onChange(
      ({ found }) => found,
      () => void this.#draw(),
    );
    this.show(null);
  }

  /** Show the colours of the map, or that it has none. */
  show(colouring: Colouring | null): void {
    this.#colouring = colouring;
    this.#hint.hidden = colouring === null;
    void this.#draw();
  }

  /** Count what else is asked for: a class that is seen alone leaves the others their counts. */
  async #draw(): Promise<void> {
    const wish = ++this.#wish;
    const colouring = this.#colouring;
    if (this.#store.state.found === null) return;
    const rows = colouring ? await this.#explorer.besides(colouring.column) : null;
    if (wish === this.#wish) this.#fill(colouring, colouring ? countsOf(colouring, rows) : []);
  }

  #fill(colouring: Colouring | null, counts: readonly number[]): void {
    const { query } = this.#store.state;
    const focused = this.#legend.contains(document.activeElement)
      ? [...this.#legend.querySelectorAll("button")].findIndex(
          (one) => one === document.activeElement,
        )
      : -1;
    const column = colouring?.column ?? "";
    const whole = this.#isWhole(column);
    const lines = (colouring?.legend ?? []).map((entry, i) =>
      this.#line(whole ? rounded(entry) : entry, counts[i] ?? 0, column, query),
    );
    this.#legend.replaceChildren(...lines);
    this.#legend.querySelectorAll("button")[focused]?.focus();
  }

  /** True if a column has whole numbers, such as years. */
  #isWhole(column: string): boolean {
    const told = this.#atlas.numbers?.find((one) => one.column === column);
    return Number.isInteger(told?.minimum) && Number.isInteger(told?.bin_width);
  }

  #line(entry: LegendEntry, count: number, column: string, query: Query): HTMLElement {
    const asks = wishOf(entry, column);
    const alone = asks?.isAsked(query) ?? false;
    const swatch = el("span", { class: "swatch", "aria-hidden": true });
    swatch.style.background = entry.colour;
    const name = nameOf(entry, column);
    const number = el("span", { class: "legend-count" }, texts.count(count));
    if (!asks) return el("li", {}, el("span", { class: "legend-line" }, swatch, name, number));
    const toggle = (): void => {
      const { query: now } = this.#store.state;
      this.#store.set({ query: alone ? asks.withoutIt(now) : asks.withIt(now) });
    };
    const line = button(
      { class: "legend-line", "aria-pressed": String(alone) },
      toggle,
      swatch,
      name,
      number,
    );
    line.classList.toggle("none", count === 0);
    return el("li", {}, line);
  }
}

/** The whole numbers of an entry; the end of all but the last is not among them. */
function rounded(entry: LegendEntry): LegendEntry {
  if (entry.kind !== "range") return entry;
  const { low, high } = entry;
  const last = Number.isInteger(high) ? high : Math.ceil(high) - 1;
  return { ...entry, low: Math.ceil(low), high: Math.max(Math.ceil(low), last) };
}

/** How one class is asked for alone. */
interface Wish {
  isAsked(query: Query): boolean;
  withIt(query: Query): Query;
  withoutIt(query: Query): Query;
}

function wishOf(entry: LegendEntry, column: string): Wish | null {
  if (entry.kind === "range") {
    const span: Span = [entry.low, entry.high];
    return {
      isAsked: ({ spans }) => spans.get(column)?.join() === span.join(),
      withIt: (query) => withSpan(query, column, span),
      withoutIt: (query) => withSpan(query, column, null),
    };
  }
  if (entry.kind === "other") return null;
  const text = entry.kind === "value" ? entry.text : "";
  return {
    isAsked: ({ values }) => values.get(column)?.join("\n") === text && values.has(column),
    withIt: (query) => withValues(query, column, [text]),
    withoutIt: (query) => withValues(query, column, []),
  };
}

function nameOf(entry: LegendEntry, column: string): HTMLElement {
  const italic = entry.kind === "value" && (isItalicRank(column) || column === "scientificName");
  return el(italic ? "i" : "span", { class: "legend-name" }, labelOf(entry));
}

function labelOf(entry: LegendEntry): string {
  if (entry.kind === "value") return entry.text;
  if (entry.kind === "range") return spanText([entry.low, entry.high]);
  if (entry.kind === "none") return texts.colours.none;
  return `${texts.colours.others} (${texts.count(entry.values)})`;
}
