import { type Problem, ServerError } from "../data/server";
import { keysDialog } from "../ui/dialogs";
import { button, el } from "../ui/dom";
import { Answers, type News } from "./answers";
import type { Api, QueueName } from "./api";
import { type Place, parsePlace, searchOf, type ViewName } from "./place";
import { Pulse } from "./pulse";
import type { SortState, TaskList } from "./schema";
import { GENERAL_KEYS, texts } from "./texts";
import { Top } from "./top";
import type { Around, View } from "./view";
import { load } from "./views";
import { askWho } from "./who";

/** Milliseconds that a line of news stays. */
const NEWS_MS = 8000;

/** What is sorted, by whom, and how far it is. */
export interface Subject {
  readonly tasks: TaskList;
  readonly who: string;
  readonly state: SortState;
}

/** The page: its head, the view that is open, and a foot with what can be done there. */
export class Shell implements Around {
  readonly api: Api;
  readonly tasks: TaskList;
  readonly who: string;
  readonly answers: Answers;
  readonly #root: HTMLElement;
  readonly #top: Top;
  readonly #pulse: Pulse;
  readonly #views = new Map<ViewName, View>();
  readonly #stage = el("main", { class: "stage" });
  readonly #news = el("p", { class: "news", role: "status" });
  readonly #foot = el("footer", { class: "foot" });
  readonly #trouble = el("div", { class: "trouble", role: "alert", hidden: true });
  #state: SortState;
  #place: Place;
  #open: View | null = null;
  #opening = 0;
  #newsTimer = 0;
  #leaving = false;
  /** True once it was told that the server does not answer. */
  #away = false;

