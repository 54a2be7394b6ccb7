import "./about.css";

import type { ReadableAtlas } from "../data/open";
import type { LicenceCount, Step } from "../schema";
import type { Store } from "../store";
import { button, el, icon, ICONS } from "./dom";
import { texts } from "./texts";

/** Make the dialog that says what the atlas is and how it was made. */
export function aboutDialog(atlas: ReadableAtlas, store: Store): HTMLDialogElement {
  const close = (): void => {
    store.set({ about: false });
  };
  const dialog = el(
    "dialog",
    { class: "about", "aria-labelledby": "about-heading" },
    el(
      "div",
      { class: "about-page" },
      button(
        { class: "round about-close", "aria-label": texts.close, title: texts.close },
        close,
        icon(ICONS.close),
      ),
      ...about(atlas),
    ),
  );
  dialog.addEventListener("close", close);
  dialog.addEventListener("click", (event) => {
    // the page inside covers all of the dialog but its backdrop
    if (event.target === dialog) close();
  });
  store.watch(
    (state) => state.about,
    (shown) => {
      if (shown && !dialog.open) dialog.showModal();
      else if (!shown && dialog.open) dialog.close();
    },
  );
  return dialog;
}

function about(atlas: ReadableAtlas): HTMLElement[] {
  const parts: HTMLElement[] = [
    el("h2", { id: "about-heading", class: "about-heading" }, atlas.title || texts.atlas),
    el("p", { class: "about-count" }, texts.images(atlas.n_media)),
    ...atlas.description
      .split(/\n\s*\n/)
      .filter((paragraph) => paragraph.trim())
      .map((paragraph) => el("p", { class: "about-text" }, paragraph.trim())),
  ];
  if (atlas.licences.length) parts.push(licences(atlas.licences));
  if (atlas.steps.length) parts.push(steps(atlas.steps));
  parts.push(
    el(
      "footer",
      { class: "about-foot" },
      atlas.generator ? el("span", {}, texts.aboutPage.generator(atlas.generator), " ") : null,
      el("a", { href: "licences.md", target: "_blank" }, texts.aboutPage.software),
    ),
  );
  return parts;
}

function licences(counts: readonly LicenceCount[]): HTMLElement {
  const total = counts.reduce((sum, { n }) => sum + n, 0);
  const lines = counts.map(({ licence, n }) => {
    const bar = el("span", { class: "share-bar" });
    bar.style.width = `${(100 * n) / Math.max(total, 1)}%`;
    return el(
      "li",
      {},
      el("span", { class: "share-name" }, licence || texts.licenceUnknown),
      el("span", { class: "share-count" }, texts.count(n)),
      el("span", { class: "share", "aria-hidden": true }, bar),
    );
  });
  return part(texts.aboutPage.licences, el("ul", { class: "shares" }, ...lines));
}

function steps(all: readonly Step[]): HTMLElement {
  return part(texts.aboutPage.made, el("ol", { class: "steps" }, ...all.map(stepItem)));
}

function stepItem(step: Step): HTMLElement {
  const head = el(
    "span",
    { class: "step-head" },
    el("span", { class: "step-name" }, step.stage),
    " ",
    el("span", { class: "step-version" }, texts.aboutPage.version(step.version)),
  );
  const figures = Object.entries(step.quality).map(([name, value]) => [name, figure(value)]);
  const settings = Object.entries(step.settings).map(([name, value]) => [name, plain(value)]);
  return el(
    "li",
    {},
    head,
    figures.length ? pairs("figures", texts.aboutPage.quality, figures) : null,
    settings.length
      ? el(
          "details",
          {},
          el("summary", {}, texts.aboutPage.settings),
          pairs("settings", texts.aboutPage.settings, settings),
        )
      : null,
  );
}

function pairs(className: string, label: string, lines: readonly string[][]): HTMLElement {
  const items = lines.map(([name = "", value = ""]) =>
    el("div", {}, el("dt", {}, words(name)), el("dd", {}, value)),
  );
  return el("dl", { class: className, "aria-label": label }, ...items);
}

function part(heading: string, content: HTMLElement): HTMLElement {
  return el("section", { class: "about-part" }, el("h3", {}, heading), content);
}

/** A measured figure to three digits; counts stay whole. */
function figure(value: number): string {
  if (Number.isInteger(value)) return texts.count(value);
  return String(Number(value.toPrecision(3)));
}

/** A setting as text, however deep it is. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${words(name)} ${plain(inner)}`)
      .join(", ");
  return String(value);
}

/** The name of a setting in words: n_neighbours as n neighbours. */
function words(name: string): string {
  return name.replaceAll("_", " ");
}
