import { button, el } from "../ui/dom";
import type { Labels, Order, Tool } from "./api";
import type { Session, Suspicions } from "./schema";
import type { ReviewQueue } from "./queue";
import { texts } from "./texts";

/** What the head of the page asks for. */
export interface TopActions {
  readonly find: (name: string) => void;
  readonly undo: () => void;
  readonly help: () => void;
}

/** What is reviewed: whose collection, with which tool, what of it, in which order. */
export interface Subject {
  readonly session: Session;
  readonly tool: Tool;
  readonly order: Order;
  /** Labels that can be reviewed; empty for other tools. */
  readonly suspicions: readonly Suspicions[];
  readonly labels: Labels | null;
}

const ORDERS: Record<Tool, readonly Order[]> = {
  cutout: ["worst", "least-sure", "unseen", "judged"],
  upright: ["worst", "least-sure", "unseen", "judged"],
  labels: ["worst", "unseen", "judged"],
};
const TOOLS: readonly Tool[] = ["cutout", "upright", "labels"];

/** The head of the page: whose collection, which tool, how far, and a way to any medium. */
export class Top {
  readonly element: HTMLElement;
  readonly #place = el("span", { class: "top-place" });
  readonly #judged = el("span", { class: "top-judged" });
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

  constructor(subject: Subject, actions: TopActions) {
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
      el("h1", { class: "top-title" }, subject.session.title),
      tabs(subject.tool),
      subject.labels && choices(subject.suspicions, subject.labels),
      orders(subject.tool, subject.order),
      el("span", { class: "top-progress" }, this.#place, this.#judged, this.#count),
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

  refresh(queue: ReviewQueue, statements: number): void {
    const { n, judged } = queue.progress;
    this.#place.textContent = queue.index < 0 ? "" : texts.place(queue.index, queue.n);
    this.#judged.textContent = n ? texts.judgedOf(judged) : "";
    this.#judged.title = texts.progress(judged, n);
    this.#judged.style.setProperty("--done", `${n ? (100 * judged) / n : 0}%`);
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

function orders(tool: Tool, order: Order): HTMLElement {
  const select = el(
    "select",
    { class: "order", "aria-label": texts.order },
    ...ORDERS[tool].map((one) =>
      el("option", { value: one, selected: one === order }, texts.orders[tool][one]),
    ),
  );
  select.addEventListener("change", () => {
    go({ order: select.value });
  });
  return select;
}

function choices(there: readonly Suspicions[], { rank, encoder }: Labels): HTMLElement {
  const select = el(
    "select",
    { class: "order which-labels", "aria-label": texts.labels.which },
    ...there.map((one, place) =>
      el(
        "option",
        { value: place, selected: one.rank === rank && one.encoder === encoder },
        texts.labels.choice(one.rank, one.encoder, one.n),
      ),
    ),
  );
  select.addEventListener("change", () => {
    const one = there[Number(select.value)];
    if (one) go({ rank: one.rank, encoder: one.encoder });
  });
  return select;
}

/** Load the page with something else asked for. */
function go(asked: Record<string, string>): void {
  const place = new URL(window.location.href);
  for (const [name, value] of Object.entries(asked)) place.searchParams.set(name, value);
  place.searchParams.delete("id");
  window.location.assign(place);
}