  constructor(root: HTMLElement, api: Api, { tasks, who, state }: Subject, place: Place) {
    this.api = api;
    this.tasks = tasks;
    this.who = who;
    this.#root = root;
    this.#state = state;
    this.#place = place;
    this.answers = new Answers(api, window.sessionStorage, who);
    this.answers.watch((news) => {
      this.#answered(news);
    });
    this.#top = new Top(tasks, place, who, {
      open: (view) => {
        this.go({ view });
      },
      train: () => void this.train(),
      who: () => void this.#change(),
      help: () => {
        this.#help();
      },
    });
    this.#pulse = new Pulse(() => this.#beat());
  }

  get state(): SortState {
    return this.#state;
  }

  get queue(): QueueName {
    return this.#place.queue;
  }

  get id(): string | null {
    return this.#place.id;
  }

  /** Show the page and open the view that the address asks for. */
  async start(): Promise<void> {
    this.#foot.append(this.#news);
    this.#root.replaceChildren(
      el("div", { class: "sort" }, this.#top.element, this.#stage, this.#foot, this.#trouble),
    );
    this.#listen();
    this.#took(this.#state);
    this.#top.saving(this.answers);
    this.answers.hurry();
    await this.#show();
    this.#pulse.start();
  }

  go(to: { view?: ViewName; queue?: QueueName; id?: string }): void {
    const place = { ...this.#place, id: null, ...to };
    if (searchOf(place) === searchOf(this.#place) && this.#open) return;
    this.#place = place;
    window.history.pushState(null, "", searchOf(place));
    void this.#show();
  }

  at(id: string | null): void {
    this.#place = { ...this.#place, id };
    window.history.replaceState(null, "", searchOf(this.#place));
  }

  tell(text: string): void {
    this.#news.textContent = text;
    window.clearTimeout(this.#newsTimer);
    this.#newsTimer = window.setTimeout(() => {
      this.#news.textContent = "";
    }, NEWS_MS);
  }

  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#fail(error.problem);
      return false;
    }
  }

  async train(): Promise<void> {
    if (this.#state.training) return;
    await this.attempt(async () => {
      await this.api.train(this.who);
      await this.reload();
    });
    this.#pulse.quicken();
  }

  async reload(): Promise<void> {
    this.#took(await this.api.state());
  }

  undo(): void {
    const step = this.answers.undo();
    this.tell(step ? texts.undone(step.before.length) : texts.nothingToUndo);
    if (step) this.#open?.undone?.(step);
  }

  /** Open the view of the place; a view is made when it is opened first. */
  async #show(): Promise<void> {
    const ticket = ++this.#opening;
    const { view: name } = this.#place;
    delete document.documentElement.dataset["view"];
    this.#top.open(this.#place);
    this.#open?.hide();
    this.#open = null;
    this.#news.textContent = "";
    const view = this.#views.get(name) ?? (await load(name))(this);
    this.#views.set(name, view);
    if (ticket !== this.#opening) return;
    this.#open = view;
    this.#stage.replaceChildren(view.element);
    this.#foot.replaceChildren(this.#news, ...(view.actions ?? []));
    this.#foot.classList.toggle("foot-bare", !view.actions?.length);
    this.#trouble.hidden = true;
    await this.attempt(() => view.show());
    if (ticket === this.#opening) document.documentElement.dataset["view"] = name;
  }

  /** Read the state; true while it should be read again soon. */
  async #beat(): Promise<boolean> {
    const { training } = this.#state;
    try {
      await this.reload();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return training !== null;
    }
    if (this.answers.unsent) this.answers.hurry();
    const { round, problem, training: now } = this.#state;
    if (training && !now && problem) this.#fail(problem);
    else if (training && !now && round) this.tell(texts.trained(round.number));
    return now !== null;
  }

  #took(state: SortState): void {
    this.#state = state;
    this.#top.refresh(state);
    document.documentElement.dataset["labelled"] = String(state.n_labelled);
    for (const view of this.#views.values()) view.refresh(state);
  }

  #answered({ saved, refused }: News): void {
    this.#top.saving(this.answers);
    this.#tellOfServer();
    if (saved) this.#took({ ...this.#state, ...saved.state });
    if (refused) this.#fail({ ...refused, title: `${texts.refused} ${refused.title}` });
  }

  /** Tell once that the server does not answer, and once that it does again. */
  #tellOfServer(): void {
    const { reached, unsent } = this.answers;
    if (!reached && !this.#away) this.tell(texts.unsentHint);
    if (reached && this.#away && !unsent) this.tell(texts.savedAgain);
    this.#away = !reached || (this.#away && unsent > 0);
  }

  /** Ask who sits here now; the page begins anew for somebody else. */
  async #change(): Promise<void> {
    const who = await askWho(window.localStorage, this.who);
    if (!who || who === this.who) return;
    // what is not sent yet is kept with its name, and sent by the next page
    this.#leaving = true;
    window.location.reload();
  }

  #help(): void {
    const lines = [...(this.#open?.keys ?? []), ...GENERAL_KEYS];
    const dialog = keysDialog(texts.views[this.#place.view], lines);
    dialog.addEventListener("close", () => {
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
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

  #listen(): void {
    document.addEventListener("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    window.addEventListener("popstate", () => {
      this.#place = { ...parsePlace(window.location.search), task: this.api.task };
      void this.#show();
    });
    window.addEventListener("online", () => {
      this.answers.hurry();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.answers.unsent && !this.#leaving) event.preventDefault();
    });
  }

  #key(event: KeyboardEvent): boolean {
    if (document.querySelector("dialog[open]") || keeps(event)) return false;
    return (this.#open?.key(event) ?? false) || this.#ownKey(event);
  }

  #ownKey(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || (command ? key !== "z" || event.shiftKey : key !== "u" && key !== "?"))
      return false;
    if (key === "?") this.#help();
    else this.undo();
    return true;
  }
}

/** True if the element in focus has a use for the key itself. */
function keeps({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement)
    return target.type !== "range" || /^(Arrow|Page|Home|End)/.test(key);
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  const presses = key === "Enter" || key === " ";
  return presses && target instanceof Element && target.closest("button, a, summary") !== null;
}
