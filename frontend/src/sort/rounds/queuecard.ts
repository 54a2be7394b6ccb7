import { button, el } from "../../ui/dom";
import type { QueueName } from "../api";
import { count, texts } from "./texts";
import type { QueueSummary, SortMedium } from "../schema";
import type { Around } from "../view";

/** Pictures at the start of a queue that its card shows. */
const SHOWN = 8;

/** What the members of a kind have in common, as a line above its title. */
const KINDS: Partial<Record<QueueName, readonly [string, string]>> = {
  A: [texts.queues.sure, texts.queues.agree],
  B: [texts.queues.unsure, texts.queues.agree],
  C: [texts.queues.sure, texts.queues.disagree],
  D: [texts.queues.unsure, texts.queues.disagree],
};

/** One queue: its count, what it is, its first pictures, and the ways into it. */
export class QueueCard {
  readonly element: HTMLElement;
  readonly #name: QueueName;
  readonly #around: Around;
  readonly #n = el("span", { class: "queue-n" });
  readonly #title = el("h4", {});
  readonly #sentence = el("p", { class: "queue-sentence" });
  readonly #strip = el("ul", { class: "queue-strip" });
  readonly #ways: readonly HTMLButtonElement[];
  #stands = "";
  #wanted = "";
  #seen = false;

  constructor(name: QueueName, around: Around, accept: () => void) {
    this.#name = name;
    this.#around = around;
    this.#ways = this.#buttons(accept);
    const kind = KINDS[name];
    this.element = el(
      "article",
      { class: "queue-card", "data-queue": name },
      kind ? el("p", { class: "queue-kind" }, kind.join(" · ")) : null,
      el("header", {}, this.#title, this.#n),
      this.#sentence,
      this.#strip,
      el("div", { class: "queue-ways" }, ...this.#ways),
    );
    new IntersectionObserver((entries) => {
      this.#seen = entries.some(({ isIntersecting }) => isIntersecting);
      void this.#fill();
    }).observe(this.element);
  }

  refresh({ title, sentence, n }: QueueSummary): void {
    this.#title.textContent = title;
    this.#sentence.textContent = sentence;
    this.#n.textContent = count(n);
    this.element.dataset["n"] = String(n);
    this.element.classList.toggle("empty", n === 0);
    for (const way of this.#ways) way.disabled = n === 0;
    const { api, state } = this.#around;
    const { quantile, confidence } = api.thresholds;
    this.#wanted = [n, state.n_labelled, state.round?.number, quantile, confidence].join(" ");
    if (n === 0) this.#strip.replaceChildren();
    else void this.#fill();
  }

  #buttons(accept: () => void): HTMLButtonElement[] {
    const { queues } = texts;
    const queue = this.#name;
    const way = (text: string, act: () => void, className = ""): HTMLButtonElement =>
      button({ class: `plain ${className}`.trim() }, act, text);
    const label = way(queues.label, () => {
      this.#around.go({ view: "label", queue });
    });
    const grid = way(queues.grid, () => {
      this.#around.go({ view: "grid", queue });
    });
    const settle = way(queues.settle, () => {
      this.#around.go({ view: "people" });
    });
    if (queue === "conflicts") return [settle];
    return queue === "C" ? [label, grid, way(queues.accept, accept, "accept")] : [label, grid];
  }

  /** Show the first pictures once the card is in sight and what it shows has changed. */
  async #fill(): Promise<void> {
    const wanted = this.#wanted;
    if (!this.#seen || wanted === this.#stands || this.element.classList.contains("empty")) return;
    this.#stands = wanted;
    const { api, who } = this.#around;
    const asked = { name: this.#name, who, offset: 0, limit: SHOWN };
    await this.#around.attempt(async () => {
      const { media } = await api.queue(asked);
      if (wanted === this.#wanted)
        this.#strip.replaceChildren(...media.map((one) => this.#item(one)));
    });
  }

  #item(medium: SortMedium): HTMLElement {
    const told = [medium.caption, medium.reason].filter(Boolean).join("\n");
    const open = button(
      { title: told, "aria-label": texts.queues.open(medium.caption) },
      () => {
        this.#around.go({ view: "label", queue: this.#name, id: medium.id });
      },
      el("img", { src: this.#around.api.picture(medium, "small"), alt: "", loading: "lazy" }),
    );
    return el("li", {}, open);
  }
}
