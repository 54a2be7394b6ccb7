import "./photo.css";

import type { DataSource } from "../data/source";
import { ServerError } from "../data/server";
import { Rows, RowSet } from "../select/rows";
import type { Found, Store } from "../store";
import { button, el, icon, ICONS } from "../ui/dom";
import { texts as common } from "../ui/texts";
import { AtlasError } from "../data/errors";
import type { Looker, Tell } from "./asking";
import { type Like, results } from "./results";
import { texts } from "./texts";

/** What the search by a photograph asks of the page. */
export interface PhotoPage {
  /** Show a medium on the map, and its card. */
  readonly open: (row: number) => void;
  /** Show the whole map. */
  readonly showAll: () => void;
  /** Is told that the panel was closed. */
  readonly closed: () => void;
}

const ACCEPTED = "image/jpeg,image/png,image/webp";

/** Takes a photograph and shows what is like it, on the map and as a list. */
export class PhotoPanel {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #store: Store;
  readonly #looker: Looker;
  readonly #page: PhotoPage;
  readonly #content = el("div", { class: "photo-content" });
  readonly #heading = el("h2", { id: "photo-title", tabindex: -1 }, texts.title);
  #wish = 0;
  #shown: RowSet | null = null;
  #before: Found = "all";

  constructor(source: DataSource, store: Store, looker: Looker, page: PhotoPage) {
    this.#source = source;
    this.#store = store;
    this.#looker = looker;
    this.#page = page;
    const label = { "aria-label": common.close, title: common.close };
    const close = button(
      { class: "round", ...label },
      () => {
        this.close();
      },
      icon(ICONS.close),
    );
    const head = el("header", { class: "pane-head" }, this.#heading, close);
    this.element = el(
      "section",
      { class: "photo", "aria-labelledby": "photo-title", hidden: true },
      head,
      this.#content,
    );
    this.#listen();
  }

  /** Ask for a photograph, or hide all of it. */
  toggle(): void {
    if (this.element.hidden) this.#open();
    else this.close();
  }

  /** Forget the photograph; the map shows again what it showed before. */
  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#forget();
    this.#page.closed();
  }

  #open(): void {
    this.#store.set({ pane: null });
    this.element.hidden = false;
    this.#ask();
    this.#heading.focus({ preventScroll: true });
  }

  #listen(): void {
    this.#store.onChange(
      ({ pane }) => pane,
      (pane) => {
        if (pane) this.close();
      },
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    for (const kind of ["dragover", "drop"] as const)
      window.addEventListener(kind, (event) => {
        if (this.element.hidden) return;
        event.preventDefault();
        const file = kind === "drop" ? event.dataTransfer?.files[0] : undefined;
        if (file) void this.#find(file);
      });
  }

  #ask(problem: HTMLElement | null = null): void {
    this.#forget();
    const touched = window.matchMedia("(pointer: coarse)").matches;
    const take = touched ? this.#field(texts.take, true) : null;
    const choose = this.#field(texts.choose, false);
    this.#content.replaceChildren(
      ...(problem ? [problem] : []),
      el(
        "div",
        { class: "photo-ask" },
        take,
        choose,
        touched ? null : el("p", { class: "photo-drop" }, texts.drop),
      ),
      ...this.#looker.promises().map((text) => el("p", { class: "photo-promise" }, text)),
    );
  }

  /** A button that chooses a file, or takes a photograph. */
  #field(label: string, camera: boolean): HTMLElement {
    const input = el("input", {
      type: "file",
      class: "unseen",
      accept: ACCEPTED,
      capture: camera && "environment",
    });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) void this.#find(file);
    });
    return el("label", { class: camera ? "plain photo-strong" : "plain" }, input, label);
  }

  async #find(photograph: Blob): Promise<void> {
    this.#forget();
    const wish = this.#wish;
    const status = el("p", { role: "status" });
    const bar = el("progress", { "aria-label": texts.title });
    this.#content.replaceChildren(el("div", { class: "photo-wait" }, bar, status));
    const tell: Tell = (step, share) => {
      status.textContent = texts.steps[step];
      if (share === undefined) bar.removeAttribute("value");
      else bar.value = share;
    };
    try {
      const looked = await this.#looker.look(photograph, tell);
      if (wish !== this.#wish) return;
      this.#highlight(looked.likes);
      const again = button(
        { class: "quiet" },
        () => {
          this.#ask();
        },
        texts.another,
      );
      this.#content.replaceChildren(results(this.#source, looked, this.#page.open), again);
    } catch (error) {
      if (!(error instanceof ServerError || error instanceof AtlasError)) throw error;
      if (wish !== this.#wish) return;
      if (error instanceof AtlasError) this.#store.notice(error.trouble);
      this.#ask(error instanceof ServerError ? failure(error) : null);
    }
  }

  #highlight(likes: readonly Like[]): void {
    const rows = likes.map(({ row }) => row).sort((a, b) => a - b);
    this.#shown = RowSet.of(this.#source.n, [Rows.ofNumbers(rows)]);
    this.#before = this.#store.state.found;
    this.#store.set({ found: this.#shown });
    this.#page.showAll();
  }

  /** Drop what is asked and what was found; later answers are not shown. */
  #forget(): void {
    this.#wish++;
    if (this.#shown && this.#store.state.found === this.#shown)
      this.#store.set({ found: this.#before });
    this.#shown = null;
  }
}

function failure({ problem: { title, detail } }: ServerError): HTMLElement {
  return el("p", { class: "photo-failure", role: "alert" }, el("strong", {}, title), " ", detail);
}
