import { action } from "../../curate/widgets";
import { el } from "../../ui/dom";
import type { Said, Step } from "../answers";
import type { QueueName } from "../api";
import { answerButtons } from "../answerbuttons";
import { calledOf, type Choice, choiceOf, choicesOf, keysOf } from "../classes";
import { Feed } from "../feed";
import { GridHead, SIZES } from "./head";
import { GridMedia } from "./media";
import type { Box, GridLayout } from "./layout";
import { GridPane } from "./pane";
import { isBlind } from "../queuechoice";
import type { SortMedium, SortState } from "../schema";
import { Selection } from "./selection";
import { GRID_KEYS, texts } from "../texts";
import type { Around, MakeView, View } from "../view";

const { grid: words } = texts;

const SIZE = 160;
const SIZE_ON_PHONE = 96;

/** Pictures that are read before they come into sight. */
const AHEAD = 200;

/** Grid: many pictures at once; what is selected is labelled together. */
class GridView implements View {
  readonly element: HTMLElement;
  readonly actions: readonly HTMLElement[];
  readonly keys;
  readonly selection = new Selection();
  readonly #around: Around;
  readonly #choices: readonly Choice[];
  readonly #head: GridHead;
  readonly #pane: GridPane;
  readonly #confirm: HTMLButtonElement;
  readonly #empty = el("p", { class: "grid-empty soft", hidden: true });
  /** Whether proposals are shown, where somebody chose. */
  readonly #chosen = new Map<QueueName, boolean>();
  #shelf: GridMedia;
  #size = window.innerWidth < 720 ? SIZE_ON_PHONE : SIZE;
  #round: number | null;
  /** True if a round was trained since the queue was read. */
  #stale = false;

  constructor(around: Around) {
    const { api, answers, state } = around;
    this.#around = around;
    this.#choices = choicesOf(state.classes);
    this.#round = state.round?.number ?? null;
    this.#shelf = this.#opened();
    this.#head = this.#newHead();
    const small = (one: SortMedium): string => api.picture(one, "small");
    this.#pane = new GridPane(this, this.#choices, small, this.#size);
    const confirm = (): void => {
      this.#confirmRest();
    };
    this.#confirm = action(words.confirm(0), "C", confirm, "way");
    this.#confirm.title = words.confirmHint;
    this.actions = this.#buttons();
    this.keys = [
      ...this.#choices.map((one) => [keysOf(one), calledOf(one.name)] as const),
      ...GRID_KEYS,
    ];
    this.element = el(
      "div",
      { class: "bench grid-bench" },
      this.#head.element,
      this.#empty,
      this.#pane.element,
    );
    answers.watch(() => {
      this.#refresh();
    });
  }

  get media(): readonly SortMedium[] {
    return this.#shelf.media;
  }

  get n(): number {
    return this.#shelf.n;
  }

  get layout(): GridLayout {
    return this.#pane.layout;
  }

  get proposals(): boolean {
    const { queue } = this.#shelf.feed;
    return this.#chosen.get(queue) ?? !isBlind(queue);
  }

  said(medium: SortMedium): Said {
    return this.#around.answers.of(medium, this.#shelf.feed.settles);
  }

  scrolled(): void {
    const { end } = this.#pane.inSight;
    this.#count();
    if (!this.#shelf.feed.complete && this.media.length < end + AHEAD)
      void this.#readOn(end + AHEAD);
  }

  async show(): Promise<void> {
    if (this.#stale || this.#shelf.feed.queue !== this.#around.queue) this.#renew();
    void this.#head.queues.read().catch(() => undefined);
    this.#pane.refresh();
    this.#pane.element.focus({ preventScroll: true });
    await this.#shelf.reach(AHEAD);
    this.#refresh();
    document.documentElement.dataset["ready"] = "grid";
  }

  hide(): void {
    delete document.documentElement.dataset["ready"];
  }

  refresh(state: SortState): void {
    this.#head.queues.refresh();
    const round = state.round?.number ?? null;
    if (round === this.#round) return;
    this.#round = round;
    // what is looked at stays; the new order is there when the tab is opened again
    this.#stale = true;
    if (!this.element.isConnected) this.#renew();
  }

  undone({ before }: Step): void {
    const places = before.map(({ id }) => this.#shelf.indexOf(id)).filter((place) => place >= 0);
    const [first] = places;
    if (first === undefined) return;
    this.selection.move(first);
    this.selection.draw(places, false);
    this.#pane.reveal(first);
    this.#refresh();
  }

  key(event: KeyboardEvent): boolean {
    const choice = choiceOf(this.#choices, event);
    if (choice) this.#label(choice);
    else if (event.ctrlKey || event.metaKey || event.altKey) return false;
    else if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End")
      this.#walk(event);
    else return this.#does(event);
    return true;
  }

  #does({ key }: KeyboardEvent): boolean {
    const does = this.#keyboard[key.length === 1 ? key.toLowerCase() : key];
    does?.();
    return does !== undefined;
  }

  readonly #keyboard: Record<string, () => void> = {
    " ": () => {
      this.#toggle(this.selection.focus);
    },
    Enter: () => {
      this.#toggle(this.selection.focus);
    },
    a: () => {
      this.#all();
    },
    c: () => {
      this.#confirmRest();
    },
    o: () => {
      this.open(this.selection.focus);
    },
    Escape: () => {
      this.selection.clear();
      this.#refresh();
    },
    "+": () => {
      this.#resize(this.#size + 2 * SIZES.step);
    },
    "=": () => {
      this.#resize(this.#size + 2 * SIZES.step);
    },
    "-": () => {
      this.#resize(this.#size - 2 * SIZES.step);
    },
    PageDown: () => {
      this.#page(1);
    },
    PageUp: () => {
      this.#page(-1);
    },
  };

  #newHead(): GridHead {
    return new GridHead(this.#around, this.#choices, this.#size, {
      resize: (size) => {
        this.#resize(size);
      },
      proposals: () => {
        this.#chosen.set(this.#shelf.feed.queue, !this.proposals);
        this.#refresh();
      },
      proposed: (name) => {
        this.#renew(new GridMedia(this.#shelf.feed, name));
        void this.#readOn(AHEAD);
      },
    });
  }

  #opened(): GridMedia {
    const { api, answers, queue, who } = this.#around;
    return new GridMedia(new Feed(api, answers, queue, who), null);
  }

