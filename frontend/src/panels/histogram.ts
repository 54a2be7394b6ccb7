import "./histogram.css";

import type { Span } from "../query";
import type { Histogram as Bins } from "../select/filters";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";
import { spanText } from "./chips";

/** Bars of a histogram: a few hundred would be too thin to see. */
export const MOST_BARS = 60;

/** A key with Shift, or Page Up and Page Down, goes so much further. */
const LEAP = 10;

/** After the last key the window is settled. */
const REST_MS = 350;

/** What a histogram shows: a column of numbers. */
export interface NumberColumnInfo {
  readonly column: string;
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly bin_width: number;
  /** Media whose number their source calls approximate. */
  readonly approximate?: number;
}

/** What a histogram tells the page: a window, `settled` unless it is still being drawn. */
export type SpanChosen = (span: Span | null, settled: boolean) => void;

type Grip = "from" | "to" | "window";

/** How many media have which number, and a window to draw over them: by pointer and by keys. */
export class Histogram {
  readonly element: HTMLElement;
  readonly #info: NumberColumnInfo;
  readonly #step: number;
  readonly #chosen: SpanChosen;
  readonly #bars = el("div", { class: "bars", "aria-hidden": true });
  readonly #window = el("div", { class: "bars-window" });
  readonly #field = el("div", { class: "bars-field" }, this.#bars, this.#window);
  readonly #value = el("span", { class: "bars-value" });
  readonly #reset: HTMLButtonElement;
  readonly #grips: Record<"from" | "to", HTMLElement>;
  #span: Span;
  /** The whole width: from the least number to the end of the last bar. */
  #extent: number;
  #timer = 0;

  /** `without` is how many media have no number. */
  constructor(info: NumberColumnInfo, chosen: SpanChosen, without = 0) {
    this.#info = info;
    this.#chosen = chosen;
    const [low, high] = this.#limits;
    this.#span = [low, high];
    this.#step = Number.isInteger(low) && Number.isInteger(info.bin_width) ? 1 : info.bin_width;
    this.#extent = high - low + this.#step;
    this.#grips = { from: this.#grip("from"), to: this.#grip("to") };
    this.#reset = this.#resetButton();
    this.#field.append(this.#grips.from, this.#grips.to);
    const ends = [low, high].map((number) => el("span", {}, numberText(number)));
    this.element = el(
      "section",
      { class: "histogram", "data-column": info.column, "aria-label": info.label },
      el("div", { class: "bars-head" }, el("h3", {}, info.label), this.#value, this.#reset),
      this.#field,
      el("div", { class: "bars-ends", "aria-hidden": true }, ...ends),
      this.#noteOn(without),
    );
    this.#listen();
    this.ask(null);
  }

  /** Show the window that is asked for. */
  ask(span: Span | null): void {
    this.#span = span ?? this.#limits;
    this.#reset.style.visibility = span ? "visible" : "hidden";
    this.#value.textContent = span ? spanText(span) : texts.filters.any;
    this.#place();
  }

  /** Show how many media have which number: of those that else are asked for, before all. */
  fill({ counts, all, binWidth }: Bins): void {
    this.#extent = binWidth * all.length;
    const most = Math.max(1, ...all);
    const bars = Array.from(all, (n, i) => {
      const parts = [part("bar-whole", n / most), part("bar-part", (counts[i] ?? 0) / most)];
      return el("span", { class: "bar" }, ...parts);
    });
    this.#bars.replaceChildren(...bars);
    this.#place();
  }

  /** Return what bars cannot tell: how many have no number, or one that is approximate. */
  #noteOn(without: number): HTMLElement | null {
    const { approximate = 0 } = this.#info;
    const notes = [
      approximate ? texts.filters.approximate(approximate) : "",
      without ? texts.filters.without(without) : "",
    ].filter(Boolean);
    return notes.length ? el("p", { class: "bars-without" }, notes.join(" · ")) : null;
  }

  #resetButton(): HTMLButtonElement {
    const label = texts.filters.reset(this.#info.label);
    const reset = (): void => {
      this.#chosen(null, true);
    };
    const cross = icon(ICONS.close);
    return button({ class: "round bars-reset", "aria-label": label, title: label }, reset, cross);
  }

  get #limits(): Span {
    return [this.#info.minimum, this.#info.maximum];
  }

