import "./notices.css";

import type { Trouble } from "../data/errors";
import type { Store } from "../store";
import { button, el, icon, ICONS } from "./dom";
import { texts } from "./texts";

/** Make the place where messages appear while the rest of the page works on. */
export function noticeBoard(store: Store): HTMLElement {
  const board = el("div", { class: "notices", role: "status" });
  store.watch(
    (state) => state.notices,
    (notices) => {
      board.replaceChildren(...notices.map((trouble) => notice(trouble, store)));
    },
  );
  return board;
}

function notice(trouble: Trouble, store: Store): HTMLElement {
  const { title, hint } = texts.trouble(trouble);
  return el(
    "div",
    { class: "notice" },
    el("p", {}, el("strong", {}, title), " ", hint),
    button(
      { class: "round", "aria-label": texts.dismiss, title: texts.dismiss },
      () => {
        store.dismiss(trouble);
      },
      icon(ICONS.close),
    ),
  );
}

/** Make the page that stands for an atlas that cannot be opened at all. */
export function failurePage(trouble: Trouble, retry: () => void): HTMLElement {
  const { title, hint } = texts.trouble(trouble);
  return el(
    "main",
    { class: "failure" },
    el("div", { role: "alert" }, el("h1", {}, title), el("p", {}, hint)),
    button({ class: "plain" }, retry, texts.tryAgain),
  );
}
