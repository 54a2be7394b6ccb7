import { el } from "../ui/dom";
import type { QueueName } from "./api";
import type { QueueSummary } from "./schema";
import { texts } from "./texts";
import type { Around } from "./view";

/** Queues that ask for a sample: what the ensemble thinks must not sway who answers. */
const BLIND: ReadonlySet<QueueName> = new Set(["next", "lot", "unlabelled"]);

/** True if what the ensemble thinks is hidden in a queue, until somebody asks for it. */
export function isBlind(queue: QueueName): boolean {
  return BLIND.has(queue);
}

/** Milliseconds after which lengths are read again when answers were given. */
const REST_MS = 2000;

/** The choice of a queue, each with how many media are in it. */
export class QueueChoice {
  readonly element: HTMLSelectElement;
  readonly #around: Around;
  #queues: readonly QueueSummary[] = [];
  #timer: number | undefined;

  constructor(around: Around) {
    this.#around = around;
    this.element = el("select", { class: "order queue-choice", "aria-label": texts.queue });
    this.element.addEventListener("change", () => {
      const chosen = this.#queues.find(({ name }) => name === this.element.value);
      // keys mean answers again, not another queue
      this.element.blur();
      if (chosen) around.go({ queue: chosen.name });
    });
    this.#fill();
  }

  /** The queue in words, or null before they were read. */
  get current(): QueueSummary | null {
    return this.#queues.find(({ name }) => name === this.#around.queue) ?? null;
  }

  /** Read which queues there are. */
  async read(): Promise<void> {
    this.#queues = (await this.#around.api.queues(this.#around.who)).queues;
    this.#fill();
  }

  /** Read them again soon, unless somebody is choosing: they may be longer or shorter now. */
  refresh(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const idle = this.element.isConnected && document.activeElement !== this.element;
      if (idle) void this.read().catch(() => undefined);
    }, REST_MS);
  }

  #fill(): void {
    const { queue } = this.#around;
    const known = this.#queues.some(({ name }) => name === queue);
    const own = known ? [] : [option(queue, queue, queue)];
    const groups = new Map<string, QueueSummary[]>();
    for (const one of this.#queues) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    const parts = [...groups].map(([group, queues]) =>
      el(
        "optgroup",
        { label: texts.groups[group] ?? group },
        ...queues.map(({ name, title, n }) => option(name, `${title} · ${texts.number(n)}`, queue)),
      ),
    );
    this.element.replaceChildren(...own, ...parts);
    this.element.title = this.current?.sentence ?? "";
  }
}

function option(name: QueueName, label: string, chosen: QueueName): HTMLElement {
  return el("option", { value: name, selected: name === chosen }, label);
}
