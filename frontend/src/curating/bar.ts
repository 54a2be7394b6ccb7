import type { DataSource } from "../data/source";
import { ServerError } from "../data/server";
import type { RowSet } from "../select/rows";
import { MAX_LABELS } from "../sort/api";
import type { Label, SortTask } from "../sort/schema";
import type { Store } from "../store";
import { ask } from "../ui/dialogs";
import { button, el } from "../ui/dom";
import { classButtons } from "./classes";
import { idsOf } from "./ids";
import type { Keeper } from "./keeper";
import { Note } from "./notes";
import { texts } from "./texts";
import type { Who } from "./who";

/** More media than these are labelled only after a question. */
const MANY = 50;

/** Labels all that was found: what lies in the lasso, or what a search or a filter left. */
export class LabelBar {
  readonly element = el("section", {
    class: "label-bar",
    "aria-label": texts.bar.label,
    hidden: true,
  });
  readonly #source: DataSource;
  readonly #keeper: Keeper;
  readonly #who: Who;
  readonly #note = new Note();
  readonly #count = el("span", { class: "label-bar-count" });
  #found: RowSet | null = null;

  constructor(source: DataSource, store: Store, keeper: Keeper, who: Who) {
    this.#source = source;
    this.#keeper = keeper;
    this.#who = who;
    store.watch(
      ({ found }) => found,
      (found) => {
        this.#found = found instanceof Object && found.count ? found : null;
        this.#note.say("");
        this.#show();
      },
    );
  }

  /** Offer the classes of each task. */
  showTasks(tasks: readonly SortTask[]): void {
    const lines = tasks.map((task) => {
      const { element } = classButtons(task, (value) => {
        void this.#note.doing(() => this.#label(task.name, value));
      });
      return tasks.length > 1 ? el("div", {}, texts.quality(task.name), element) : element;
    });
    this.element.replaceChildren(this.#count, ...lines, this.#note.element);
    this.#show();
  }

  #show(): void {
    this.element.hidden = !this.#found || !this.element.childElementCount;
    if (this.#found) this.#count.textContent = texts.bar.all(this.#found.count);
  }

  async #label(task: string, value: string): Promise<void> {
    const found = this.#found;
    if (!found) return;
    const who = await this.#who.ask();
    if (who === null) return;
    if (found.count > MANY && !(await sure(found.count, value))) return;
    const ids = await idsOf(this.#source, found);
    if (!ids.length) {
      this.#note.say(texts.unreadable);
      return;
    }
    const before: Label[] = [];
    await this.#sort(
      task,
      who,
      ids.map((id) => ({ id, value })),
      before,
    );
    this.#note.element.replaceChildren(
      texts.bar.kept(ids.length, value),
      " ",
      button({ class: "quiet" }, () => void this.#takeBack(task, who, before), texts.undo),
    );
  }

  async #takeBack(task: string, who: string, before: readonly Label[]): Promise<void> {
    await this.#note.doing(async () => {
      await this.#sort(task, who, before, []);
      this.#note.say(texts.undone);
    });
  }

  /** Send labels, as many at once as the server takes; `before` fills with what undoes them. */
  async #sort(task: string, who: string, labels: readonly Label[], before: Label[]): Promise<void> {
    let done = 0;
    try {
      for (let first = 0; first < labels.length; first += MAX_LABELS) {
        const part = labels.slice(first, first + MAX_LABELS);
        if (first) this.#note.say(texts.bar.progress(first, labels.length));
        before.push(...(await this.#keeper.sort(task, who, part)));
        done += part.length;
      }
    } catch (error) {
      if (!(error instanceof ServerError) || !done) throw error;
      const { title, detail, status } = error.problem;
      const said = [texts.bar.progress(done, labels.length), detail].join(" ");
      throw new ServerError({ title, detail: said, status }, { cause: error });
    }
  }
}

async function sure(n: number, value: string): Promise<boolean> {
  const answer = await ask(texts.bar.sure(n, value), texts.bar.sureHint, [
    ["no", texts.cancel],
    ["yes", texts.keep],
  ]);
  return answer === "yes";
}
