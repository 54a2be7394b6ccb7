import "./rowlist.css";

import type { DataSource } from "../data/source";
import type { Card } from "../schema";
import { el } from "../ui/dom";
import { dateOf } from "../ui/carddate";
import { nameOf, titleOf } from "../ui/names";
import { texts } from "../ui/texts";

/** Height of a line in pixels; rowlist.css says the same. */
const LINE_PX = 68;

/** Lines made above and below those in sight. */
const AROUND = 4;

/** Browsers draw no list longer than some 17 million pixels. */
export const MOST_LINES = 200_000;

/** A line has to be in sight so long before its card is asked for. */
const REST_MS = 60;

/** A list of media of which only the lines in sight exist; arrow keys go from line to line. */
export class RowList {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #chosen: (row: number) => void;
  readonly #lines = el("ul", {
    class: "rows-lines",
    // without marks before its lines it is no list to some screen readers
    role: "list",
    "aria-label": texts.list.title,
  });
  readonly #made = new Map<number, HTMLElement>();
  #rows: Uint32Array = new Uint32Array();
  #at = 0;
  #current: string | null = null;

  constructor(source: DataSource, chosen: (row: number) => void) {
    this.#source = source;
    this.#chosen = chosen;
    this.element = el("div", { class: "rows" }, this.#lines);
    this.element.addEventListener("scroll", () => {
      this.#draw();
    });
    this.element.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    new ResizeObserver(() => {
      this.#draw();
    }).observe(this.element);
  }

  /** Show the media of these rows: from where the visitor was if that is among them. */
  show(rows: Uint32Array): void {
    const before = this.#rows;
    if (rows.length === before.length && rows.every((row, i) => row === before[i])) return;
    const offset = this.#at * LINE_PX - this.element.scrollTop;
    const moved = this.#at > 0 || this.element.scrollTop > 0;
    const [here] = before.subarray(this.#at);
    const found = moved && here !== undefined ? rows.indexOf(here) : -1;
    const focused = this.#lines.contains(document.activeElement);
    this.#rows = rows;
    this.#at = found < this.#n ? Math.max(found, 0) : 0;
    this.#lines.replaceChildren();
    this.#made.clear();
    this.#lines.style.height = `${LINE_PX * this.#n}px`;
    this.element.scrollTop = found < 0 ? 0 : found * LINE_PX - offset;
    this.#draw();
    if (focused) this.#goTo(this.#at);
  }

  /** Mark the line of the medium whose card is open. */
  mark(id: string | null): void {
    this.#current = id;
    for (const line of this.#made.values()) this.#markLine(line);
  }

  get #n(): number {
    return Math.min(this.#rows.length, MOST_LINES);
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / LINE_PX) - AROUND);
    const end = Math.min(this.#n, Math.ceil((scrollTop + clientHeight) / LINE_PX) + AROUND);
    for (const [i, line] of this.#made)
      if (i < first || i >= end) {
        line.remove();
        this.#made.delete(i);
      }
    for (let i = first; i < end; i++) if (!this.#made.has(i)) this.#make(i);
  }

  #make(i: number): void {
    const row = this.#rows[i] ?? 0;
    const button = el(
      "button",
      { class: "row", type: "button", tabindex: i === this.#at ? 0 : -1 },
      el("span", { class: "row-picture" }),
      // a name for those who hear the line before it is read
      el("span", { class: "row-text" }, el("span", { class: "unseen" }, texts.card.loading)),
    );
    button.addEventListener("click", () => {
      this.#at = i;
      this.#chosen(row);
    });
    const line = el("li", { "aria-setsize": this.#n, "aria-posinset": i + 1 }, button);
    line.style.top = `${i * LINE_PX}px`;
    this.#made.set(i, line);
    const next = [...this.#made.keys()].filter((other) => other > i).sort((a, b) => a - b)[0];
    // the order of the lines in the page is that in which they are read out
    this.#lines.insertBefore(line, next === undefined ? null : (this.#made.get(next) ?? null));
    window.setTimeout(() => {
      if (this.#made.get(i) === line) void this.#fill(line, button, row);
    }, REST_MS);
  }

  async #fill(line: HTMLElement, button: HTMLElement, row: number): Promise<void> {
    const card = await this.#source.card(row).catch(() => null);
    const [picture, text] = button.children;
    if (!card) text?.replaceChildren(texts.list.unread);
    else {
      text?.replaceChildren(nameOf(card), el("span", { class: "row-more" }, moreOf(card)));
      picture?.replaceChildren(...thumbnail(card, this.#source));
      line.dataset["id"] = card.id;
      this.#markLine(line);
    }
  }

  #markLine(line: HTMLElement): void {
    const here = this.#current !== null && line.dataset["id"] === this.#current;
    if (here) line.firstElementChild?.setAttribute("aria-current", "true");
    else line.firstElementChild?.removeAttribute("aria-current");
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.element.clientHeight / LINE_PX) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined || !this.#n) return;
    event.preventDefault();
    this.#goTo(Math.min(Math.max(this.#at + step, 0), this.#n - 1));
  }

  #goTo(at: number): void {
    this.#made.get(this.#at)?.firstElementChild?.setAttribute("tabindex", "-1");
    this.#at = at;
    const { scrollTop, clientHeight } = this.element;
    const top = at * LINE_PX;
    if (top < scrollTop) this.element.scrollTop = top;
    if (top + LINE_PX > scrollTop + clientHeight)
      this.element.scrollTop = top + LINE_PX - clientHeight;
    this.#draw();
    const button = this.#made.get(at)?.querySelector("button");
    button?.setAttribute("tabindex", "0");
    button?.focus({ preventScroll: true });
  }
}

/** Make the small picture of a card; none if it has none. */
export function thumbnail(card: Card, source: DataSource, alt = ""): HTMLElement[] {
  const shown = card.upright ?? card.picture;
  if (!shown) return [];
  const image = el("img", { alt, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => {
    image.remove();
  });
  try {
    image.src = source.address(shown.path);
  } catch {
    return [];
  }
  return [image];
}

function moreOf(card: Card): string {
  return [card.place, dateOf(card)].filter(Boolean).join(" · ") || titleOf(card);
}
