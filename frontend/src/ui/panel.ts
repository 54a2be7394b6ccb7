import "./panel.css";

import type { Selection, Store } from "../store";
import { addLookButton } from "../look/button";
import { type CardPage, cardBody, cardHeading } from "./card";
import { button, el, icon, ICONS } from "./dom";
import { Sheet } from "./sheet";
import { texts } from "./texts";

/** What the panel asks of the page. */
export interface PanelActions {
  readonly close: () => void;
  readonly retry: () => void;
  /** Show the picture of the card at its full size. */
  readonly look: () => void;
}

/** The card: a panel at the right of a wide window, a sheet at the foot of a narrow one. */
export class Panel {
  readonly element: HTMLElement;
  readonly #heading = el("h2", { class: "panel-heading", tabindex: -1, id: "card-heading" });
  readonly #content = el("div", { class: "panel-content" });
  readonly #sheet: Sheet;
  readonly #page: CardPage;
  readonly #actions: PanelActions;

  constructor(store: Store, page: CardPage, actions: PanelActions) {
    this.#page = page;
    this.#actions = actions;
    const close = button(
      { class: "round panel-close", "aria-label": texts.close, title: texts.close },
      actions.close,
      icon(ICONS.close),
    );
    const head = el("header", { class: "panel-head" }, this.#heading, close);
    this.element = el("aside", { class: "panel", "aria-labelledby": "card-heading", hidden: true });
    this.#sheet = new Sheet(this.element, head, actions.close);
    this.element.append(this.#sheet.grip, head, this.#content);
    store.watch(
      (state) => state.selection,
      (selection) => {
        this.#show(selection);
      },
    );
  }

  /** Pixels of the window that the open panel covers, at the right and at the foot. */
  get covered(): { right: number; bottom: number } {
    if (this.element.hidden) return { right: 0, bottom: 0 };
    if (this.#sheet.active) return { right: 0, bottom: this.#sheet.height };
    return { right: document.documentElement.clientWidth - this.element.offsetLeft, bottom: 0 };
  }

  #show(selection: Selection | null): void {
    const opening = this.element.hidden && selection !== null;
    this.element.hidden = selection === null;
    if (!selection) return;
    this.element.dataset["status"] = selection.status;
    this.#heading.replaceChildren(this.#headingOf(selection));
    this.#content.replaceChildren(this.#contentOf(selection));
    this.#content.scrollTop = 0;
    if (opening) this.#sheet.reset();
    if (opening || selection.status === "open") this.#heading.focus({ preventScroll: true });
  }

  #headingOf(selection: Selection): Node | string {
    if (selection.status === "open") return cardHeading(selection.card);
    if (selection.status === "failed") return texts.trouble(selection.trouble).title;
    return el("span", { class: "panel-waiting" }, texts.card.loading);
  }

  #contentOf(selection: Selection): Node | string {
    if (selection.status === "open") {
      const body = cardBody(selection.card, selection.row, this.#page);
      addLookButton(body, this.#actions.look);
      return body;
    }
    if (selection.status === "failed")
      return el(
        "div",
        { class: "panel-failed", role: "alert" },
        el("p", {}, texts.trouble(selection.trouble).hint),
        button({ class: "plain" }, this.#actions.retry, texts.tryAgain),
      );
    return el("div", { class: "panel-skeleton", "aria-hidden": true });
  }
}
