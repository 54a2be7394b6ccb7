import "../rounds/figures.css";
import "./people.css";

import type { KeyLines } from "../../ui/dialogs";
import { el } from "../../ui/dom";
import { UNSURE } from "../answers";
import { ConflictBench } from "./conflicts";
import { calledOf, choicesOf, keysOf } from "../classes";
import { PEOPLE_KEYS, texts } from "./texts";
import { count } from "../rounds/texts";
import type { PairAgreement, Person, SortState } from "../schema";
import type { Around, MakeView, View } from "../view";

/** Who labels, how far they agree, and where they do not: there a word settles it. */
class PeopleView implements View {
  readonly element: HTMLElement;
  readonly keys: KeyLines;
  readonly #around: Around;
  readonly #people = el("section", { class: "people-panel" });
  readonly #agreement = el("section", { class: "people-panel" });
  readonly #conflicts: ConflictBench;
  #shown = false;
  #n = -1;

  constructor(around: Around) {
    this.#around = around;
    this.#conflicts = new ConflictBench(around);
    const settlings = choicesOf(around.state.classes).filter(({ name }) => name !== UNSURE);
    this.keys = [
      ...settlings.map((one) => [keysOf(one), texts.settle(calledOf(one.name))] as const),
      ...PEOPLE_KEYS,
    ];
    this.element = el(
      "div",
      { class: "people" },
      this.#conflicts.element,
      el("aside", { class: "people-side" }, this.#people, this.#agreement),
    );
  }

  async show(): Promise<void> {
    this.#shown = true;
    const { state, id } = this.#around;
    this.#tell(state);
    this.#n = state.n_conflicts;
    await this.#conflicts.load(id);
  }

  hide(): void {
    this.#shown = false;
  }

  key(event: KeyboardEvent): boolean {
    return this.#conflicts.key(event);
  }

  refresh(state: SortState): void {
    this.#tell(state);
    if (!this.#shown || state.n_conflicts === this.#n) return;
    this.#n = state.n_conflicts;
    void this.#conflicts.load();
  }

  #tell({ people, agreement }: SortState): void {
    this.#people.replaceChildren(el("h2", {}, texts.people), peopleTable(people));
    this.#agreement.replaceChildren(
      el("h2", {}, texts.agreement),
      agreement.length
        ? el("ul", { class: "pairs" }, ...agreement.map(pairLine))
        : el("p", { class: "people-none" }, texts.alone),
    );
  }
}

function peopleTable(people: readonly Person[]): HTMLElement {
  if (!people.length) return el("p", { class: "people-none" }, texts.nobody);
  const most = Math.max(...people.map(({ n }) => n));
  const rows = people.map(({ who, n }) => {
    const bar = el("span", { class: "people-share", "aria-hidden": true });
    bar.style.width = `${(100 * n) / most}%`;
    const cells = [el("td", {}, count(n)), el("td", { class: "people-bar" }, bar)];
    return el("tr", {}, el("th", { scope: "row" }, who), ...cells);
  });
  const head = [texts.who, texts.n].map((text) => el("th", { scope: "col" }, text));
  return el(
    "table",
    { class: "figures" },
    el("thead", {}, el("tr", {}, ...head, el("td", {}))),
    el("tbody", {}, ...rows),
  );
}

function pairLine({ one, other, n, kappa, low, high }: PairAgreement): HTMLElement {
  const told = kappa === null ? texts.undefined : texts.kappa(kappa, low, high);
  const word = kappa === null ? "" : texts.within(low ?? kappa, high ?? kappa);
  return el(
    "li",
    {},
    el("strong", {}, texts.pair(one, other)),
    el("span", { class: "pair-word" }, word),
    el("span", { class: "pair-figures" }, `${told} · ${texts.both(n)}`),
  );
}

export const make: MakeView = (around) => new PeopleView(around);
