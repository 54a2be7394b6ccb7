import "./queues.css";

import { el } from "../../ui/dom";
import { QueueCard } from "./queuecard";
import { ThresholdSliders } from "./queuesliders";
import { texts } from "./texts";
import type { QueueSummary } from "../schema";
import type { Around } from "../view";

type Group = QueueSummary["group"];

/** Groups of queues in the order in which they stand. */
const GROUPS: readonly Group[] = ["unlabelled kinds", "labelled kinds", "labels", "looks", "order"];

/** Kinds of unlabelled media: the sure above the unsure, agreement left of disagreement. */
const MATRIX = ["A", "C", "B", "D"];

/** All queues of a task: how many media each holds at the thresholds, and the way into each. */
export class QueuesPanel {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #sliders: ThresholdSliders;
  readonly #room = el("div", { class: "queue-groups" });
  readonly #cards = new Map<string, QueueCard>();
  readonly #accept: () => void;
  #asked = 0;

  /** `accept` takes over what the ensemble proposes for kind C. */
  constructor(around: Around, accept: () => void) {
    this.#around = around;
    this.#accept = accept;
    this.#sliders = new ThresholdSliders(() => {
      // Label and Grid go through the queues at the same thresholds
      around.api.thresholds = this.#sliders.thresholds;
      void this.load();
    });
    this.element = el(
      "section",
      { class: "panel-queues", "aria-labelledby": "queues-title" },
      el("h2", { id: "queues-title" }, texts.queues.title),
      this.#sliders.element,
      this.#room,
    );
  }

  /** Read the counts again; an answer that a later question overtook is dropped. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    const { api, who } = this.#around;
    await this.#around.attempt(async () => {
      const found = await api.queues(who);
      if (asked !== this.#asked) return;
      this.#sliders.show(found);
      this.#show(found.queues);
    });
  }

  #show(queues: readonly QueueSummary[]): void {
    const groups = GROUPS.flatMap((group) => {
      const members = queues.filter((one) => one.group === group);
      if (group === "unlabelled kinds")
        members.sort((a, b) => MATRIX.indexOf(a.name) - MATRIX.indexOf(b.name));
      return members.length ? [this.#group(group, members)] : [];
    });
    const kinds = queues.some(({ group }) => group === "unlabelled kinds");
    this.#room.replaceChildren(
      ...(kinds ? [] : [el("p", { class: "queues-before" }, texts.queues.before)]),
      ...groups,
    );
  }

  #group(group: Group, queues: readonly QueueSummary[]): HTMLElement {
    const cards = queues.map((queue) => this.#card(queue).element);
    const className = group === "unlabelled kinds" ? "queue-cards matrix" : "queue-cards";
    return el(
      "section",
      { class: "queue-group" },
      el("h3", {}, texts.queues.groups[group]),
      el("div", { class: className }, ...cards),
    );
  }

  /** Return the card of a queue, brought up to date; it stays the same element. */
  #card(queue: QueueSummary): QueueCard {
    const known = this.#cards.get(queue.name);
    const card = known ?? new QueueCard(queue.name, this.#around, this.#accept);
    this.#cards.set(queue.name, card);
    card.refresh(queue);
    return card;
  }
}
