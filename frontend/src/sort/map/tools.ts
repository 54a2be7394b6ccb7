import { button, el, icon, ICONS } from "../../ui/dom";
import { badge, choicesOf } from "../classes";
import { texts } from "./texts";
import type { SortState } from "../schema";

/** Which marks are shown. */
export type Marks = keyof typeof texts.kinds;

/** What the tools ask for. */
export interface ToolActions {
  readonly lasso: () => void;
  readonly sight: () => void;
  /** Other marks are to be shown. */
  readonly changed: () => void;
  readonly zoom: (steps: 1 | -1) => void;
  readonly whole: () => void;
}

/** The tools at the head of the map: selecting, which marks, zoom, and what the marks mean. */
export class MapTools {
  readonly element: HTMLElement;
  readonly legend = el("ul", { class: "map-legend", "aria-label": texts.legend });
  readonly #lasso: HTMLButtonElement;
  readonly #marks: HTMLSelectElement;
  readonly #fade = el("input", { type: "checkbox" });
  readonly #hint = el("p", { class: "map-hint", role: "status" });

  constructor(actions: ToolActions) {
    this.#lasso = button(
      { class: "plain", title: texts.lassoHint, "aria-pressed": "false", "aria-keyshortcuts": "L" },
      actions.lasso,
      texts.lasso,
    );
    this.#marks = marksChoice(actions.changed);
    this.#fade.addEventListener("change", actions.changed);
    const sight = { class: "plain", title: texts.sightHint, "aria-keyshortcuts": "A" };
    this.element = el(
      "div",
      { class: "map-tools" },
      this.#lasso,
      button(sight, actions.sight, texts.sight),
      el("label", { class: "map-field" }, el("span", {}, texts.marks), this.#marks),
      el("label", { class: "map-field" }, this.#fade, texts.fade),
      this.#hint,
      el("div", { class: "map-zoom" }, ...zooms(actions)),
    );
  }

  get marks(): Marks {
    return this.#marks.value as Marks;
  }

  /** True if the pictures step back behind the marks. */
  get fades(): boolean {
    return this.#fade.checked;
  }

  refresh({ classes, round }: SortState): void {
    const names = choicesOf(classes).map((choice) => el("li", {}, badge(choice)));
    const forms = round ? [form("filled", texts.said), form("hollow", texts.proposed)] : [];
    this.legend.replaceChildren(...names, ...forms);
  }

  /** Show whether the lasso is taken up, and a line about what can be done. */
  show(lassoing: boolean, hint: string): void {
    this.#lasso.setAttribute("aria-pressed", String(lassoing));
    this.element.classList.toggle("lassoing", lassoing);
    if (this.#hint.textContent !== hint) this.#hint.textContent = hint;
  }
}

function form(look: string, text: string): HTMLElement {
  return el(
    "li",
    { class: "legend-form" },
    el("span", { class: `legend-${look}`, "aria-hidden": true }),
    text,
  );
}

function marksChoice(changed: () => void): HTMLSelectElement {
  const options = Object.entries(texts.kinds).map(([value, text]) => el("option", { value }, text));
  const select = el("select", { class: "order" }, ...options);
  select.addEventListener("change", changed);
  return select;
}

function zooms({ zoom, whole }: ToolActions): HTMLElement[] {
  const made = (label: string, strokes: string, act: () => void): HTMLElement =>
    button({ class: "tool", "aria-label": label, title: label }, act, icon(strokes));
  return [
    made(texts.zoomIn, ICONS.plus, () => {
      zoom(1);
    }),
    made(texts.zoomOut, ICONS.minus, () => {
      zoom(-1);
    }),
    made(texts.whole, ICONS.whole, whole),
  ];
}
