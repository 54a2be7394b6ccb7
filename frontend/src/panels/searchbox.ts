import "./searchbox.css";

import type { Finding } from "../data/findings";
import type { DataSource } from "../data/source";
import { button, el, icon, ICONS } from "../ui/dom";
import { isItalicRank } from "../ui/names";
import { texts } from "../ui/texts";

/** Letters that follow one another more quickly are looked for together, once they rest so long. */
const REST_MS = 80;

/** Suggestions shown at once. */
const SHOWN = 8;

/** What the search box tells the page. */
export interface SearchEvents {
  readonly chosen: (finding: Finding) => void;
  readonly failed: (error: unknown) => void;
}

/** A field in which words are typed, and the suggestions below it: a combobox. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly #source: DataSource;
  readonly #events: SearchEvents;
  readonly #input = el("input", {
    class: "search-input",
    type: "search",
    role: "combobox",
    placeholder: texts.search.hint,
    "aria-label": texts.search.label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  readonly #list = el("ul", {
    id: "suggestions",
    role: "listbox",
    "aria-label": texts.search.label,
  });
  readonly #message = el("p", { class: "search-message" });
  readonly #status = el("p", { class: "unseen", role: "status" });
  readonly #popup = el("div", { class: "suggestions", hidden: true });
  #findings: readonly Finding[] = [];
  #active = -1;
  #timer = 0;
  #typedAt = -Infinity;
  #asking: AbortController | null = null;
  #asked: Promise<void> = Promise.resolve();

  constructor(source: DataSource, events: SearchEvents) {
    this.#source = source;
    this.#events = events;
    const clear = button(
      { class: "round search-clear", "aria-label": texts.search.clear, title: texts.search.clear },
      () => {
        this.#empty();
        this.#input.focus();
      },
      icon(ICONS.close),
    );
    this.#popup.append(this.#message, this.#list);
    this.element = el(
      "search",
      { class: "search" },
      icon(ICONS.search),
      this.#input,
      clear,
      this.#popup,
      this.#status,
    );
    this.#listen();
  }

  /** Give the keyboard to the field. */
  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #listen(): void {
    this.#input.addEventListener("input", ({ timeStamp }) => {
      const quick = timeStamp - this.#typedAt < REST_MS;
      this.#typedAt = timeStamp;
      this.#asking?.abort();
      window.clearTimeout(this.#timer);
      if (quick)
        this.#timer = window.setTimeout(() => {
          this.#ask();
        }, REST_MS);
      else this.#ask();
    });
    this.#input.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    this.#input.addEventListener("focus", () => {
      // whoever types next hears then what could not be read
      this.#source.readySearch().catch(() => undefined);
      if (this.#findings.length) this.#open(true);
    });
    this.element.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && this.element.contains(to))) this.#open(false);
    });
    // a press on a suggestion must not take the keyboard away before the click
    this.#popup.addEventListener("pointerdown", (event) => {
      event.preventDefault();
    });
  }

  #key(event: KeyboardEvent): void {
    const n = this.#findings.length;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step && n) {
      this.#open(true);
      this.#activate((this.#active + step + n) % n);
    } else if (event.key === "Enter") void this.#enter();
    else if (event.key === "Escape" && (this.#input.value || !this.#popup.hidden)) {
      if (this.#popup.hidden) this.#empty();
      this.#open(false);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Choose the suggestion in view; what was typed last is looked for first. */
  async #enter(): Promise<void> {
    if (this.#timer) this.#ask();
    await this.#asked;
    const finding = this.#findings[this.#active];
    if (finding && !this.#popup.hidden) this.#choose(finding);
  }

  #ask(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#asking?.abort();
    this.#asked = this.#answer();
  }

  async #answer(): Promise<void> {
    const typed = this.#input.value.trim();
    const asking = (this.#asking = new AbortController());
    try {
      const findings = typed ? await this.#source.search(typed, SHOWN, asking.signal) : [];
      if (!asking.signal.aborted) this.#show(typed, findings);
    } catch (error) {
      if (!asking.signal.aborted) this.#events.failed(error);
    }
  }

  #show(typed: string, findings: readonly Finding[]): void {
    this.#findings = findings;
    const nothing = typed && findings.length === 0;
    const slip = findings.length > 0 && !findings.some(({ exact }) => exact);
    const message = nothing ? texts.search.none(typed) : slip ? texts.search.slip : "";
    this.#message.textContent = message;
    this.#message.hidden = !message;
    this.#status.textContent = message || (typed ? texts.search.found(findings.length) : "");
    this.#list.replaceChildren(...findings.map((finding, i) => this.#option(finding, i)));
    this.#open(typed !== "");
    this.#activate(findings.length ? 0 : -1);
  }

  #option(finding: Finding, i: number): HTMLElement {
    const option = el(
      "li",
      { class: "suggestion", role: "option", id: `suggestion-${i}` },
      el("span", { class: "suggestion-text" }, textOf(finding)),
      el("span", { class: "suggestion-kind" }, this.#labelOf(finding)),
      el("span", { class: "suggestion-count" }, texts.count(finding.count)),
    );
    option.addEventListener("click", () => {
      this.#choose(finding);
    });
    return option;
  }

  #labelOf(finding: Finding): string {
    const { dictionaries, search } = this.#source.atlas;
    if (finding.kind === "value")
      return dictionaries.find(({ column }) => column === finding.column)?.label ?? finding.column;
    const fields = (search?.indexes ?? []).flatMap((index) => index.fields);
    return fields.find(({ column }) => column === finding.field)?.label ?? finding.field;
  }

  #activate(at: number): void {
    this.#active = at;
    for (const [i, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(i === at));
      if (i === at) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `suggestion-${at}`);
  }

  #open(open: boolean): void {
    this.#popup.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open && this.#findings.length > 0));
  }

  #choose(finding: Finding): void {
    this.#empty();
    this.#events.chosen(finding);
  }

  #empty(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#asking?.abort();
    this.#input.value = "";
    this.#show("", []);
  }
}

function textOf(finding: Finding): Node | string {
  if (finding.kind === "text") return `“${finding.word}”`;
  const italic = isItalicRank(finding.column) || finding.column === "scientificName";
  return italic ? el("i", { class: "name" }, finding.text) : finding.text;
}
