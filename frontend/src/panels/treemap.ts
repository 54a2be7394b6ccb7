import "./treemap.css";

import type { DataSource } from "../data/source";
import { toggleValue } from "../query";
import { CLASS_COLOURS, css, NONE_COLOUR, OTHER_COLOUR, type Rgb } from "../select/palettes";
import { type Box, squarified } from "../select/squares";
import type { Store } from "../store";
import { button, el } from "../ui/dom";
import { isItalicRank } from "../ui/names";
import { texts } from "../ui/texts";
import type { Explorer } from "./explorer";
import { type Division, divisionsOf, type Group, groupsOf, sizeOf } from "./treemapcounts";

/** Height of the name of a group, and boxes that are too small for one, in pixels. */
const HEAD_PX = 18;
const NAMED_PX = { width: 44, height: 20 } as const;

/** The panel that shows how media are shared out among the values of a column, as areas. */
export class TreemapPane {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #explorer: Explorer;
  readonly #divisions: readonly Division[];
  readonly #select: HTMLSelectElement;
  readonly #plane = el("div", { class: "treemap-plane", role: "group" });
  readonly #note = el("p", { class: "treemap-note", role: "status" });
  #groups: readonly Group[] = [];
  #others = 0;
  #wish = 0;

  constructor(source: DataSource, store: Store, explorer: Explorer) {
    this.#source = source;
    this.#store = store;
    this.#explorer = explorer;
    this.#divisions = divisionsOf(source);
    this.#select = el(
      "select",
      { class: "choice", "aria-label": texts.treemap.by },
      ...this.#divisions.map(({ label }, i) => el("option", { value: i }, label)),
    );
    const parts = this.#divisions.length
      ? [this.#select, this.#plane, this.#note]
      : [el("p", { class: "pane-empty" }, texts.filters.empty)];
    this.element = el("div", { class: "treemap" }, ...parts);
    this.#listen();
  }

  #listen(): void {
    const again = (): void => void this.#refresh();
    this.#select.addEventListener("change", again);
    this.#store.watch(({ found, pane }) => (pane === "treemap" ? found : null), again);
    this.#plane.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    new ResizeObserver(() => {
      this.#draw();
    }).observe(this.#plane);
  }

  get #division(): Division | undefined {
    return this.#divisions[Number(this.#select.value)];
  }

  async #refresh(): Promise<void> {
    const { found, pane } = this.#store.state;
    const division = this.#division;
    if (pane !== "treemap" || found === null || !division) return;
    const wish = ++this.#wish;
    const counted = await this.#explorer.attempt(() =>
      groupsOf(this.#source, this.#explorer, division),
    );
    if (!counted || wish !== this.#wish) return;
    [this.#groups, this.#others] = [counted.groups, counted.others];
    this.#plane.setAttribute("aria-label", division.label);
    this.#note.textContent = this.#others > 0 ? texts.treemap.others(this.#others) : "";
    this.#draw();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#plane;
    const division = this.#division;
    if (!division || !width || !height) return;
    const focused = this.#plane.querySelector<HTMLElement>(":focus")?.dataset["value"];
    const whole = { x: 0, y: 0, width, height };
    const boxes = squarified(this.#groups.map(sizeOf), whole);
    const made = this.#groups.flatMap((group, i) => {
      const box = boxes[i] ?? whole;
      return group.text === null
        ? this.#boxes(group, box, division, null)
        : this.#group(group, box, division, colourOf(i));
    });
    this.#plane.replaceChildren(...made);
    const buttons = [...this.#plane.querySelectorAll("button")];
    const at = buttons.find(({ dataset }) => dataset["value"] === focused);
    (at ?? buttons[0])?.setAttribute("tabindex", "0");
    if (focused !== undefined) at?.focus();
  }

  /** A group: its name, and below it the boxes of its values. */
  #group(group: Group, box: Box, division: Division, colour: Rgb): HTMLElement[] {
    const named = box.height > 2 * HEAD_PX && box.width > NAMED_PX.width;
    const head = named ? HEAD_PX : 0;
    const name = el(
      "span",
      { class: "treemap-head" },
      group.text === "" ? texts.filters.none : group.text,
    );
    const rest = { ...box, y: box.y + head, height: box.height - head };
    const boxes = this.#boxes(group, rest, division, colour);
    return named ? [place(name, { ...box, height: head }), ...boxes] : boxes;
  }

  #boxes(group: Group, box: Box, division: Division, colour: Rgb | null): HTMLElement[] {
    const boxes = squarified(
      group.shares.map(({ count }) => count),
      box,
    );
    const asked = this.#store.state.query.values.get(division.column) ?? [];
    return group.shares.map(({ text, count }, i) => {
      const here = boxes[i] ?? box;
      const fits = here.width > NAMED_PX.width && here.height > NAMED_PX.height;
      const italic = isItalicRank(division.column) || division.column === "scientificName";
      const name = el(italic ? "i" : "span", { class: "treemap-name" }, text);
      const tall = here.height > 2 * NAMED_PX.height;
      const number = el("span", { class: "treemap-count" }, texts.count(count));
      const label = texts.filters.value(text, count);
      const made = button(
        {
          ...{ class: "treemap-box", tabindex: -1, title: label, "aria-label": label },
          ...{ "aria-pressed": String(asked.includes(text)), "data-value": text },
        },
        () => {
          const { query } = this.#store.state;
          this.#store.set({ query: toggleValue(query, division.column, text) });
        },
        fits ? name : null,
        fits && tall ? number : null,
      );
      const fill = colour ?? colourOf(i);
      made.style.setProperty("--fill", css(fill));
      made.style.setProperty("--on-fill", inkOn(fill));
      made.classList.toggle("aside", asked.length > 0 && !asked.includes(text));
      return place(made, here);
    });
  }

  /** Arrow keys go from box to box; Tab leaves them. */
  #key(event: KeyboardEvent): void {
    const buttons = [...this.#plane.querySelectorAll("button")];
    const at = buttons.findIndex((one) => one === document.activeElement);
    const last = buttons.length - 1;
    const places: Record<string, number> = {
      ...{ ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 },
      ...{ Home: 0, End: last },
    };
    const wanted = places[event.key];
    if (wanted === undefined || at < 0) return;
    event.preventDefault();
    buttons[at]?.setAttribute("tabindex", "-1");
    const next = buttons[Math.min(Math.max(wanted, 0), last)];
    next?.setAttribute("tabindex", "0");
    next?.focus();
  }
}

function place<E extends HTMLElement>(element: E, { x, y, width, height }: Box): E {
  const px = { left: x, top: y, width, height };
  for (const [name, value] of Object.entries(px)) element.style.setProperty(name, `${value}px`);
  return element;
}

function colourOf(i: number): Rgb {
  return CLASS_COLOURS[i] ?? (i % 2 ? NONE_COLOUR : OTHER_COLOUR);
}

/** Black or white, whichever is read better on a colour (WCAG 2, relative luminance). */
export function inkOn(colour: Rgb): string {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return light > 0.179 ? "#000" : "#fff";
}
