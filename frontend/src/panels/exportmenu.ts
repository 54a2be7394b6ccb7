import "./exportmenu.css";

import type { DataSource } from "../data/source";
import type { Kind } from "../export/export";
import { MOST_CANVASES } from "../export/limits";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts } from "../ui/texts";

const KINDS: readonly Kind[] = ["csv", "csv-all", "dwca", "iiif", "citations"];

/** What was said stays to be read for so long. */
const SAID_MS = 4000;

/** Progress is shown so often at most. */
const SHOWN_MS = 100;

/** What the menu asks of the list. */
export interface ExportEvents {
  /** The media to export, in the order of the list. */
  readonly rows: () => Uint32Array;
  /** Run what may fail, and say so. */
  readonly attempt: (work: () => Promise<void>) => Promise<unknown>;
}

/** A visitor has stopped an export. */
class Stopped extends Error {}

/** A button with a menu of the forms in which what is listed can be taken away. */
export class ExportMenu {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #events: ExportEvents;
  readonly #button: HTMLButtonElement;
  readonly #menu: HTMLElement;
  readonly #status = el("p", { class: "export-said", role: "status" });
  readonly #bar = el("progress", { class: "export-bar", "aria-label": texts.exports.menu });
  readonly #progress: HTMLElement;
  #stopped = false;

  constructor(source: DataSource, events: ExportEvents) {
    this.#source = source;
    this.#events = events;
    this.#menu = el(
      "div",
      { class: "export-menu", id: "export-menu", role: "menu", popover: "auto" },
      ...kindsOf(source).map((kind) => this.#item(kind, () => void this.#export(kind))),
      // elsewhere browsers let no page write to the clipboard; the address bar has the link too
      window.isSecureContext ? this.#item("link", () => void this.#copyLink()) : null,
    );
    this.#button = button(
      {
        ...{ class: "quiet", "aria-haspopup": "menu", "aria-expanded": "false" },
        "aria-controls": "export-menu",
      },
      () => {
        this.#open();
      },
      icon(ICONS.download),
      texts.exports.menu,
    );
    const stop = (): void => {
      this.#stopped = true;
    };
    this.#progress = el(
      "div",
      { class: "export-progress", hidden: true },
      this.#bar,
      button({ class: "quiet" }, stop, texts.exports.stop),
    );
    this.element = el("div", { class: "export" }, this.#button, this.#menu);
    this.#listen();
  }

  /** What is said while and after a file is made; it stands where there is room. */
  get said(): HTMLElement {
    return el("div", { class: "export-line" }, this.#progress, this.#status);
  }

  /** Show for how many media it is; there is nothing to export of none. */
  count(n: number): void {
    this.#button.disabled = n === 0;
    this.#menu.setAttribute("aria-label", texts.exports.what(n));
    const note = this.#menu.querySelector("[data-kind=iiif] .export-note");
    const [, all = ""] = texts.exports.kinds["iiif"] ?? [];
    if (note) note.textContent = n > MOST_CANVASES ? texts.exports.first(MOST_CANVASES) : all;
  }

  #item(kind: string, action: () => void): HTMLElement {
    const [name = "", note = ""] = texts.exports.kinds[kind] ?? [];
    return button(
      { class: "export-item", role: "menuitem", tabindex: -1, "data-kind": kind },
      () => {
        this.#menu.hidePopover();
        this.#button.focus();
        action();
      },
      el("span", { class: "export-name" }, name),
      el("span", { class: "export-note" }, note),
    );
  }

  #open(): void {
    this.#menu.showPopover();
    const at = this.#button.getBoundingClientRect();
    const { width, height } = this.#menu.getBoundingClientRect();
    const below = at.bottom + height + 8 < window.innerHeight;
    this.#menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
    this.#menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
    this.#menu.querySelector("button")?.focus();
    // what fails now is said when a form is chosen
    this.#readAhead().catch(() => undefined);
  }

  /** Who opens the menu means to choose: what makes the files is loaded, and their beginning. */
  async #readAhead(): Promise<void> {
    const { placesOf, readAhead } = await import("../export/export");
    readAhead(this.#source, placesOf(this.#events.rows()).rows);
  }

  #listen(): void {
    this.#menu.addEventListener("toggle", (event) => {
      const open = event.newState === "open";
      this.#button.setAttribute("aria-expanded", String(open));
    });
    this.#menu.addEventListener("keydown", (event) => {
      const items = [...this.#menu.querySelectorAll("button")];
      const at = items.findIndex((one) => one === document.activeElement);
      const n = items.length;
      const places: Record<string, number> = {
        ...{ ArrowDown: (at + 1) % n, ArrowUp: (at - 1 + n) % n, Home: 0, End: n - 1 },
      };
      const place = places[event.key];
      if (place !== undefined) {
        event.preventDefault();
        items[place]?.focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        this.#menu.hidePopover();
        this.#button.focus();
        event.preventDefault();
      } else return;
      // the panel around would be closed, or the list moved
      event.stopPropagation();
    });
  }

  async #export(kind: Kind): Promise<void> {
    const list = this.#events.rows();
    const [name = ""] = texts.exports.kinds[kind] ?? [];
    this.#begin(name, list.length);
    await this.#events.attempt(async () => {
      try {
        const { exported, placesOf, save } = await import("../export/export");
        const [link, now] = [window.location.href, new Date()];
        const tell = this.#teller(list.length);
        const what = { source: this.#source, ...placesOf(list), link, now, tell };
        const made = await exported(kind, what);
        save(made);
        this.#say(texts.exports.made(made.name));
        document.documentElement.dataset["exported"] = made.name;
      } catch (error) {
        this.#say("");
        if (!(error instanceof Stopped)) throw error;
      }
    });
    this.#progress.hidden = true;
    this.#button.disabled = false;
  }

  #begin(name: string, n: number): void {
    this.#stopped = false;
    this.#button.disabled = true;
    this.#bar.max = n;
    this.#bar.value = 0;
    this.#progress.hidden = false;
    this.#status.textContent = texts.exports.making(name);
  }

  /** Return who hears how far it is, and stops it if the visitor wants that. */
  #teller(n: number): (done: number) => void {
    let shown = performance.now();
    return (done) => {
      if (this.#stopped) throw new Stopped();
      const now = performance.now();
      if (now - shown < SHOWN_MS) return;
      shown = now;
      this.#bar.value = done;
      this.#bar.textContent = texts.exports.progress(done, n);
    };
  }

  async #copyLink(): Promise<void> {
    await navigator.clipboard.writeText(window.location.href);
    this.#say(texts.exports.linked);
  }

  #say(text: string): void {
    this.#status.textContent = text;
    window.setTimeout(() => {
      if (this.#status.textContent === text) this.#status.textContent = "";
    }, SAID_MS);
  }
}

/** The forms in which media of an atlas can be taken away. */
function kindsOf({ atlas }: DataSource): readonly Kind[] {
  const more = (atlas.records?.groups?.length ?? 0) > 1;
  return KINDS.filter((kind) => more || kind !== "csv-all");
}
