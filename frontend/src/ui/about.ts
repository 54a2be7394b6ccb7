import "./about.css";

import type { ReadableAtlas } from "../data/open";
import type { LicenceCount } from "../schema";
import type { Store } from "../store";
import { stepList } from "./aboutsteps";
import { type Appearance, THEMES } from "./appearance";
import { copyButton } from "./copy";
import { button, el, icon, ICONS, outwardLink, webAddress } from "./dom";
import { type Language, LANGUAGES, spoken } from "./language";
import { texts } from "./texts";

/** What the dialog asks of the page. */
export interface AboutPage {
  readonly address: (path: string) => string;
  readonly appearance: Pick<Appearance, "theme" | "choose">;
  /** Show the page in another language. */
  readonly speak: (language: Language) => void;
}

/** Make the dialog that says what the atlas is and how it was made. */
export function aboutDialog(
  atlas: ReadableAtlas,
  store: Store,
  page: AboutPage,
): HTMLDialogElement {
  const close = (): void => {
    store.set({ about: false });
  };
  const content = el("div", { class: "about-page" });
  const dialog = el(
    "dialog",
    { class: "about", "aria-labelledby": "about-heading" },
    // what scrolls must be reached by key
    content,
  );
  content.append(
    button(
      { class: "round about-close", "aria-label": texts.close, title: texts.close },
      close,
      icon(ICONS.close),
    ),
    ...about(atlas, page),
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

function about(atlas: ReadableAtlas, page: AboutPage): (HTMLElement | string)[] {
  const parts: (HTMLElement | null)[] = [
    logo(atlas, page),
    el("h2", { id: "about-heading", class: "about-heading" }, atlas.title || texts.atlas),
    el("p", { class: "about-count" }, texts.images(atlas.n_media)),
    ...paragraphs(atlas.introduction ?? ""),
    ...paragraphs(atlas.description),
    publisher(atlas),
    atlas.disclaimer
      ? part(texts.aboutPage.disclaimer, el("div", {}, ...paragraphs(atlas.disclaimer)), "note")
      : null,
    citation(atlas),
    atlas.licences.length ? licences(atlas.licences) : null,
    atlas.steps.length ? part(texts.aboutPage.made, stepList(atlas.steps)) : null,
    display(page),
    el(
      "footer",
      { class: "about-foot" },
      atlas.generator ? el("span", {}, texts.aboutPage.generator(atlas.generator), " ") : null,
      el("a", { href: "licences.md", target: "_blank" }, texts.aboutPage.software),
    ),
  ];
  return parts.filter((one) => one !== null);
}

/** The logo: only ever an image, whatever is in the file. */
export function logo(
  { appearance, publisher: name }: ReadableAtlas,
  { address }: Pick<AboutPage, "address">,
): HTMLElement | null {
  if (!appearance?.logo) return null;
  const image = el("img", { class: "logo", alt: name ?? "" });
  image.addEventListener("error", () => {
    image.remove();
  });
  try {
    image.src = address(appearance.logo);
  } catch {
    return null;
  }
  return image;
}

function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => el("p", { class: "about-text" }, paragraph.trim()));
}

function publisher({ publisher: name, website }: ReadableAtlas): HTMLElement | null {
  const address = webAddress(website ?? "");
  if (!name && !address) return null;
  const shown = name ?? "";
  return el(
    "p",
    { class: "about-publisher" },
    `${shown ? texts.aboutPage.publisher : texts.aboutPage.website} `,
    address ? outwardLink(address, shown || new URL(address).hostname) : shown,
  );
}

function citation({ citation: text }: ReadableAtlas): HTMLElement | null {
  if (!text) return null;
  const copy = copyButton(texts.card.copyCitation, () => text);
  const made = part(texts.aboutPage.citation, el("p", { class: "cite-text" }, text));
  made.prepend(el("div", { class: "cite-head" }, made.firstElementChild, copy));
  return made;
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

/** Language and theme, which are the visitor's to choose. */
function display({ appearance, speak }: AboutPage): HTMLElement {
  const languages = Object.entries(LANGUAGES) as [Language, string][];
  const language = chooser(texts.display.language, languages, spoken(), speak);
  const themes = THEMES.map((theme) => [theme, texts.display[theme]] as const);
  const theme = chooser(texts.display.theme, themes, appearance.theme, (chosen) => {
    appearance.choose(chosen);
  });
  return part(texts.display.title, el("div", { class: "display" }, language, theme));
}

function chooser<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  now: T,
  choose: (chosen: T) => void,
): HTMLElement {
  const select = el(
    "select",
    { class: "choice" },
    ...options.map(([value, name]) => el("option", { value, selected: value === now }, name)),
  );
  select.addEventListener("change", () => {
    const chosen = options.find(([value]) => value === select.value);
    if (chosen) choose(chosen[0]);
  });
  return el("label", { class: "display-line" }, el("span", {}, label), select);
}

function part(heading: string, content: HTMLElement, kind = ""): HTMLElement {
  return el("section", { class: `about-part ${kind}`.trim() }, el("h3", {}, heading), content);
}
