import { loadImage } from "../../curate/masks";
import { Viewer } from "../../curate/viewer";
import { action } from "../../curate/widgets";
import { ServerError } from "../../data/server";
import { button, el } from "../../ui/dom";
import type { Step } from "../answers";
import type { QueueName } from "../api";
import { answerButtons } from "../answerbuttons";
import { calledOf, type Choice, choiceOf, choicesOf, keysOf } from "../classes";
import { Feed } from "../feed";
import { LabelHead } from "./head";
import { Opinion } from "./opinion";
import { Pictures } from "../pictures";
import { isId } from "../place";
import { isBlind } from "../queuechoice";
import type { SortMedium, SortState } from "../schema";
import { onSwipe } from "./swipe";
import { LABEL_KEYS, texts } from "../texts";
import { Trail } from "./trail";
import type { Around, MakeView, View } from "../view";
import { askText } from "../who";

const NEARER = 1.25;

/** Pictures that are fetched and decoded ahead. */
const AHEAD = 8;

const { label: words } = texts;

/** Label: one picture, large; a key says what it is, and the next one is there. */
class LabelView implements View {
  readonly element: HTMLElement;
  readonly actions: readonly HTMLElement[];
  readonly keys;
  readonly #around: Around;
  readonly #choices: readonly Choice[];
  readonly #viewer = new Viewer(words.picture, "pane-label");
  readonly #pictures: Pictures;
  readonly #head: LabelHead;
  readonly #opinion: Opinion;
  readonly #trail: Trail;
  readonly #empty = el("div", { class: "label-empty", hidden: true });
  readonly #flash = el("span", { class: "flash", "aria-hidden": true });
  /** Whether the opinion is shown, where somebody chose. */
  readonly #chosen = new Map<QueueName, boolean>();
  #feed: Feed;
  #index = 0;
  /** The farthest place that was reached. */
  #front = 0;
  #round: number | null;
  #shown = 0;

