import "../ui/ask.css";
import "./curating.css";

import type { DataSource } from "../data/source";
import type { SortTask } from "../sort/schema";
import type { Store } from "../store";
import { LabelBar } from "./bar";
import { el } from "../ui/dom";
import { speakAsPage } from "../ui/language";
import { CuratingCard } from "./card";
import { Keeper } from "./keeper";
import { texts } from "./texts";
import { Who } from "./who";

/** What a curator's server lets the page do; loaded only from such a server. */
export class Curating {
  /** Labels all that was found. */
  readonly bar: HTMLElement;
  readonly #source: DataSource;
  readonly #keeper = new Keeper();
  readonly #who = new Who(this.#keeper);
  readonly #powers: ReadonlySet<string>;
  readonly #tasks: Promise<readonly SortTask[]>;

  /** Make it in the language of the page. */
  static async open(
    source: DataSource,
    store: Store,
    powers: ReadonlySet<string>,
  ): Promise<Curating> {
    await speakAsPage(texts, { de: async () => (await import("./texts.de")).german });
    return new Curating(source, store, powers);
  }

  private constructor(source: DataSource, store: Store, powers: ReadonlySet<string>) {
    this.#source = source;
    this.#powers = powers;
    const bar = new LabelBar(source, store, this.#keeper, this.#who);
    this.bar = bar.element;
    this.#tasks = powers.has("sort") ? this.#keeper.tasks().catch(() => []) : Promise.resolve([]);
    void this.#tasks.then((tasks) => {
      if (tasks.length) bar.showTasks(tasks);
    });
  }

  /** Make what may be stated of the medium of a row. */
  card(row: number): HTMLElement {
    const place = el("div");
    void this.#fill(place, row);
    return place;
  }

  async #fill(place: HTMLElement, row: number): Promise<void> {
    const medium = await this.#source.card(row).catch(() => null);
    if (!medium) return;
    const card = new CuratingCard(medium.id, this.#keeper, this.#who, this.#powers);
    place.append(card.element);
    card.showTasks(await this.#tasks);
  }
}
