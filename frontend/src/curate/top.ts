import { button, el } from "../ui/dom";
import type { Order, Tool } from "./api";
import type { Session } from "./schema";
import { texts } from "./texts";

/** What the head of the page asks for. */
export interface TopActions {
  readonly find: (name: string) => void;
  readonly undo: () => void;
  readonly help: () => void;
}

const ORDERS: readonly Order[] = ["worst", "least-sure", "unseen"];
const TOOLS: readonly Tool[] = ["cutout", "upright"];

/** The head of the page: whose collection, which tool, how far, and a way to any medium. */
export class Top {
  readonly element: HTMLElement;
  readonly #place = el("span", { class: "top-place" });
  readonly #count: HTMLButtonElement;
  readonly #find = el("input", {
    class: "find",
    type: "search",
    placeholder: texts.findLabel,
    "aria-label": texts.findLabel,
    title: `${texts.findLabel} (/). ${texts.drop}.`,
    autocomplete: "off",
    spellcheck: "false",
  });

  constructor(tool: Tool, order: Order, session: Session, actions: TopActions) {
    this.#count = button({ class: "top-count", title: `${texts.undo} (U)` }, actions.undo);
    const form = el("form", { class: "find-form", role: "search" }, this.#find);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.#find.value.trim();
      this.#find.value = "";
      this.#find.blur();
      if (name) actions.find(name);
    });
    this.element = el(
      "header",
      { class: "top" },
      el("h1", { class: "top-title" }, session.title),
      tabs(tool),
      orders(order),
      el("span", { class: "top-progress" }, this.#place, this.#count),
      form,
      button(
        { class: "tool", "aria-label": texts.help, title: `${texts.help} (?)` },
        actions.help,
        "?",
      ),
    );
  }

  focusFind(): void {
    this.#find.focus();
  }

  refresh(index: number, n: number, statements: number): void {
    this.#place.textContent = index < 0 ? "" : texts.place(index, n);
    this.#count.replaceChildren(
      texts.statements(statements),
      el("span", { class: "top-undo" }, texts.undo),
    );
    this.#count.disabled = statements === 0;
    this.#count.title = `${texts.made(statements)} ${texts.undo} (U)`;
  }
}

function tabs(tool: Tool): HTMLElement {
  const links = TOOLS.map((one) =>
    el(
      "a",
      { class: "tab", href: `?tool=${one}`, "aria-current": one === tool && "page" },
      texts.tools[one],
    ),
  );
  return el("nav", { class: "tabs", "aria-label": texts.toolsLabel }, ...links);
}

function orders(order: Order): HTMLElement {
  const select = el(
    "select",
    { class: "order", "aria-label": texts.order },
    ...ORDERS.map((one) =>
      el("option", { value: one, selected: one === order }, texts.orders[one]),
    ),
  );
  select.addEventListener("change", () => {
    const place = new URL(window.location.href);
    place.searchParams.set("order", select.value);
    place.searchParams.delete("id");
    window.location.assign(place);
  });
  return select;
}
