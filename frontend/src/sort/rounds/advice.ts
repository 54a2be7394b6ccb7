import { button, el } from "../../ui/dom";
import { figure, texts } from "./texts";
import type { Criterion, SortState } from "../schema";

/** Whether more labels are worth their time, by which criteria, and a way to the next round. */
export class AdvicePanel {
  readonly element: HTMLElement;
  readonly #reason = el("p", { class: "advice-reason" });
  readonly #criteria = el("ul", { class: "criteria" });
  readonly #progress = el("progress", { class: "advice-progress", max: 1 });
  readonly #hint = el("span", { class: "advice-hint" });
  readonly #train: HTMLButtonElement;

  constructor(train: () => void) {
    const { advice } = texts;
    this.#train = button({ class: "plain strong" }, train, advice.train);
    this.element = el(
      "section",
      { class: "panel-advice", "aria-labelledby": "advice-title" },
      el("h2", { id: "advice-title" }, advice.title),
      this.#reason,
      this.#criteria,
      el("div", { class: "advice-train" }, this.#train, this.#hint, this.#progress),
    );
  }

  refresh({ advice, training, round, n_since, n_labelled }: SortState): void {
    const words = texts.advice;
    this.#reason.classList.toggle("stop", advice?.stop ?? false);
    this.#reason.textContent = advice ? advice.reason : words.none;
    this.#criteria.replaceChildren(...(advice?.criteria ?? []).map(criterionLine));
    this.#train.disabled = training !== null || n_labelled === 0;
    const hint = round ? words.trainHint(n_since) : words.first(n_labelled);
    this.#hint.textContent = training ? `${words.training}: ${training.message}` : hint;
    this.#progress.hidden = !training;
    this.#progress.value = training?.fraction ?? 0;
    this.#progress.setAttribute("aria-label", words.training);
  }
}

function criterionLine({ name, met, value, wanted, sentence }: Criterion): HTMLElement {
  const words = texts.advice;
  const told = value === null ? words.unknown : figure(value);
  const bar = wanted === null ? "" : ` / ${figure(wanted)}`;
  const sign = el("span", { class: "criterion-sign", "aria-hidden": true }, met ? "✓" : "–");
  return el(
    "li",
    { class: met ? "criterion met" : "criterion" },
    sign,
    el(
      "span",
      { class: "criterion-words" },
      el("strong", {}, name),
      el("span", { class: "criterion-met" }, met ? words.met : words.notMet),
      el("span", { class: "criterion-sentence" }, sentence),
    ),
    el(
      "span",
      {
        class: "criterion-value",
        title: `${words.value}${wanted === null ? "" : ` / ${words.wanted}`}`,
      },
      `${told}${bar}`,
    ),
  );
}