  #place(): void {
    const [from, to] = this.#span;
    const [least] = this.#limits;
    const left = (from - least) / this.#extent;
    const right = (to - least + this.#step) / this.#extent;
    this.#window.style.left = `${100 * left}%`;
    this.#window.style.width = `${100 * (right - left)}%`;
    this.#grips.from.style.left = `${100 * left}%`;
    this.#grips.to.style.left = `${100 * right}%`;
    for (const [name, number] of [
      ["from", from],
      ["to", to],
    ] as const) {
      this.#grips[name].setAttribute("aria-valuenow", String(number));
      this.#grips[name].setAttribute("aria-valuetext", numberText(number));
    }
    const bars = [...this.#bars.children];
    for (const [i, bar] of bars.entries()) {
      const middle = (i + 0.5) / bars.length;
      bar.classList.toggle("out", middle < left || middle > right);
    }
  }

  #grip(which: "from" | "to"): HTMLElement {
    const { label } = this.#info;
    const [low, high] = this.#limits;
    const grip = el("div", {
      class: `grip grip-${which}`,
      role: "slider",
      tabindex: 0,
      "aria-label": texts.filters[which](label),
      "aria-valuemin": low,
      "aria-valuemax": high,
      "aria-orientation": "horizontal",
    });
    grip.addEventListener("keydown", (event) => {
      const step = this.#stepOf(event);
      if (step === null) return;
      event.preventDefault();
      this.#move(which, step, this.#span);
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => {
        this.#tell(true);
      }, REST_MS);
    });
    return grip;
  }

  #stepOf({ key, shiftKey }: KeyboardEvent): number | null {
    const one = (shiftKey ? LEAP : 1) * this.#step;
    const steps: Record<string, number> = {
      ArrowLeft: -one,
      ArrowDown: -one,
      ArrowRight: one,
      ArrowUp: one,
      PageDown: -LEAP * this.#step,
      PageUp: LEAP * this.#step,
      Home: -Infinity,
      End: Infinity,
    };
    return steps[key] ?? null;
  }

  /** Move a grip, or the whole window, by some units from where it was. */
  #move(grip: Grip, by: number, [from, to]: Span): void {
    const [least, greatest] = this.#limits;
    const round = (number: number): number =>
      Number((least + Math.round((number - least) / this.#step) * this.#step).toFixed(6));
    const within = (number: number, low: number, high: number): number =>
      Math.min(Math.max(round(Math.min(Math.max(number, low), high)), low), high);
    if (grip === "from") this.#span = [within(from + by, least, to), to];
    else if (grip === "to") this.#span = [from, within(to + by, from, greatest)];
    else {
      const start = within(from + by, least, greatest - (to - from));
      this.#span = [start, start + to - from];
    }
    this.#place();
    this.#tell(false);
  }

  #tell(settled: boolean): void {
    window.clearTimeout(this.#timer);
    const [from, to] = this.#span;
    const [least, greatest] = this.#limits;
    const all = from <= least && to >= greatest;
    this.#chosen(all ? null : [from, to], settled);
  }

  #listen(): void {
    let held: { grip: Grip; x: number; span: Span } | null = null;
    this.#field.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      const grip = this.#gripAt(event);
      // a press beside the window begins another one there
      if (!grip) this.#span = this.#pointSpan(event);
      held = { grip: grip ?? "to", x: event.clientX, span: this.#span };
      this.#field.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.#field.addEventListener("pointermove", (event) => {
      if (!held) return;
      const by = ((event.clientX - held.x) / this.#field.clientWidth) * this.#extent;
      this.#drag(held.grip, by, held.span);
    });
    const end = (): void => {
      if (held) this.#tell(true);
      held = null;
    };
    this.#field.addEventListener("pointerup", end);
    this.#field.addEventListener("pointercancel", end);
  }

  /** A new window may be drawn to either side. */
  #drag(grip: Grip, by: number, span: Span): void {
    const fresh = span[0] === span[1] && grip === "to";
    this.#move(fresh && by < 0 ? "from" : grip, by, span);
  }

  #gripAt({ target }: Event): Grip | null {
    if (target === this.#grips.from) return "from";
    if (target === this.#grips.to) return "to";
    const [from, to] = this.#span;
    const [least, greatest] = this.#limits;
    const all = from <= least && to >= greatest;
    return target === this.#window && !all ? "window" : null;
  }

  #pointSpan({ clientX }: MouseEvent): Span {
    const { left, width } = this.#field.getBoundingClientRect();
    const [least, greatest] = this.#limits;
    const share = Math.min(Math.max((clientX - left) / width, 0), 1);
    const at = Math.floor((share * this.#extent) / this.#step) * this.#step + least;
    const point = Math.min(at, greatest);
    return [point, point];
  }
}

function part(name: string, share: number): HTMLElement {
  const made = el("span", { class: name, hidden: share === 0 });
  made.style.height = `${100 * share}%`;
  return made;
}

function numberText(number: number): string {
  return String(Number(number.toFixed(2)));
}
