import { ServerError } from "../data/server";
import { button, el } from "../ui/dom";
import type { Api } from "./api";
import { CutoutBench } from "./cutout";
import { helpDialog } from "./dialogs";
import { QueueList } from "./list";
import { ReviewQueue } from "./queue";
import { LabelBench } from "./labels";
import type { Medium, Problem } from "./schema";
import { Visit } from "./statements";
import { texts } from "./texts";
import { type Subject, Top } from "./top";
import { UprightBench } from "./upright";
import type { Surroundings, Workbench } from "./workbench";

/** Milliseconds that a line of news stays. */
const NEWS_MS = 6000;

/** The page: queue at the side, workbench in the middle, what can be stated at the foot. */
export class Review {
  readonly #root: HTMLElement;
  readonly #api: Api;
  readonly #queue: ReviewQueue;
  readonly #list: QueueList;
  readonly #visit: Visit;
  readonly #bench: Workbench;
  readonly #top: Top;
  readonly #help: HTMLDialogElement;
  readonly #news = el("p", { class: "news", role: "status" });
  readonly #trouble = el("div", { class: "trouble", role: "alert", hidden: true });
  #working = false;
  #newsTimer = 0;

  constructor(root: HTMLElement, api: Api, subject: Subject) {
    this.#root = root;
    this.#api = api;
    this.#visit = new Visit(api, (medium) => {
      this.#judged(medium);
    });
    this.#queue = new ReviewQueue(api, subject.order, () => {
      this.#refresh();
    });
    this.#list = new QueueList(api, this.#queue, (id) => void this.open(id));
    this.#bench = bench(api, this.#visit, this.#surroundings());
    this.#help = helpDialog(api.tool);
    this.#top = new Top(subject, {
      find: (name) => void this.find(name),
      undo: () => void this.undo(),
      help: () => {
        this.#help.showModal();
      },
    });
    root.replaceChildren(this.#layout());
    this.#listen();
  }

  /** Read the queue and open a medium: the one asked for, else the first not judged. */
  async start(wanted: string | null): Promise<void> {
    await this.#busy(() => this.#queue.more());
    const id = wanted ?? this.#queue.first(this.#api.tool);
    if (id) await this.open(id);
    else this.#showEmpty();
    document.documentElement.dataset["ready"] ??= "";
  }

  /** Open a medium by its id, if what is open may be left. */
  async open(id: string): Promise<void> {
    if (this.#queue.current && !(await this.#bench.mayLeave())) return;
    await this.#busy(() => this.#go(id));
  }

  /** Open the medium that an id or a file name means. */
  async find(name: string): Promise<void> {
    const found: string[] = [];
    await this.#busy(async () => {
      const id = await this.#api.find(name);
      if (id) found.push(id);
      else this.#say(texts.notFound(name));
    });
    for (const id of found) await this.open(id);
  }

  /** Take the last statement back and open its medium. */
  async undo(): Promise<void> {
    if (!(await this.#bench.mayLeave())) return;
    await this.#busy(async () => {
      const id = await this.#visit.undo();
      this.#say(id ? texts.undone : texts.nothingToUndo);
      if (id) await this.#go(id);
    });
  }

  #surroundings(): Surroundings {
    return {
      busy: (work) => this.#busy(work),
      next: () => this.#step(1),
      previous: () => this.#step(-1),
      say: (text) => {
        this.#say(text);
      },
    };
  }

  #layout(): HTMLElement {
    return el(
      "div",
      { class: `review review-${this.#api.tool}` },
      this.#top.element,
      this.#list.element,
      el("main", { class: "stage" }, this.#bench.element, this.#trouble),
      el("footer", { class: "foot" }, this.#news, ...this.#bench.actions),
      this.#help,
    );
  }

  async #go(id: string): Promise<void> {
    delete document.documentElement.dataset["ready"];
    await this.#queue.open(id);
    const medium = this.#queue.current;
    if (!medium) return;
    this.#trouble.hidden = true;
    const place = new URL(window.location.href);
    place.searchParams.set("id", id);
    window.history.replaceState(null, "", place);
    document.title = `${medium.caption} · ${texts.titles[this.#api.tool]}`;
    try {
      await this.#bench.show(medium);
    } catch (error) {
      if (error instanceof ServerError) throw error;
      throw new ServerError({ title: texts.failed, detail: "", status: 0 }, { cause: error });
    }
    document.documentElement.dataset["ready"] = id;
    void this.#prefetch();
  }

  async #step(places: 1 | -1): Promise<void> {
    if (!(await this.#bench.mayLeave())) return;
    await this.#busy(async () => {
      const id = await this.#queue.step(places);
      if (id) await this.#go(id);
      else if (places > 0) this.#say(`${texts.end} ${texts.made(this.#visit.n)}`, true);
    });
  }

  /** Fetch the next pictures, so that they are there when they are wanted. */
  async #prefetch(): Promise<void> {
    const next = this.#queue.media[this.#queue.index + 1];
    if (!next) return;
    await fetch(this.#api.address(next.id, this.#bench.shows(next))).catch(() => undefined);
  }

  /** Do one thing at a time; what fails is shown and changes nothing. */
  async #busy(work: () => Promise<void>): Promise<void> {
    const outermost = !this.#working;
    this.#working = true;
    this.#root.dataset["working"] = "true";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#fail(error.problem);
    } finally {
      if (outermost) {
        this.#working = false;
        delete this.#root.dataset["working"];
      }
    }
  }

  #judged(medium: Medium): void {
    this.#queue.update(medium);
    this.#bench.update(medium);
    document.documentElement.dataset["statements"] = String(this.#visit.n);
    this.#refresh();
  }

  #refresh(): void {
    this.#list.refresh();
    this.#top.refresh(this.#queue, this.#visit.n);
  }

  #showEmpty(): void {
    this.#bench.clear();
    this.#fail({ title: texts.empty, detail: texts.emptyHints[this.#api.tool], status: 0 });
  }

  #fail({ title, detail }: Problem): void {
    const close = button(
      { class: "plain" },
      () => {
        this.#trouble.hidden = true;
      },
      texts.close,
    );
    this.#trouble.replaceChildren(el("h2", {}, title), el("p", {}, detail), close);
    this.#trouble.hidden = false;
  }

  #say(text: string, stays = false): void {
    this.#news.textContent = text;
    window.clearTimeout(this.#newsTimer);
    if (stays) return;
    this.#newsTimer = window.setTimeout(() => {
      this.#news.textContent = "";
    }, NEWS_MS);
  }

  #listen(): void {
    document.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.#bench.dirty) event.preventDefault();
    });
    window.addEventListener("dragover", (event) => {
      event.preventDefault();
    });
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file) void this.find(file.name);
    });
  }

  #key(event: KeyboardEvent): void {
    if (this.#working || document.querySelector("dialog[open]")) return;
    const { target } = event;
    const inField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (inField && !leavesField(target, event)) return;
    // Enter on a button that has the focus is a click on it, not a word to the bench
    if (event.key === "Enter" && target instanceof HTMLButtonElement) return;
    if (this.#bench.key(event) || this.#ownKey(event)) event.preventDefault();
  }

  #ownKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key.toLowerCase() === "u") void this.undo();
    else if (event.key === "?") this.#help.showModal();
    else if (event.key === "/") this.#top.focusFind();
    else return false;
    return true;
  }
}

/** True for keys that a slider, a number or a choice leaves to the page. */
function leavesField(field: HTMLInputElement | HTMLSelectElement, event: KeyboardEvent): boolean {
  if (field.type === "range") return !event.key.startsWith("Arrow");
  return field.type === "number" && event.key === "Enter";
}

function bench(api: Api, visit: Visit, around: Surroundings): Workbench {
  const benches = { cutout: CutoutBench, upright: UprightBench, labels: LabelBench };
  return new benches[api.tool](api, visit, around);
}
