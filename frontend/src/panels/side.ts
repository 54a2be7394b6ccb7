import "./side.css";

import { type Pane, PANES, type Store } from "../store";
import { button, el, icon, ICONS } from "../ui/dom";
import { Sheet } from "../ui/sheet";
import { texts } from "../ui/texts";

/** Height of the tools at the foot of a narrow window; side.css says the same. */
const TOOLS_PX = 54;

/** What stands at the side of the map. */
export interface SideParts {
  readonly plate: HTMLElement;
  /** Null where the atlas has no words to look for. */
  readonly search: HTMLElement | null;
  readonly found: HTMLElement;
  readonly panes: Readonly<Record<Pane, HTMLElement>>;
}

/** The left side of the page: title, search, tools, and the panel that is open. */
export class Side {
  readonly element: HTMLElement;
  readonly lead: HTMLElement;
  readonly #store: Store;
  readonly #title = el("h2", { id: "pane-title" });
  readonly #content = el("div", { class: "pane-content" });
  readonly #pane = el("section", { class: "pane", id: "pane", "aria-labelledby": "pane-title" });
  readonly #sheet: Sheet;
  readonly #panes: SideParts["panes"];
  readonly #tools = new Map<Pane, HTMLButtonElement>();

  constructor(store: Store, parts: SideParts) {
    this.#store = store;
    this.#panes = parts.panes;
    const tools = this.#makeTools();
    this.lead = el("div", { class: "lead" }, parts.plate, parts.search);
    const close = button(
      { class: "round", "aria-label": texts.close, title: texts.close },
      () => {
        this.#close();
      },
      icon(ICONS.close),
    );
    const head = el("header", { class: "pane-head" }, this.#title, close);
    this.#sheet = new Sheet(this.#pane, head, () => {
      this.#close();
    });
    this.#pane.append(this.#sheet.grip, head, this.#content);
    this.#pane.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#close();
    });
    this.lead.append(tools);
    this.element = el("div", { class: "side" }, this.lead, parts.found, this.#pane);
    store.watch(
      ({ pane }) => pane,
      (pane) => {
        this.#show(pane);
      },
    );
  }

  /** Pixels of the window that the title covers at the head; in a wide one it lies at the left. */
  get top(): number {
    return this.#sheet.active ? this.element.offsetTop + this.lead.offsetHeight : 0;
  }

  /** Pixels of the window that the side covers, at the left and at the foot. */
  get covered(): { left: number; bottom: number } {
    if (!this.#sheet.active)
      return { left: this.element.offsetLeft + this.element.offsetWidth, bottom: 0 };
    return { left: 0, bottom: TOOLS_PX + (this.#pane.hidden ? 0 : this.#sheet.height) };
  }

  #makeTools(): HTMLElement {
    for (const pane of PANES) {
      const toggle = (): void => {
        this.#store.set({ pane: this.#store.state.pane === pane ? null : pane });
      };
      this.#tools.set(pane, tool(texts.tools[pane], ICONS[pane], toggle));
    }
    const select = tool(texts.tools.select, ICONS.select, () => {
      this.#store.set({ drawing: this.#store.state.drawing ? null : "lasso" });
    });
    this.#store.watch(
      ({ drawing }) => drawing,
      (drawing) => {
        select.setAttribute("aria-pressed", String(drawing !== null));
      },
    );
    const buttons = [...this.#tools.values(), select];
    return el("nav", { class: "tools", "aria-label": texts.tools.all }, ...buttons);
  }

  #show(pane: Pane | null): void {
    const opening = this.#pane.hidden;
    this.#pane.hidden = pane === null;
    for (const [name, button] of this.#tools) {
      button.setAttribute("aria-expanded", String(name === pane));
      button.setAttribute("aria-controls", "pane");
    }
    if (!pane) return;
    if (opening) this.#sheet.reset();
    this.#pane.dataset["pane"] = pane;
    this.#title.textContent = texts[pane === "colour" ? "colours" : pane].title;
    this.#content.replaceChildren(this.#panes[pane]);
    this.#content.scrollTop = 0;
  }

  #close(): void {
    const { pane } = this.#store.state;
    this.#store.set({ pane: null });
    if (pane) this.#tools.get(pane)?.focus();
  }
}

function tool(label: string, strokes: string, action: () => void): HTMLButtonElement {
  return button({ class: "tool" }, action, icon(strokes), el("span", {}, label));
}
