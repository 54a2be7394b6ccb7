import { iconButton } from "../../curate/widgets";
import { button, el, ICONS } from "../../ui/dom";
import { badge, type Choice } from "../classes";
import { QueueChoice } from "../queuechoice";
import type { SortMedium } from "../schema";
import { texts } from "../texts";
import type { Around } from "../view";

const NEARER = 1.25;

const { label: words } = texts;

/** What the line above the picture asks for. */
export interface HeadActions {
  readonly opinion: () => void;
  /** Enlarge by a factor; 0 shows the whole picture. */
  readonly zoom: (factor: number) => void;
}

/** The line above the picture: which queue, where in it, what it is, and what was said. */
export class LabelHead {
  readonly element: HTMLElement;
  readonly queues: QueueChoice;
  readonly #around: Around;
  readonly #choices: readonly Choice[];
  readonly #place = el("span", { class: "label-place soft" });
  readonly #caption = el("h2", { class: "medium-caption" });
  readonly #note = el("span", { class: "label-note soft" });
  readonly #said = el("span", { class: "label-said" });
  readonly #opinion: HTMLButtonElement;

  constructor(around: Around, choices: readonly Choice[], actions: HeadActions) {
    this.#around = around;
    this.#choices = choices;
    this.queues = new QueueChoice(around);
    this.#opinion = button(
      { class: "choice opinion-choice", title: `${words.opinion} (O)` },
      actions.opinion,
    );
    const zoom = (label: string, strokes: string, factor: number) =>
      iconButton(label, strokes, () => {
        actions.zoom(factor);
      });
    this.element = el(
      "header",
      { class: "label-head" },
      this.queues.element,
      this.#place,
      el("div", { class: "label-what" }, this.#caption, this.#said, this.#note),
      this.#opinion,
      el(
        "div",
        { class: "group", role: "group", "aria-label": words.fit },
        zoom(`${words.zoomOut} (−)`, ICONS.minus, 1 / NEARER),
        zoom(`${words.fit} (W)`, ICONS.whole, 0),
        zoom(`${words.zoomIn} (+)`, ICONS.plus, NEARER),
      ),
    );
  }

  /** Show a medium and its place among `n`. */
  show(medium: SortMedium | null, index: number, n: number, settles: boolean): void {
    this.#caption.textContent = medium?.caption ?? "";
    this.#caption.classList.toggle("named", medium !== null && !isFile(medium.caption));
    this.#place.textContent = medium ? words.place(index, n) : "";
    this.#note.textContent = medium && settles ? words.conflict : "";
    this.answer(medium, settles);
  }

  /** Show what was said of a medium. */
  answer(medium: SortMedium | null, settles: boolean): void {
    const said = medium && this.#around.answers.of(medium, settles);
    const choice = this.#choices.find(({ name }) => name === said?.value);
    this.#said.replaceChildren(...(choice ? [badge(choice)] : []));
    this.#said.classList.toggle("waits", said?.saved === false);
  }

  /** Show whether the opinion is shown. */
  opinion(shown: boolean): void {
    this.#opinion.textContent = shown ? words.hide : words.show;
    this.#opinion.setAttribute("aria-pressed", String(shown));
  }
}

/** True if a caption is the name of a file, not of a species. */
function isFile(caption: string): boolean {
  return /\.[a-z0-9]{2,5}$/i.test(caption);
}
