import "./welcome.css";

import type { ReadableAtlas } from "../data/open";
import type { Store } from "../store";
import { button, el, icon, ICONS } from "./dom";
import { texts } from "./texts";

/** Visits are told apart by the folder of the page: two atlases of one host each say welcome. */
const seenKey = (): string => `wk-welcome ${window.location.pathname}`;

/** Make the words of welcome over the map; hidden without any, and after the first visit. */
export function welcome(atlas: ReadableAtlas, store: Store): HTMLElement {
  const text = atlas.introduction?.trim() ?? "";
  const close = (): void => {
    board.hidden = true;
    remember();
  };
  const board = el(
    "aside",
    { class: "welcome", "aria-label": texts.welcome.title, hidden: !text || wasSeen() },
    button(
      { class: "round welcome-close", "aria-label": texts.close, title: texts.close },
      close,
      icon(ICONS.close),
    ),
    el("p", { class: "welcome-text" }, text),
    el(
      "p",
      { class: "welcome-ways" },
      button({ class: "plain" }, close, texts.welcome.begin),
      button(
        { class: "quiet" },
        () => {
          close();
          store.set({ about: true });
        },
        texts.welcome.more,
      ),
    ),
  );
  // whoever opens a card has begun
  store.onChange(
    ({ selection, pane }) => selection ?? pane,
    (begun) => {
      if (begun) close();
    },
  );
  return board;
}

function wasSeen(): boolean {
  try {
    return window.localStorage.getItem(seenKey()) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    window.localStorage.setItem(seenKey(), "seen");
  } catch {
    // a browser that keeps nothing says welcome again
  }
}