  #renew(shelf = this.#opened()): void {
    this.#stale = false;
    this.#shelf = shelf;
    this.selection.focus = 0;
    this.selection.clear();
    this.#pane.element.scrollTop = 0;
  }

  /** Something else is selected; `box` is the rectangle that is being drawn. */
  picked(box: Box | null): void {
    this.#pane.band(box);
    this.#refresh();
  }

  open(place: number): void {
    const medium = this.media[place];
    if (medium) this.#around.go({ view: "label", id: medium.id });
  }

  #buttons(): HTMLElement[] {
    const all = action(
      words.all,
      "A",
      () => {
        this.#all();
      },
      "way",
    );
    return [
      all,
      action(
        texts.undo,
        "U",
        () => {
          this.#around.undo();
        },
        "way",
      ),
      this.#confirm,
      answerButtons(words.answers, this.#choices, (choice) => {
        this.#label(choice);
      }),
    ];
  }

  /** Label what is selected, or what has the focus; the focus goes on to the next open one. */
  #label(choice: Choice): void {
    const { selection } = this;
    const places = selection.size ? selection.places : [selection.focus];
    const media = places.map((place) => this.media[place]).filter((one) => one !== undefined);
    const unsettled = this.#shelf.feed.settles && choice.look === "class-unsure";
    if (!media.length || unsettled) {
      this.#around.tell(words.nothing);
      return;
    }
    this.#around.answers.say(media, choice.name, "grid", this.#shelf.feed.settles);
    this.#around.tell(words.labelled(media.length, calledOf(choice.name)));
    const alone = selection.size === 0;
    selection.clear();
    if (alone) this.#focus(selection.focus + 1);
    this.#refresh();
  }

  /** Media whose pictures are seen, that nobody has answered, and that have a proposal. */
  get #rest(): SortMedium[] {
    if (!this.proposals || this.#shelf.feed.settles) return [];
    const { first, end } = this.#pane.inSight;
    const open = (one: SortMedium): boolean =>
      one.proposed !== null && one.label === null && this.said(one).value === null;
    const asked = this.media.slice(first, end).filter(open);
    return asked.filter((one) => this.#pane.seen(one));
  }

  #confirmRest(): void {
    const rest = this.#rest;
    if (!rest.length) {
      this.#around.tell(words.nothingProposed);
      return;
    }
    this.#around.answers.sayEach(
      rest.map((medium) => ({ medium, value: medium.proposed })),
      "grid",
    );
    this.#around.tell(words.confirmed(rest.length));
    this.#page(1);
  }

  #all(): void {
    const { first, end } = this.#pane.inSight;
    this.selection.add(first, end);
    this.#refresh();
  }

  #toggle(place: number): void {
    this.selection.toggle(place);
    this.#refresh();
  }

  #walk({ key, shiftKey }: KeyboardEvent): void {
    const { focus } = this.selection;
    const { columns } = this.#pane.layout;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -focus,
      End: this.media.length,
    };
    this.#focus(focus + (steps[key] ?? 0), shiftKey);
  }

  /** Move the focus; with `extend`, what lies between is selected. */
  #focus(wanted: number, extend = false): void {
    const place = Math.max(0, Math.min(this.media.length - 1, wanted));
    if (extend) this.selection.extend(place);
    else this.selection.move(place);
    this.#pane.reveal(place);
    this.#refresh();
  }

  /** Go on by what fits in the window. */
  #page(pages: 1 | -1): void {
    const { first, end } = this.#pane.inSight;
    const { columns } = this.#pane.layout;
    const wanted = pages > 0 ? end : first - this.#pane.rowsInSight * columns;
    const place = Math.max(0, Math.min(this.media.length - 1, wanted));
    this.selection.move(place);
    this.#pane.lead(place);
    this.#refresh();
  }

  #resize(size: number): void {
    this.#size = Math.max(SIZES.least, Math.min(SIZES.most, size));
    this.#head.size = this.#size;
    this.#pane.resize(this.#size);
  }

  async #readOn(n: number): Promise<void> {
    await this.#around.attempt(() => this.#shelf.reach(n));
    this.#refresh();
  }

  #refresh(): void {
    if (!this.element.isConnected) return;
    this.#pane.refresh();
    this.#count();
  }

  #count(): void {
    const trained = this.#around.state.round !== null;
    const { proposed } = this.#shelf;
    this.#head.refresh(
      { n: this.n, selected: this.selection.size, trained, proposed },
      this.proposals,
    );
    const rest = this.#rest.length;
    const [label] = this.#confirm.children;
    if (label) label.textContent = words.confirm(rest);
    this.#confirm.disabled = rest === 0;
    this.#confirm.hidden = !this.proposals || !trained;
    this.#empty.hidden = this.n > 0 || !this.#shelf.feed.complete;
    this.#empty.textContent = texts.label.empty;
  }
}

export const make: MakeView = (around) => new GridView(around);
