import { button, el } from "../../ui/dom";
import { answerButton } from "../answerbutton";
import { UNSURE } from "../answers";
import { badge, calledOf, type Choice, choiceOf, choicesOf } from "../classes";
import { texts } from "./texts";
import { percent } from "../rounds/texts";
import type { SortMedium } from "../schema";
import type { Around } from "../view";

/** Conflicts read at once. */
const PER_PAGE = 100;

/** One conflict large, with what each person said; the others beside it; a key settles it. */
export class ConflictBench {
  readonly element: HTMLElement;
  readonly #around: Around;
  readonly #title = el("h2", {});
  readonly #stage = el("div", { class: "conflict-stage" });
  readonly #list = el("ul", { class: "conflict-list", "aria-label": texts.list });
  #media: readonly SortMedium[] = [];
  #chosen: string | null = null;
  #n = 0;

  constructor(around: Around) {
    this.#around = around;
    this.element = el(
      "section",
      { class: "conflicts" },
      this.#title,
      el("p", { class: "conflicts-hint" }, texts.hint),
      this.#stage,
      this.#list,
    );
  }

  /** Read the conflicts again; the one that is looked at stays, or one named is opened. */
  async load(wanted: string | null = this.#chosen): Promise<void> {
    const { api, who, answers } = this.#around;
    await this.#around.attempt(async () => {
      const asked = { name: "conflicts", who, offset: 0, limit: PER_PAGE } as const;
      const { media, n } = await api.queue(asked);
      answers.learn(media);
      // what was settled here but is not on the server's disk yet does not come back
      const open = media.filter((one) => answers.of(one, true).value === null);
      const place = Math.max(0, this.#place);
      this.#media = open;
      this.#n = n - (media.length - open.length);
      const there = open.find(({ id }) => id === wanted);
      this.#open((there ?? open[Math.min(place, open.length - 1)])?.id ?? null);
    });
  }

  key(event: KeyboardEvent): boolean {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (steps !== undefined) return this.#step(steps);
    const said = choiceOf(this.#settlings, event);
    if (said) this.#settle(said.name);
    return said !== null;
  }

  /** What a conflict can be settled as: to be unsure together settles nothing. */
  get #settlings(): readonly Choice[] {
    return this.#choices.filter(({ name }) => name !== UNSURE);
  }

  get #choices(): readonly Choice[] {
    return choicesOf(this.#around.state.classes);
  }

  get #place(): number {
    return this.#media.findIndex(({ id }) => id === this.#chosen);
  }

  #step(places: number): boolean {
    const next = this.#media[this.#place + places];
    if (next) this.#open(next.id);
    return true;
  }

  #settle(value: string): void {
    const place = this.#place;
    const medium = this.#media[place];
    if (!medium) return;
    this.#around.answers.say([medium], value, "people", true);
    this.#around.tell(texts.settled(medium.caption, value));
    this.#media = this.#media.filter((one) => one !== medium);
    this.#n--;
    this.#open((this.#media[place] ?? this.#media.at(-1))?.id ?? null);
  }

  #open(id: string | null): void {
    this.#chosen = id;
    this.#around.at(id);
    const medium = this.#media.find((one) => one.id === id);
    this.#title.textContent = texts.conflicts(this.#n);
    this.element.classList.toggle("settled", !medium);
    this.#stage.replaceChildren(
      ...(medium ? this.#large(medium) : [el("p", { class: "people-none" }, texts.none)]),
    );
    this.#list.replaceChildren(...this.#media.map((one) => this.#item(one)));
    this.#list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #large(medium: SortMedium): HTMLElement[] {
    const { api, who } = this.#around;
    const own = medium.said === null ? [] : [{ who: texts.you(who), value: medium.said }];
    const votes = [...own, ...medium.others].map((vote) =>
      el("li", {}, el("span", { class: "vote-who" }, vote.who), this.#name(vote.value)),
    );
    const { proposed, score } = medium;
    const opinion = proposed === null ? "" : texts.proposed(proposed, percent(score ?? 0));
    const ways = this.#settlings.map((choice) =>
      answerButton(choice, () => {
        this.#settle(choice.name);
      }),
    );
    const src = api.picture(medium, "photograph");
    const { width, height } = medium;
    const alt = texts.pictureOf(medium.caption);
    return [
      el("div", { class: "conflict-picture" }, el("img", { src, alt, width, height })),
      el(
        "div",
        { class: "conflict-words" },
        el("h3", {}, medium.caption),
        el("ul", { class: "conflict-votes" }, ...votes),
        el("p", { class: "conflict-opinion" }, opinion),
        el("div", { class: "conflict-ways" }, ...ways),
      ),
    ];
  }

  #name(value: string): HTMLElement {
    const choice = this.#choices.find(({ name }) => name === value);
    return choice ? badge(choice) : el("span", {}, value);
  }

  #item(medium: SortMedium): HTMLElement {
    const said = medium.others.map(({ who, value }) => texts.said(who, calledOf(value)));
    if (medium.said !== null) said.unshift(texts.said(this.#around.who, calledOf(medium.said)));
    const current = medium.id === this.#chosen;
    const open = button(
      { "data-id": medium.id, title: said.join("\n"), "aria-current": current && "true" },
      () => {
        this.#open(medium.id);
      },
      el("img", { src: this.#around.api.picture(medium, "small"), alt: "", loading: "lazy" }),
      el("span", { class: "conflict-caption" }, medium.caption),
    );
    return el("li", {}, open);
  }
}
