import type { ReadableAtlas } from "../data/open";

/** Light, dark, or what the visitor's device is set to. */
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const REMEMBERED = "wk-theme";
const DARK = "(prefers-color-scheme: dark)";
const HEX = /^#[0-9a-f]{6}$/;
const NAME = /^[a-z-]+$/;

/** Keeps the page light or dark, and in the colours of the collection. */
export class Appearance {
  readonly #colours: Record<"light" | "dark", Record<string, string>>;
  readonly #dark = window.matchMedia(DARK);
  #theme: Theme;

  constructor({ appearance }: ReadableAtlas) {
    this.#colours = { light: appearance?.light ?? {}, dark: appearance?.dark ?? {} };
    this.#theme = remembered() ?? appearance?.theme ?? "auto";
    this.#dark.addEventListener("change", () => {
      this.#show();
    });
    this.#show();
  }

  get theme(): Theme {
    return this.#theme;
  }

  /** Change the theme; it is remembered for this device. */
  choose(theme: Theme): void {
    this.#theme = theme;
    try {
      window.localStorage.setItem(REMEMBERED, theme);
    } catch {
      // a browser that keeps nothing asks again at the next visit
    }
    this.#show();
  }

  #show(): void {
    const { dataset, style } = document.documentElement;
    dataset["theme"] = this.#theme;
    const dark = this.#theme === "auto" ? this.#dark.matches : this.#theme === "dark";
    const { light, dark: night } = this.#colours;
    for (const name of Object.keys({ ...light, ...night })) style.removeProperty(`--${name}`);
    style.removeProperty("--paper-clear");
    for (const [name, colour] of Object.entries(dark ? night : light))
      if (NAME.test(name) && HEX.test(colour)) style.setProperty(`--${name}`, colour);
    const { paper } = dark ? night : light;
    if (paper && HEX.test(paper)) style.setProperty("--paper-clear", `${paper}eb`);
  }
}

function remembered(): Theme | null {
  try {
    const text = window.localStorage.getItem(REMEMBERED);
    return THEMES.find((theme) => theme === text) ?? null;
  } catch {
    return null;
  }
}
