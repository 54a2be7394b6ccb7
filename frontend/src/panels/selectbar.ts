import "./selectbar.css";

import type { Store } from "../store";
import { button, el } from "../ui/dom";
import { texts } from "../ui/texts";

/** Make the line that is shown while a shape is drawn: by pointer, or all in sight by key. */
export function selectBar(store: Store, selectSight: () => void): HTMLElement {
  const shapes = (["lasso", "rectangle"] as const).map((shape) => {
    const made = button(
      { class: "segment" },
      () => {
        store.set({ drawing: shape });
      },
      texts.select[shape],
    );
    store.watch(
      ({ drawing }) => drawing === shape,
      (on) => {
        made.setAttribute("aria-pressed", String(on));
      },
    );
    return made;
  });
  const stop = (): void => {
    store.set({ drawing: null });
  };
  const bar = el(
    "div",
    { class: "select-bar", role: "region", "aria-label": texts.tools.select },
    el("p", { role: "status" }, texts.select.hint),
    el("div", { class: "segments" }, ...shapes),
    button({ class: "quiet" }, selectSight, texts.select.sight),
    button({ class: "quiet" }, stop, texts.select.cancel),
  );
  store.watch(
    ({ drawing }) => drawing !== null,
    (on) => {
      bar.hidden = !on;
    },
  );
  return bar;
}
