import { el } from "../../ui/dom";
import type { Thresholds } from "../api";
import { percent, texts } from "./texts";
import type { QueueList } from "../schema";

/** Counts are asked for when a slider has rested this long. */
const REST_MS = 120;

/** Ends and step of both sliders. */
const RANGE = { min: 0.5, max: 0.99, step: 0.01 };

/** What the sliders stand at before somebody moves them. */
const START = { quantile: 0.9, confidence: 0.9 };

/** Two sliders: from which entropy on a medium is unsure, and what is sure all the same. */
export class ThresholdSliders {
  readonly element: HTMLElement;
  readonly #quantile = slider(START.quantile);
  readonly #confidence = slider(START.confidence);
  readonly #share = el("output", { class: "slider-value" });
  readonly #sure = el("output", { class: "slider-value" });
  readonly #meaning = el("small", {});
  #timer = 0;

  constructor(moved: () => void) {
    const { queues } = texts;
    // the slider moves to the right as more media become unsure
    this.#quantile.value = String(mirrored(START.quantile));
    this.element = el(
      "div",
      { class: "sliders" },
      field(queues.quantile, this.#quantile, this.#share, this.#meaning),
      field(
        queues.confidence,
        this.#confidence,
        this.#sure,
        el("small", {}, queues.confidenceHint),
      ),
    );
    for (const one of [this.#quantile, this.#confidence])
      one.addEventListener("input", () => {
        this.#tell();
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(moved, REST_MS);
      });
    this.#tell();
  }

  get thresholds(): Required<Thresholds> {
    return {
      quantile: mirrored(this.#quantile.valueAsNumber),
      confidence: this.#confidence.valueAsNumber,
    };
  }

  /** Say what the thresholds came to. */
  show({ entropy, max_entropy }: QueueList): void {
    this.#meaning.textContent = texts.queues.quantileHint(entropy, max_entropy);
    this.element.classList.toggle("idle", entropy === null);
  }

  #tell(): void {
    const { quantile, confidence } = this.thresholds;
    this.#share.textContent = texts.queues.highest(quantile);
    this.#sure.textContent = percent(confidence);
    this.#quantile.setAttribute("aria-valuetext", texts.queues.highest(quantile));
    this.#confidence.setAttribute("aria-valuetext", percent(confidence));
  }
}

/** Turn a slider's place round: its left end for its right one. */
function mirrored(value: number): number {
  return Number((RANGE.min + RANGE.max - value).toFixed(2));
}

function slider(value: number): HTMLInputElement {
  return el("input", { type: "range", ...RANGE, value });
}

function field(
  name: string,
  input: HTMLElement,
  value: HTMLElement,
  hint: HTMLElement,
): HTMLElement {
  return el(
    "label",
    { class: "slider" },
    el("span", { class: "slider-name" }, name, " ", value),
    input,
    hint,
  );
}
