import type { ListedValue, ValueList } from "../data/values";
import { button, el } from "../ui/dom";
import { isItalicRank } from "../ui/names";
import { texts } from "../ui/texts";

/** Values shown before somebody asks for more, and how many more come at a time. */
const FIRST = 6;
const MORE = 24;

/** A field to narrow the list is there from this many values on. */
const NARROWED = 12;

/** One column to filter by: its name, and its values with their counts. */
export interface FacetColumn {
  readonly column: string;
  readonly label: string;
  readonly n: number;
}

/** What a facet asks of the page. */
export interface FacetEvents {
  readonly toggle: (value: string) => void;
  /** It was opened: its values and counts are needed. */
  readonly opened: () => void;
}

/** The values of one column, as boxes to tick; counts follow what else is asked for. */
export class Facet {
  readonly element: HTMLDetailsElement;
  readonly #events: FacetEvents;
  readonly #italic: boolean;
  readonly #list = el("ul", { class: "facet-values" });
  readonly #foot = el("div", { class: "facet-foot" });
  readonly #chosen = el("span", { class: "facet-chosen" });
  readonly #narrow: HTMLInputElement;
  #values: ValueList | null = null;
  #counts: ArrayLike<number> = [];
  #asked: readonly string[] = [];
  #shown = FIRST;

  constructor({ column, label, n }: FacetColumn, events: FacetEvents) {
    this.#events = events;
    this.#italic = isItalicRank(column) || column === "scientificName";
    this.#narrow = el("input", {
      class: "facet-narrow",
      type: "search",
      placeholder: texts.filters.narrow(label),
      "aria-label": texts.filters.narrow(label),
      hidden: n < NARROWED,
      autocomplete: "off",
    });
    this.#narrow.addEventListener("input", () => {
      this.#draw();
    });
    const name = el("span", { class: "facet-label" }, label);
    const size = el("span", { class: "facet-size" }, texts.count(n));
    this.element = el(
      "details",
      { class: "facet", "data-column": column },
      el("summary", {}, name, this.#chosen, size),
      this.#narrow,
      this.#list,
      this.#foot,
    );
    this.element.addEventListener("toggle", () => {
      if (this.element.open) events.opened();
    });
  }

  /** Show which values are asked for. */
  ask(values: readonly string[]): void {
    this.#asked = values;
    this.#chosen.textContent = values.length ? texts.count(values.length) : "";
    this.#draw();
  }

  /** Show values and how many media, of those that else are asked for, have each. */
  fill(values: ValueList, counts: ArrayLike<number>): void {
    this.#values = values;
    this.#counts = counts;
    this.#draw();
  }

  #draw(): void {
    if (!this.#values || !this.element.open) return;
    const focused = document.activeElement?.getAttribute("data-code");
    const all = this.#ranked();
    const asked = all.slice(this.#shown).filter(({ text }) => this.#asked.includes(text));
    const shown = [...asked, ...all.slice(0, this.#shown)];
    const most = Math.max(1, ...all.slice(0, 1).map(({ code }) => this.#counts[code] ?? 0));
    this.#list.replaceChildren(...shown.map((value) => this.#line(value, most)));
    this.#foot.replaceChildren(...this.#more(all.length));
    if (focused) this.#list.querySelector<HTMLElement>(`[data-code="${focused}"]`)?.focus();
  }

  /** Those with most media first; what has none comes last, by name. */
  #ranked(): ListedValue[] {
    const wanted = this.#narrow.value.trim().toLocaleLowerCase();
    const count = ({ code }: ListedValue): number => this.#counts[code] ?? 0;
    return [...(this.#values?.values ?? [])]
      .filter(({ text }) => !wanted || text.toLocaleLowerCase().includes(wanted))
      .sort((a, b) => count(b) - count(a) || a.code - b.code);
  }

  #line(value: ListedValue, most: number): HTMLElement {
    const { code, text } = value;
    const count = this.#counts[code] ?? 0;
    const box = el("input", {
      type: "checkbox",
      "data-code": code,
      "aria-label": texts.filters.value(text, count),
    });
    box.checked = this.#asked.includes(text);
    box.addEventListener("change", () => {
      this.#events.toggle(text);
    });
    const name = el(this.#italic ? "i" : "span", { class: "facet-name", title: text }, text);
    const share = el("span", { class: "facet-share", "aria-hidden": true });
    share.style.transform = `scaleX(${count / most})`;
    const number = el("span", { class: "facet-count" }, texts.count(count));
    const line = el("label", { class: "facet-value" }, box, name, number, share);
    line.classList.toggle("none", count === 0);
    return el("li", {}, line);
  }

  #more(n: number): HTMLElement[] {
    const foot: HTMLElement[] = [];
    if (n > this.#shown) {
      const more = (): void => {
        this.#shown += MORE;
        this.#draw();
      };
      foot.push(button({ class: "quiet" }, more, texts.filters.more(n - this.#shown)));
    } else if (this.#values && !this.#values.whole)
      foot.push(el("p", {}, texts.filters.most(this.#values.values.length, this.#values.n)));
    return foot;
  }
}
