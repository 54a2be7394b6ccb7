import "./chips.css";

import {
  EVERYTHING,
  findsAll,
  type Query,
  type Span,
  toggleValue,
  withoutWord,
  withSpan,
} from "../query";
import type { ReadableAtlas } from "../data/open";
import type { Found, Store } from "../store";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";

/** One thing that is asked for, and the query without it. */
interface Wish {
  readonly name: string;
  readonly without: Query;
}

/** Make the line that says what is looked for and how much of it there is. */
export function chips(atlas: ReadableAtlas, store: Store): HTMLElement {
  const count = el("p", { class: "found-count", role: "status" });
  const list = el("ul", { class: "chips", "aria-label": texts.found.chips });
  const reset = button(
    { class: "found-reset" },
    () => {
      store.set({ query: EVERYTHING });
    },
    texts.found.reset,
  );
  const head = el("div", { class: "found-head" }, count, reset);
  const element = el("section", { class: "found", "aria-label": texts.found.chips }, head, list);
  store.watch(
    ({ query }) => query,
    (query) => {
      element.hidden = findsAll(query);
      list.replaceChildren(...wishes(query, atlas).map((wish) => chip(wish, store)));
    },
  );
  store.watch(
    ({ found }) => found,
    (found) => {
      count.textContent = countOf(found, atlas.n_media);
    },
  );
  return element;
}

function countOf(found: Found, all: number): string {
  if (found === null) return texts.found.looking;
  return found === "all" ? "" : texts.found.some(found.count, all);
}

function chip({ name, without }: Wish, store: Store): HTMLElement {
  const label = texts.found.without(name);
  const off = (): void => {
    store.set({ query: without });
  };
  const cross = icon(ICONS.close);
  return el(
    "li",
    {},
    button({ class: "chip", "aria-label": label, title: label }, off, el("span", {}, name), cross),
  );
}

function wishes(query: Query, atlas: ReadableAtlas): Wish[] {
  const list: Wish[] = [];
  for (const [column, values] of query.values)
    for (const name of values)
      list.push({ name: name || texts.filters.none, without: toggleValue(query, column, name) });
  for (const [column, span] of query.spans) {
    const label = atlas.numbers?.find((one) => one.column === column)?.label ?? column;
    list.push({ name: `${label} ${spanText(span)}`, without: withSpan(query, column, null) });
  }
  for (const word of query.words)
    list.push({ name: `“${word.word}”`, without: withoutWord(query, word) });
  if (query.area) list.push({ name: texts.found.area, without: { ...query, area: null } });
  return list;
}

/** A span for people, such as 1900–1950. */
export function spanText([least, greatest]: Span): string {
  const [from, to] = [Number(least.toFixed(2)), Number(greatest.toFixed(2))];
  return from === to ? String(from) : `${from}–${to}`;
}
