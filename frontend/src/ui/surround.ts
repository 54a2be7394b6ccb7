import "./surround.css";

import type { ReadableAtlas } from "../data/open";
import { logo } from "./about";
import { button, el, icon, ICONS } from "./dom";
import { texts } from "./texts";

/** What the buttons around the map ask of the page. */
export interface SurroundActions {
  readonly zoom: (steps: 1 | -1) => void;
  readonly showAll: () => void;
  readonly about: () => void;
}

/** Make the plate with the name of the collection. */
export function plate(atlas: ReadableAtlas, address: (path: string) => string): HTMLElement {
  return el(
    "header",
    { class: "plate" },
    logo(atlas, { address }),
    el("h1", {}, atlas.title || texts.atlas),
    el("p", {}, texts.images(atlas.n_media)),
  );
}

/** Make the buttons that move the map. */
export function controls(actions: SurroundActions): HTMLElement {
  const one = (label: string, strokes: string, action: () => void): HTMLElement =>
    button({ "aria-label": label, title: label }, action, icon(strokes));
  return el(
    "nav",
    { class: "controls" },
    el(
      "div",
      { class: "control-group" },
      one(texts.zoomIn, ICONS.plus, () => {
        actions.zoom(1);
      }),
      one(texts.zoomOut, ICONS.minus, () => {
        actions.zoom(-1);
      }),
    ),
    el(
      "div",
      { class: "control-group" },
      one(texts.showAll, ICONS.whole, actions.showAll),
      one(texts.about, ICONS.about, actions.about),
    ),
  );
}

/** Make the line that says whose images these are. */
export function attribution(atlas: ReadableAtlas, about: () => void): HTMLElement {
  const [first, ...others] = atlas.licences;
  const known = first ? first.licence || texts.licenceUnknown : "";
  const mix = others.length ? texts.licences(others.length + 1) : known;
  const line = [mix, texts.about].filter(Boolean).join(" · ");
  return button({ class: "attribution" }, about, el("span", {}, line));
}