  constructor(around: Around) {
    const { api, answers, state } = around;
    this.#around = around;
    this.#choices = choicesOf(state.classes);
    this.#round = state.round?.number ?? null;
    this.#pictures = new Pictures((one) => api.picture(one, "photograph"), loadImage);
    this.#opinion = new Opinion(this.#choices);
    const small = (one: SortMedium): string => api.picture(one, "small");
    this.#trail = new Trail(answers, this.#choices, small, (id) => void this.#go(id));
    this.#head = new LabelHead(around, this.#choices, {
      opinion: () => {
        this.#toggle();
      },
      zoom: (factor) => {
        this.#zoom(factor);
      },
    });
    this.#feed = this.#newFeed();
    this.keys = [
      ...this.#choices.map((one) => [keysOf(one), calledOf(one.name)] as const),
      ...LABEL_KEYS,
    ];
    this.actions = this.#buttons();
    this.element = this.#layout();
    answers.watch(() => {
      this.#answered();
    });
  }

  async show(): Promise<void> {
    const fresh = this.#feed.queue !== this.#around.queue;
    if (fresh) {
      this.#feed = this.#newFeed();
      this.#index = this.#front = 0;
    }
    void this.#head.queues.read().catch(() => undefined);
    const { id } = this.#around;
    const asked = id === null ? -1 : await this.#placeOf(id);
    await this.#open(asked < 0 ? await this.#nextOpen() : asked);
  }

  hide(): void {
    this.#shown += 1;
    delete document.documentElement.dataset["ready"];
  }

  refresh(state: SortState): void {
    this.#head.queues.refresh();
    const round = state.round?.number ?? null;
    if (round === this.#round) return;
    this.#round = round;
    // the picture that is shown stays, and the next one, which may be on its way
    this.#feed.renew(this.#index + 2);
    this.#front = Math.min(this.#front, this.#index + 1);
    if (!this.element.isConnected) return;
    const work = (): Promise<void> => (this.#medium ? this.#readOn() : this.#open(this.#index));
    void this.#around.attempt(work);
  }

  undone({ before }: Step): void {
    const [first] = before;
    if (first && before.length === 1) void this.#go(first.id);
  }

  key(event: KeyboardEvent): boolean {
    const choice = choiceOf(this.#choices, event);
    if (choice) {
      this.#say(choice);
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const does = this.#keyboard[key];
    does?.();
    return does !== undefined;
  }

  readonly #keyboard: Record<string, () => void> = {
    s: () => void this.#step(1),
    ArrowRight: () => void this.#step(1),
    ArrowLeft: () => void this.#step(-1),
    j: () => void this.#jump(),
    o: () => {
      this.#toggle();
    },
    w: () => {
      this.#zoom(0);
    },
    "+": () => {
      this.#zoom(NEARER);
    },
    "=": () => {
      this.#zoom(NEARER);
    },
    "-": () => {
      this.#zoom(1 / NEARER);
    },
  };

  get #medium(): SortMedium | null {
    return this.#feed.media[this.#index] ?? null;
  }

  get #seesOpinion(): boolean {
    const { queue } = this.#feed;
    return this.#chosen.get(queue) ?? !isBlind(queue);
  }

  #newFeed(): Feed {
    const { api, answers, queue, who } = this.#around;
    return new Feed(api, answers, queue, who);
  }

  #layout(): HTMLElement {
    this.#viewer.element.append(this.#flash, this.#empty);
    onSwipe(
      this.#viewer.element,
      () => !this.#viewer.enlarged,
      (direction) => void this.#step(direction < 0 ? 1 : -1),
    );
    return el(
      "div",
      { class: "bench label-bench" },
      this.#head.element,
      el(
        "div",
        { class: "label-room" },
        this.#viewer.element,
        el("aside", { class: "label-side" }, this.#opinion.element, this.#trail.element),
      ),
    );
  }

  #buttons(): HTMLElement[] {
    return [
      action(words.back, "←", () => void this.#step(-1), "way"),
      action(words.skip, "S", () => void this.#step(1), "way"),
      action(
        texts.undo,
        "U",
        () => {
          this.#around.undo();
        },
        "way",
      ),
      answerButtons(words.answers, this.#choices, (choice) => {
        this.#say(choice);
      }),
    ];
  }

  /** Return the place of the first medium from here on without an answer; here, if all have one. */
  async #nextOpen(): Promise<number> {
    await this.#feed.reach(this.#index + 1);
    const open = this.#feed.media.findIndex((one, i) => i >= this.#index && this.#feed.isOpen(one));
    return open < 0 ? this.#index : open;
  }

  /** Show what lies at a place; past the end, that it is the end. */
  async #open(index: number): Promise<void> {
    const ticket = ++this.#shown;
    await this.#feed.reach(index + 1);
    if (ticket !== this.#shown) return;
    this.#index = Math.min(index, this.#feed.media.length);
    this.#front = Math.max(this.#front, this.#index);
    const medium = this.#medium;
    this.#around.at(medium?.id ?? null);
    this.#sayWhere();
    if (medium) await this.#picture(medium, ticket);
    else this.#showEnd();
    if (ticket === this.#shown) void this.#around.attempt(() => this.#readOn());
  }

  /** Show the picture of a medium: at once if it is there, else when it has come. */
  async #picture(medium: SortMedium, ticket: number): Promise<void> {
    const { dataset } = document.documentElement;
    const there = this.#pictures.at(medium.id);
    dataset["decoded"] = String(there !== null);
    delete dataset["ahead"];
    if (!there) delete dataset["ready"];
    this.#empty.hidden = true;
    this.#viewer.element.classList.toggle("waits", !there);
    try {
      const image = there ?? (await this.#pictures.get(medium));
      if (ticket !== this.#shown) return;
      this.#viewer.show(image, medium.caption);
      this.#viewer.element.classList.remove("waits");
      dataset["ready"] = medium.id;
    } catch (error) {
      if (ticket !== this.#shown) return;
      if (error instanceof ServerError) throw error;
      this.#showNothing(texts.failed, medium.caption);
      dataset["ready"] = medium.id;
    }
  }

  /** Fetch the next pictures, and the next part of the queue before it is needed. */
  async #readOn(): Promise<void> {
    const wanted = (): readonly SortMedium[] =>
      this.#feed.media.slice(this.#index, this.#index + 1 + AHEAD);
    this.#pictures.ahead(wanted());
    await this.#feed.reach(this.#index + 4 * AHEAD);
    this.#pictures.ahead(wanted());
    this.#sayWhere();
    const [, ...next] = wanted();
    await Promise.allSettled(next.map((one) => this.#pictures.get(one)));
    const ready = next.filter(({ id }) => this.#pictures.at(id) !== null);
    document.documentElement.dataset["ahead"] = String(ready.length);
  }

  #sayWhere(): void {
    this.#head.show(this.#medium, this.#index, this.#feed.n, this.#feed.settles);
    this.#head.opinion(this.#seesOpinion);
    this.#opinion.show(this.#medium, this.#seesOpinion || this.#feed.settles);
  }

  #showEnd(): void {
    const any = this.#feed.media.length > 0;
    this.#showNothing(any ? words.end : words.empty, words.emptyHint);
    document.documentElement.dataset["ready"] = "";
  }

  #showNothing(title: string, hint: string): void {
    this.#viewer.clear();
    this.#viewer.element.classList.remove("waits");
    this.#empty.replaceChildren(el("p", {}, title), el("p", { class: "soft" }, hint));
    if (!this.#medium) this.#empty.append(...this.#waysOn());
    this.#empty.hidden = false;
  }

  /** What can be done at the end of a queue. */
  #waysOn(): HTMLElement[] {
    const around = this.#around;
    const rounds = (): void => {
      around.go({ view: "rounds" });
    };
    return [
      button({ class: "plain strong" }, () => void around.train(), texts.train),
      button({ class: "plain" }, rounds, texts.views.rounds),
    ];
  }

  /** Say what the picture is, and go on at once; the server is told behind. */
  #say(choice: Choice): void {
    const medium = this.#medium;
    if (!medium) return;
    const unsettled = this.#feed.settles && choice.look === "class-unsure";
    if (!unsettled) this.#around.answers.say([medium], choice.name, "label", this.#feed.settles);
    this.#trail.add(medium);
    this.#blink(choice);
    const next = this.#afterAnswer();
    const said = calledOf(choice.name);
    const caption = this.#feed.media[next]?.caption;
    this.#around.tell(caption ? words.saidNext(said, caption) : words.said(said));
    void this.#around.attempt(() => this.#open(next));
  }

  /** The next place; after mending an earlier answer, where one had come to. */
  #afterAnswer(): number {
    if (this.#index >= this.#front) return this.#index + 1;
    const open = this.#feed.media.findIndex(
      (one, i) => i > this.#index && i < this.#front && this.#feed.isOpen(one),
    );
    return open < 0 ? this.#front : open;
  }

  #blink({ look, sign, name }: Choice): void {
    this.#flash.className = `flash ${look}`;
    this.#flash.replaceChildren(`${sign} ${calledOf(name)}`);
    for (const one of this.#flash.getAnimations()) {
      one.cancel();
      one.play();
    }
  }

  async #step(places: 1 | -1): Promise<void> {
    if (this.#index + places < 0) this.#around.tell(words.start);
    else await this.#around.attempt(() => this.#open(this.#index + places));
  }

  async #jump(): Promise<void> {
    const { jump: title, jumpHint: hint, jumpField: field, jumpGo: go } = words;
    const text = await askText({ title, hint, field, go, value: "", longest: 100 });
    if (text === null) return;
    if (isId(text)) await this.#go(text);
    else this.#around.tell(words.notId(text));
  }

  /** Open a medium by its id, wherever it is. */
  async #go(id: string): Promise<void> {
    await this.#around.attempt(async () => {
      const place = await this.#placeOf(id);
      if (place < 0) this.#around.tell(words.notThere(id));
      else await this.#open(place);
    });
  }

  /** Return the place of a medium in the feed; what is not there is put in here. -1: no such one. */
  async #placeOf(id: string): Promise<number> {
    await this.#feed.reach(1);
    if (this.#feed.indexOf(id) < 0) {
      const medium = await this.#around.api.find(id, this.#around.who);
      if (medium) this.#feed.insert(Math.min(this.#index, this.#feed.media.length), medium);
    }
    return this.#feed.indexOf(id);
  }

  #toggle(): void {
    this.#chosen.set(this.#feed.queue, !this.#seesOpinion);
    this.#sayWhere();
  }

  #zoom(factor: number): void {
    if (factor) this.#viewer.zoom(factor);
    else this.#viewer.fit();
  }

  #answered(): void {
    this.#trail.refresh();
    this.#head.answer(this.#medium, this.#feed.settles);
  }
}

export const make: MakeView = (around) => new LabelView(around);
