import { button, el } from "../ui/dom";
import type { Api } from "./api";
import type { Beside, Issue, Reasons } from "./schema";
import { texts } from "./texts";

/** Neighbours that a key of their own compares with. */
export const KEYED = 9;

/** What speaks against a label: nearest neighbours, and others with either name. */
export class Evidence {
  readonly element = el("aside", { class: "evidence" });
  readonly #api: Api;
  readonly #chosen: (one: Beside) => void;
  #neighbours: readonly Beside[] = [];

  /** `chosen` is told the medium to compare with. */
  constructor(api: Api, chosen: (one: Beside) => void) {
    this.#api = api;
    this.#chosen = chosen;
  }

  show(issue: Issue, { neighbours, proposed, own }: Reasons): void {
    this.#neighbours = neighbours;
    const { neighbours: nearest, others } = texts.labels;
    const keyed = neighbours.map((one, place) => this.#figure(issue, one, place + 1));
    this.element.replaceChildren(
      section(nearest, "near", keyed),
      section(
        others(issue.proposed),
        "proposed",
        proposed.map((one) => this.#figure(issue, one)),
      ),
      section(
        others(issue.label),
        "own",
        own.map((one) => this.#figure(issue, one)),
      ),
    );
    this.element.scrollTo(0, 0);
  }

  clear(): void {
    this.#neighbours = [];
    this.element.replaceChildren();
  }

  /** Return the neighbour at a place, 1 the nearest. */
  neighbour(place: number): Beside | null {
    return this.#neighbours[place - 1] ?? null;
  }

  /** Mark the medium that is compared with; null for none. */
  mark(id: string | null): void {
    for (const one of this.element.querySelectorAll<HTMLElement>(".beside"))
      one.setAttribute("aria-pressed", String(one.dataset["id"] === id));
  }

  #figure(issue: Issue, one: Beside, place?: number): HTMLElement {
    const near = one.similarity !== null;
    const side =
      one.label === issue.proposed ? " for-proposed" : one.label === issue.label ? " for-own" : "";
    const key = near && place && place <= KEYED ? String(place) : null;
    return button(
      {
        class: `beside${near ? side : ""}`,
        "data-id": one.id,
        "aria-pressed": "false",
        title: one.caption,
      },
      () => {
        this.#chosen(one);
      },
      el("img", { src: this.#api.address(one.id, "small"), alt: one.caption, loading: "lazy" }),
      near ? el("span", { class: "beside-label" }, one.label || "–") : null,
      one.similarity === null
        ? null
        : el("span", { class: "beside-similarity" }, texts.labels.similarity(one.similarity)),
      key ? el("kbd", { "aria-hidden": true }, key) : null,
    );
  }
}

function section(title: string, className: string, figures: readonly HTMLElement[]): HTMLElement {
  return el(
    "section",
    { class: `evidence-part part-${className}` },
    el("h3", {}, title),
    figures.length
      ? el("div", { class: "evidence-figures" }, ...figures)
      : el("p", { class: "evidence-none" }, texts.labels.nothingBeside),
  );
}
