import "./layouts.css";

import type { Layout } from "../schema";
import type { Store } from "../store";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";

/** What choosing a layout asks of the page. */
export interface LayoutActions {
  readonly choose: (name: string) => void;
  /** Show what is written on the map, or hide it. */
  readonly showMarks: (shown: boolean) => void;
}

/** Return the name of each layout for people; of two that are named alike, also the other name. */
export function namesOf(layouts: readonly Layout[]): string[] {
  const plain = layouts.map(
    ({ title, method, name }) => title || (texts.layouts.methods[method] ?? name),
  );
  return plain.map((text, i) => {
    const twice = plain.some((other, j) => other === text && j !== i);
    return twice ? `${text} (${layouts[i]?.name ?? ""})` : text;
  });
}

/** A button that opens a list of layouts to choose among. */
export function layoutChooser(
  layouts: readonly Layout[],
  store: Store,
  actions: LayoutActions,
): HTMLElement {
  const choices = choicesOf(layouts, actions);
  const lines = choices.map(({ input, name }) =>
    el("label", { class: "layout-line" }, input, el("span", {}, name)),
  );
  const legend = el("legend", {}, texts.layouts.title);
  const list = el("fieldset", { class: "layout-lines" }, legend, ...lines);
  const menu = el("div", { class: "layout-menu", id: "layout-menu", hidden: true }, list);
  if (layouts.some(({ marks }) => marks)) menu.append(marksSwitch(actions));
  const open = button(
    { "aria-expanded": "false", "aria-controls": "layout-menu" },
    () => {
      show(menu.hidden !== false);
    },
    icon(ICONS.layouts),
  );
  const show = (shown: boolean): void => {
    menu.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
    if (shown) choices.find(({ input }) => input.checked)?.input.focus();
  };
  const element = el("div", { class: "control-group layout-chooser" }, open, menu);
  closing(element, open, () => menu.hidden !== false, show);
  store.watch(
    ({ layout }) => layout,
    (layout) => {
      const chosen = choices.find(({ value }) => value === layout);
      if (chosen) chosen.input.checked = true;
      const label = texts.layouts.button(chosen?.name ?? "");
      open.setAttribute("aria-label", label);
      open.title = label;
    },
  );
  return element;
}

/** A line of the list. */
interface Choice {
  /** What the store calls the layout. */
  readonly value: string;
  readonly name: string;
  readonly input: HTMLInputElement;
}

function choicesOf(layouts: readonly Layout[], actions: LayoutActions): Choice[] {
  const names = namesOf(layouts);
  return layouts.map((layout, i) => {
    const value = layout.plane ? layout.name : "";
    const input = el("input", { type: "radio", name: "layout", value });
    input.addEventListener("change", () => {
      actions.choose(value);
    });
    return { value, input, name: names[i] ?? "" };
  });
}

/** Close the list by Escape, or by a step or a click elsewhere. */
function closing(
  element: HTMLElement,
  open: HTMLElement,
  isHidden: () => boolean,
  show: (shown: boolean) => void,
): void {
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isHidden()) return;
    event.stopPropagation();
    show(false);
    open.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !element.contains(target)) show(false);
  });
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !element.contains(relatedTarget)) show(false);
  });
}

function marksSwitch(actions: LayoutActions): HTMLElement {
  const input = el("input", { type: "checkbox", checked: true });
  input.addEventListener("change", () => {
    actions.showMarks(input.checked);
  });
  return el(
    "label",
    { class: "layout-line layout-marks" },
    input,
    el("span", {}, texts.layouts.marks),
  );
}
