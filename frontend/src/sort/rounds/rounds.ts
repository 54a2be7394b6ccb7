import "./rounds.css";

import { el } from "../../ui/dom";
import { AuditPanel } from "./audit";
import { FilesPanel } from "./auditfiles";
import { lineChart } from "./charts";
import { QueuesPanel } from "./queues";
import { acceptProposals } from "./queueaccept";
import { AdvicePanel } from "./advice";
import { type Over, plotsOf } from "./plots";
import { texts } from "./texts";
import type { Round, SortState } from "../schema";
import type { Around, MakeView, View } from "../view";

/** What was learned so far: advice, the queues, plots over the rounds, how good it is, files. */
class RoundsView implements View {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #advice: AdvicePanel;
  readonly #queues: QueuesPanel;
  readonly #audit: AuditPanel;
  readonly #files: FilesPanel;
  readonly #plots = el("div", { class: "plots" });
  readonly #over: HTMLSelectElement;
  #rounds: readonly Round[] = [];
  #shown = false;
  #stands = "";

  constructor(around: Around) {
    this.#around = around;
    this.#advice = new AdvicePanel(() => void around.train());
    this.#queues = new QueuesPanel(around, () => void acceptProposals(around));
    this.#audit = new AuditPanel(around);
    this.#files = new FilesPanel(around);
    this.#over = this.#choice();
    this.element = el(
      "div",
      { class: "rounds" },
      el("div", { class: "rounds-main" }, this.#queues.element, this.#plotsPanel()),
      el(
        "div",
        { class: "rounds-side" },
        this.#advice.element,
        this.#audit.element,
        this.#files.element,
      ),
    );
  }

  async show(): Promise<void> {
    this.#shown = true;
    this.refresh(this.#around.state);
    await this.#load();
  }

  hide(): void {
    this.#shown = false;
  }

  key(): boolean {
    return false;
  }

  refresh(state: SortState): void {
    this.#advice.refresh(state);
    this.#audit.refresh(state);
    this.#files.refresh(state);
    if (this.#shown && standOf(state) !== this.#stands) void this.#load();
  }

  /** Read everything that labels and rounds change. */
  async #load(): Promise<void> {
    const before = this.#stands;
    this.#stands = standOf(this.#around.state);
    if (before !== this.#stands) await Promise.all([this.#queues.load(), this.#audit.load()]);
    await this.#around.attempt(async () => {
      const { rounds } = await this.#around.api.rounds();
      // a table that is open stays open until there is something new
      if (rounds.length === this.#rounds.length && this.#plots.hasChildNodes()) return;
      this.#rounds = rounds;
      this.#draw();
    });
  }

  #plotsPanel(): HTMLElement {
    const { plots } = texts;
    return el(
      "section",
      { class: "panel-plots", "aria-labelledby": "plots-title" },
      el(
        "header",
        {},
        el("h2", { id: "plots-title" }, plots.title),
        el("label", { class: "plots-over" }, plots.over, this.#over),
      ),
      this.#plots,
    );
  }

  #choice(): HTMLSelectElement {
    const options = Object.entries(texts.plots.overs).map(([value, text]) =>
      el("option", { value }, text),
    );
    const select = el("select", { class: "order" }, ...options);
    select.addEventListener("change", () => {
      this.#draw();
    });
    return select;
  }

  #draw(): void {
    const over: Over = this.#over.value === "labels" ? "labels" : "round";
    const charts = this.#rounds.length ? plotsOf(this.#rounds, over).map(lineChart) : [];
    const none = el("p", { class: "plots-none" }, texts.plots.none);
    this.#plots.replaceChildren(...(charts.length ? charts : [none]));
  }
}

/** What the queues, the plots and the audit depend on, in one line. */
function standOf({ classes, n_conflicts, round, applied }: SortState): string {
  return [...classes.map(({ n }) => n), n_conflicts, round?.number, applied].join(" ");
}

export const make: MakeView = (around) => new RoundsView(around);
