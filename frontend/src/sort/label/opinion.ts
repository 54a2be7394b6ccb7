import { el } from "../../ui/dom";
import { badge, type Choice } from "../classes";
import type { SortMedium } from "../schema";
import { texts } from "../texts";

const { label: words } = texts;

/** What the ensemble and other people say of a picture; can be hidden, so that it sways nobody. */
export class Opinion {
  readonly element = el("section", { class: "opinion", "aria-label": words.opinion });
  readonly #choices: readonly Choice[];

  constructor(choices: readonly Choice[]) {
    this.#choices = choices;
  }

  /** Show what is thought of a medium, or only that it is hidden. */
  show(medium: SortMedium | null, shown: boolean): void {
    this.element.hidden = medium === null;
    if (!medium) return;
    this.element.classList.toggle("blind", !shown);
    const parts = shown ? this.#parts(medium) : [el("p", { class: "soft" }, words.blind)];
    this.element.replaceChildren(el("h3", {}, words.opinion), ...parts);
  }

  #parts(medium: SortMedium): HTMLElement[] {
    const parts: HTMLElement[] = [];
    if (medium.proposed === null) parts.push(el("p", { class: "soft" }, words.noOpinion));
    else parts.push(this.#proposal(medium), this.#votes(medium));
    if (medium.reason) parts.push(part(words.reason, el("p", {}, medium.reason)));
    if (medium.others.length) parts.push(part(words.others, this.#others(medium)));
    return parts;
  }

  /** A bar for each class, as long as it is likely. */
  #proposal({ probabilities, proposed, score }: SortMedium): HTMLElement {
    const classes = this.#choices.filter(({ look }) => look !== "class-unsure");
    const known = probabilities.length === classes.length;
    const bars = classes
      .filter(({ name }) => known || name === proposed)
      .map((choice, i) => bar(choice, known ? (probabilities[i] ?? 0) : (score ?? 0), proposed));
    return el("ul", { class: "likely" }, ...bars);
  }

  #votes({ votes }: SortMedium): HTMLElement {
    const marks = votes.map((vote, i) => {
      const choice = this.#choices.find(({ name }) => name === vote);
      const label = `${i + 1}: ${vote}`;
      return el(
        "li",
        { class: `vote ${choice?.look ?? ""}`, title: label },
        el("span", { class: "sign", "aria-hidden": true }, choice?.sign ?? ""),
        el("span", { class: "hidden-text" }, label),
      );
    });
    return part(words.votes(votes.length), el("ul", { class: "votes" }, ...marks));
  }

  #others({ others, said }: SortMedium): HTMLElement {
    const own = said === null ? [] : [{ who: words.you, value: said }];
    const lines = [...own, ...others].map(({ who, value }) => {
      const choice = this.#choices.find(({ name }) => name === value);
      return el("li", {}, choice ? badge(choice) : value, el("span", { class: "soft" }, who));
    });
    return el("ul", { class: "others" }, ...lines);
  }
}

function bar(choice: Choice, probability: number, proposed: string | null): HTMLElement {
  const filled = el("span", { class: "likely-filled" });
  filled.style.width = `${100 * probability}%`;
  return el(
    "li",
    { class: `likely-one ${choice.look}`, "aria-current": choice.name === proposed && "true" },
    badge(choice, "bare"),
    el("span", { class: "likely-share" }, texts.percent(probability)),
    el("span", { class: "likely-bar", "aria-hidden": true }, filled),
  );
}

function part(title: string, content: HTMLElement): HTMLElement {
  return el("div", { class: "opinion-part" }, el("h4", {}, title), content);
}
