import { button, el } from "../ui/dom";
import type { Answers } from "./answers";
import { type Place, searchOf, type ViewName, VIEWS } from "./place";
import type { SortState, TaskList } from "./schema";
import { texts } from "./texts";

/** What the head of the page asks for. */
export interface TopActions {
  readonly open: (view: ViewName) => void;
  readonly train: () => void;
  readonly who: () => void;
  readonly help: () => void;
}

/** The head of the page: which task, how far, a round to be trained, the views, and who. */
export class Top {
  readonly element: HTMLElement;
  readonly #tabs: ReadonlyMap<ViewName, HTMLAnchorElement>;
  readonly #labelled = el("span", { class: "sort-labelled" });
  readonly #since = el("span", { class: "sort-since" });
  readonly #saved = el("span", { class: "sort-saved" });
  readonly #train: HTMLButtonElement;
  readonly #trainText = el("span", { class: "train-text" });
  readonly #trainBar = el("span", { class: "train-bar", "aria-hidden": true });

  constructor(tasks: TaskList, place: Place, who: string, actions: TopActions) {
    this.#tabs = new Map(VIEWS.map((view) => [view, tab(view, place, actions)]));
    this.#train = button(
      { class: "action train", title: texts.trainHint },
      actions.train,
      this.#trainBar,
      this.#trainText,
    );
    const nav = el("nav", { class: "tabs", "aria-label": texts.tabs }, ...this.#tabs.values());
    this.element = el(
      "header",
      { class: "top" },
      el("h1", { class: "top-title" }, tasks.title || texts.title),
      taskChoice(tasks, place.task),
      nav,
      el("span", { class: "top-progress" }, this.#saved, this.#labelled, this.#since),
      this.#train,
      button(
        { class: "choice who", title: texts.who.change(who), "aria-label": texts.who.change(who) },
        actions.who,
        who,
      ),
      button(
        { class: "tool", "aria-label": texts.help, title: `${texts.help} (?)` },
        actions.help,
        "?",
      ),
    );
  }

  /** Show which view is open; the addresses of the tabs lead to the same queue. */
  open(place: Place): void {
    for (const [view, link] of this.#tabs) {
      link.href = searchOf({ ...place, view, id: null });
      if (view === place.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  refresh(state: SortState): void {
    const { n_labelled, n_media, n_since, n_unsure, training } = state;
    this.#labelled.textContent = texts.labelled(n_labelled, n_media);
    this.#labelled.title = n_unsure ? texts.unsure(n_unsure) : "";
    const share = n_media ? (100 * n_labelled) / n_media : 0;
    this.#labelled.style.setProperty("--done", `${share}%`);
    this.#since.textContent = state.round ? texts.since(n_since, state.round.number) : "";
    this.#train.disabled = training !== null;
    this.#trainText.textContent = training ? texts.training(training.fraction) : texts.train;
    this.#train.title = training ? training.message : texts.trainHint;
    this.#trainBar.style.width = training ? `${100 * training.fraction}%` : "0";
  }

  /** Show whether all that was said is saved. */
  saving(answers: Answers): void {
    const { unsent, reached, steps } = answers;
    const waits = unsent > 0 && !reached;
    this.#saved.classList.toggle("waits", waits);
    this.#saved.title = waits ? texts.unsentHint : texts.savedHint;
    const calm = steps > 0 ? texts.saved : "";
    const words = waits ? texts.unsent(unsent) : unsent ? texts.sending : calm;
    if (this.#saved.textContent !== words) this.#saved.textContent = words;
    document.documentElement.dataset["unsent"] = String(unsent);
  }
}

function tab(view: ViewName, place: Place, { open }: TopActions): HTMLAnchorElement {
  const link = el("a", { class: "tab", href: searchOf({ ...place, view }) }, texts.views[view]);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(view);
  });
  return link;
}

/** Show the task; where there are several, one can be chosen. */
function taskChoice({ tasks }: TaskList, task: string): HTMLElement {
  if (tasks.length < 2) return el("span", { class: "sort-task" }, task);
  const select = el(
    "select",
    { class: "order sort-task", "aria-label": texts.task },
    ...tasks.map(({ name }) => el("option", { value: name, selected: name === task }, name)),
  );
  select.addEventListener("change", () => {
    const place = new URL(window.location.href);
    place.search = new URLSearchParams({ task: select.value }).toString();
    window.location.assign(place);
  });
  return select;
}
