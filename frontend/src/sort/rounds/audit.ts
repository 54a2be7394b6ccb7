import "./audit.css";

import { button, el } from "../../ui/dom";
import { lineChart } from "./charts";
import { roundedRange } from "./chartscale";
import { count, percent, texts } from "./texts";
import type { ClassAudit, Figure, SortAudit, SortState } from "../schema";
import type { Around } from "../view";

/** From this coverage on, the axis of the curve holds whole intervals. */
const TOLD_FROM = 0.25;

/** A wanted precision is asked for when nothing was typed for this long. */
const REST_MS = 250;

/** How right the sorting is on media drawn at random, and what can be kept at a precision. */
export class AuditPanel {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #basis = el("p", { class: "audit-basis" });
  readonly #sentence = el("p", { class: "audit-sentence", role: "status" });
  readonly #figures = el("div", { class: "audit-figures" });
  readonly #applied = el("p", { class: "audit-applied" });
  readonly #wanted = el("input", {
    class: "audit-wanted",
    type: "number",
    min: 50,
    max: 99.99,
    step: "any",
    inputmode: "decimal",
  });
  readonly #apply: HTMLButtonElement;
  #timer = 0;
  #asked = 0;

  constructor(around: Around) {
    this.#around = around;
    this.#apply = button({ class: "plain strong" }, () => void this.#hand(), texts.audit.apply);
    this.#apply.title = texts.audit.applyHint;
    this.#wanted.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.load(), REST_MS);
    });
    this.element = el(
      "section",
      { class: "panel-audit", "aria-labelledby": "audit-title" },
      el("h2", { id: "audit-title" }, texts.audit.title),
      this.#basis,
      this.#choice(),
      this.#figures,
    );
  }

  refresh({ round, applied }: SortState): void {
    this.#apply.disabled = !round;
    this.#applied.textContent = applied === null ? "" : texts.audit.applied(applied);
  }

  /** Measure again, at the precision that is wanted. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    await this.#around.attempt(async () => {
      const audit = await this.#around.api.audit(this.#precision);
      if (asked === this.#asked) this.#show(audit);
    });
  }

  /** The precision that was typed, in (0, 1); none if nothing was that means one. */
  get #precision(): number | undefined {
    const typed = this.#wanted.valueAsNumber / 100;
    return typed > 0 && typed < 1 ? typed : undefined;
  }

  #choice(): HTMLElement {
    const { audit } = texts;
    const more = button(
      { class: "plain", title: audit.moreHint },
      () => {
        this.#around.go({ view: "label", queue: "lot" });
      },
      audit.more,
    );
    return el(
      "div",
      { class: "audit-choice" },
      el("label", { class: "audit-field" }, audit.wanted, this.#wanted, audit.unit),
      this.#sentence,
      el("div", { class: "audit-ways" }, more, this.#apply, this.#applied),
    );
  }

  #show(audit: SortAudit): void {
    const words = texts.audit;
    if (document.activeElement !== this.#wanted)
      this.#wanted.value = String(Number((100 * audit.precision).toFixed(2)));
    this.#basis.textContent = audit.n ? words.basis(audit.n) : words.none;
    this.#sentence.textContent = audit.sentence;
    this.#figures.replaceChildren(
      ...(audit.n ? [classTable(audit), el("div", { class: "audit-curve" }, curveOf(audit))] : []),
    );
  }

  async #hand(): Promise<void> {
    await this.#around.attempt(async () => {
      const { sentence } = await this.#around.api.apply(this.#precision);
      this.#around.tell(sentence);
      await this.#around.reload();
    });
  }
}

function curveOf({ curve, choice, precision }: SortAudit): HTMLElement {
  const words = texts.audit;
  const points = curve.map(({ coverage, accuracy }) => ({
    x: coverage,
    y: accuracy.value,
    low: accuracy.low,
    high: accuracy.high,
  }));
  // where few are kept, an interval reaches far down: the axis does not follow it there
  const seen = curve.flatMap(({ coverage, accuracy: { value, low } }) =>
    coverage >= TOLD_FROM ? [value, low ?? value] : [value],
  );
  const lowest = roundedRange({ low: Math.min(precision, ...seen), high: 1 }, 4).low;
  const ends = points.length ? [points[0]?.x ?? 0, points.at(-1)?.x ?? 1] : [];
  return lineChart({
    title: words.curve,
    description: words.curveText,
    x: { label: words.coverage, format: percent, low: 0, high: 1 },
    y: { label: words.accuracy, format: percent, low: lowest, high: 1 },
    series: [
      { name: words.wanted, role: "random", points: ends.map((x) => ({ x, y: precision })) },
      { name: words.kept, role: "main", points },
    ],
    marker: choice && {
      x: choice.coverage,
      y: choice.accuracy.value,
      text: words.keep(choice.coverage),
    },
  });
}

function classTable({ classes, accuracy }: SortAudit): HTMLElement {
  const words = texts.audit;
  const head = [words.class, words.n, words.precision, words.recall].map((text) =>
    el("th", { scope: "col" }, text),
  );
  const table = el(
    "table",
    { class: "figures" },
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...classes.map(classRow)),
  );
  const over =
    accuracy && el("p", { class: "audit-accuracy" }, words.accuracy, " ", told(accuracy));
  return el("div", { class: "audit-classes" }, el("div", { class: "figures-room" }, table), over);
}

function classRow({ name, n, precision, recall }: ClassAudit): HTMLElement {
  const cells = [precision, recall].map((one) => el("td", {}, one ? told(one) : "–"));
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, count(n)), ...cells);
}

/** A figure with its interval, the interval in small letters. */
function told({ value, low, high }: Figure): HTMLElement {
  const known = low !== null && high !== null;
  const interval = known ? el("small", {}, ` ${percent(low)} to ${percent(high)}`) : null;
  return el("span", { class: "told" }, percent(value), interval);
}
