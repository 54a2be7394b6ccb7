import { button, el } from "../../ui/dom";
import type { Choice } from "../classes";
import { QueueChoice } from "../queuechoice";
import { texts } from "../texts";
import type { Around } from "../view";

const { grid: words } = texts;

/** Least and greatest width of a cell, in pixels. */
export const SIZES = { least: 64, most: 360, step: 16 };

/** What the line above the grid asks for. */
export interface GridHeadActions {
  readonly resize: (size: number) => void;
  readonly proposals: () => void;
  /** Show only what is proposed for a class; null shows all. */
  readonly proposed: (name: string | null) => void;
}

/** What there is to say above the grid. */
export interface GridCounts {
  readonly n: number;
  readonly selected: number;
  /** True once there was a round: there are proposals. */
  readonly trained: boolean;
  /** The class whose proposals alone are shown, or null. */
  readonly proposed: string | null;
}

/** The line above the grid: which queue, how large, how much is selected. */
export class GridHead {
  readonly element: HTMLElement;
  readonly queues: QueueChoice;
  readonly #count = el("span", { class: "soft grid-count" });
  readonly #selected = el("span", { class: "grid-selected", role: "status" });
  readonly #proposals: HTMLButtonElement;
  readonly #proposed: HTMLSelectElement;
  readonly #size: HTMLInputElement;

  constructor(around: Around, choices: readonly Choice[], size: number, actions: GridHeadActions) {
    this.queues = new QueueChoice(around);
    this.#proposed = proposedChoice(choices, actions.proposed);
    this.#size = el("input", {
      type: "range",
      class: "size",
      min: SIZES.least,
      max: SIZES.most,
      step: SIZES.step,
      value: size,
      "aria-label": words.size,
      title: `${words.size} (+ −)`,
    });
    this.#size.addEventListener("input", () => {
      actions.resize(Number(this.#size.value));
    });
    this.#proposals = button(
      { class: "choice opinion-choice", "aria-pressed": "false" },
      actions.proposals,
      words.proposals,
    );
    this.element = el(
      "header",
      { class: "label-head grid-head" },
      this.queues.element,
      this.#count,
      this.#selected,
      this.#proposed,
      this.#proposals,
      el("label", { class: "grid-size" }, el("span", { class: "soft" }, words.size), this.#size),
    );
  }

  set size(size: number) {
    this.#size.value = String(size);
  }

  /** Show how many pictures there are and are selected, and whether proposals are shown. */
  refresh({ n, selected, trained, proposed }: GridCounts, proposals: boolean): void {
    this.#proposed.hidden = !proposals || !trained;
    this.#proposed.value = proposed ?? "";
    this.#proposals.hidden = !trained;
    this.#count.textContent = texts.number(n);
    const words_ = selected ? words.selected(selected) : "";
    if (this.#selected.textContent !== words_) this.#selected.textContent = words_;
    this.#proposals.setAttribute("aria-pressed", String(proposals));
    this.#proposals.textContent = proposals ? words.hideProposals : words.proposals;
  }
}

/** Make the choice of a class, to see only what is proposed for it. */
function proposedChoice(
  choices: readonly Choice[],
  chosen: (name: string | null) => void,
): HTMLSelectElement {
  const classes = choices.filter(({ look }) => look !== "class-unsure");
  const select = el(
    "select",
    { class: "order proposed-choice", "aria-label": words.proposedOnly },
    el("option", { value: "" }, words.proposedAll),
    ...classes.map(({ name, sign }) =>
      el("option", { value: name }, `${sign} ${words.proposedAs(name)}`),
    ),
  );
  select.addEventListener("change", () => {
    // keys mean answers again, not another class
    select.blur();
    chosen(select.value || null);
  });
  return select;
}
