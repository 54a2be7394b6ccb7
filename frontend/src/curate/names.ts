import { el } from "../ui/dom";
import type { Name } from "./schema";
import { texts } from "./texts";

/** Milliseconds without a stroke after which names are asked for. */
const PAUSE_MS = 120;

const LIST = "known-names";

/** A name to choose from, and what is said beside it. */
export interface Choice {
  readonly name: string;
  readonly note: string;
}

/** A field for a name, which offers those that what is typed may mean. */
export class NameField {
  readonly element: HTMLElement;
  readonly #input = el("input", {
    class: "name-input",
    id: "name",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": LIST,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 200,
    enterkeyhint: "done",
  });
  readonly #list = el("ul", { class: "name-list", id: LIST, role: "listbox", hidden: true });
  readonly #suggest: (text: string) => Promise<readonly Name[]>;
  readonly #done: () => void;
  #near: readonly Choice[] = [];
  #active = -1;
  #timer = 0;
  #asked = 0;

  /** `suggest` finds names; `done` is told that Enter was pressed on a whole name. */
  constructor(suggest: (text: string) => Promise<readonly Name[]>, done: () => void) {
    this.#suggest = suggest;
    this.#done = done;
    this.element = el("div", { class: "name-field" }, this.#input, this.#list);
    this.#input.addEventListener("focus", () => {
      this.#input.select();
      this.#show(this.#near);
    });
    this.#input.addEventListener("blur", () => {
      this.#close();
    });
    this.#input.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(), PAUSE_MS);
    });
    this.#input.addEventListener("keydown", (event) => {
      if (this.#key(event.key)) event.preventDefault();
    });
    // a press on the list must not take the focus, which would close it
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
    });
  }

  get value(): string {
    return this.#input.value.trim().replaceAll(/\s+/g, " ");
  }

  /** Begin anew: with a name in the field, and others that are likely. */
  offer(name: string, near: readonly Choice[]): void {
    window.clearTimeout(this.#timer);
    this.#asked++;
    this.#input.value = name;
    this.#near = near;
    this.#input.blur();
    this.#close();
  }

  focus(): void {
    this.#input.focus();
  }

  async #ask(): Promise<void> {
    const ticket = ++this.#asked;
    const text = this.value;
    const found = text ? await this.#suggest(text) : null;
    if (ticket !== this.#asked || document.activeElement !== this.#input) return;
    const choices = found?.map(({ name, n_media: n }) => ({ name, note: texts.labels.bear(n) }));
    this.#show(choices ?? this.#near, Boolean(text));
  }

  #show(choices: readonly Choice[], typed = false): void {
    const known = choices.some(({ name }) => name.toLowerCase() === this.value.toLowerCase());
    const options = choices.map(({ name, note }, place) => {
      const option = el(
        "li",
        { class: "name-option", id: `${LIST}-${place}`, role: "option", "aria-selected": "false" },
        el("span", { class: "name-text" }, name),
        el("span", { class: "name-note" }, note),
      );
      option.addEventListener("click", () => {
        this.#take(name);
      });
      return option;
    });
    const news = typed && !known ? [el("li", { class: "name-new" }, texts.labels.newName)] : [];
    this.#list.replaceChildren(...options, ...news);
    this.#list.hidden = options.length + news.length === 0;
    this.#input.setAttribute("aria-expanded", String(options.length > 0));
    this.#activate(-1);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #key(key: string): boolean {
    const options = this.#options;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (this.#list.hidden) this.#show(this.#near);
      else if (options.length) {
        const places = options.length + 1;
        const by = key === "ArrowDown" ? 1 : -1;
        this.#activate(((this.#active + 1 + by + places) % places) - 1);
      }
    } else if (key === "Enter") {
      const chosen = options[this.#active]?.firstElementChild?.textContent;
      if (chosen) this.#take(chosen);
      else this.#done();
    } else if (key === "Escape") {
      if (this.#list.hidden) this.#input.blur();
      else this.#close();
    } else return false;
    return true;
  }

  #take(name: string): void {
    window.clearTimeout(this.#timer);
    this.#asked++;
    this.#input.value = name;
    this.#close();
  }

  get #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(".name-option")];
  }

  #activate(place: number): void {
    this.#active = place;
    const options = this.#options;
    for (const [at, option] of options.entries())
      option.setAttribute("aria-selected", String(at === place));
    const active = options[place];
    if (active) {
      this.#input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }
}
