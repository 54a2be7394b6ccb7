import type { Trouble } from "./data/errors";
import type { Sprite } from "./data/points";
import { EVERYTHING, type Query } from "./query";
import type { Card } from "./schema";
import type { RowSet } from "./select/rows";

/** What the panel shows of one medium; the id is null until the card of a chosen sprite is read. */
export type Selection =
  | { status: "loading"; id: string | null }
  | { status: "open"; id: string; card: Card; row: number }
  | { status: "failed"; id: string | null; trouble: Trouble };

/** The panels of which one is open beside the map. */
export const PANES = ["filters", "colour", "list"] as const;
export type Pane = (typeof PANES)[number];

/** What a query found: null while it is looked for, "all" if nothing is asked for. */
export type Found = RowSet | "all" | null;

/** All that the page shows besides the map, which keeps its own view. */
export interface State {
  selection: Selection | null;
  /** The sprite that is framed on the map: of the card, or of the one that is being read. */
  marked: Sprite | null;
  about: boolean;
  notices: readonly Trouble[];
  query: Query;
  found: Found;
  /** The column by which the map is coloured. */
  colour: string | null;
  pane: Pane | null;
  /** The shape that the pointer draws on the map instead of moving it. */
  drawing: "rectangle" | "lasso" | null;
  /** The name of the layout that is shown; empty for the first. */
  layout: string;
}

const FIRST: State = {
  selection: null,
  marked: null,
  about: false,
  notices: [],
  query: EVERYTHING,
  found: "all",
  colour: null,
  pane: null,
  drawing: null,
  layout: "",
};

/** Holds the one state of the page and tells who asked when a part of it changes. */
export class Store {
  #state: State = FIRST;
  readonly #listeners = new Set<() => void>();

  get state(): State {
    return this.#state;
  }

  /** Replace the parts given. */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Call `show` now, and again whenever the part that `choose` picks is another one. */
  watch<T>(choose: (state: State) => T, show: (part: T) => void): void {
    this.onChange(choose, show);
    show(choose(this.#state));
  }

  /** Call `tell` whenever the part that `choose` picks is another one. */
  onChange<T>(choose: (state: State) => T, tell: (part: T) => void): void {
    let known = choose(this.#state);
    this.#listeners.add(() => {
      const part = choose(this.#state);
      if (Object.is(part, known)) return;
      known = part;
      tell(part);
    });
  }

  /** Add a notice unless an equal one is shown. */
  notice(trouble: Trouble): void {
    const known = new Set(this.#state.notices.map((notice) => JSON.stringify(notice)));
    if (known.has(JSON.stringify(trouble))) return;
    this.set({ notices: [...this.#state.notices, trouble] });
  }

  /** Take a notice away. */
  dismiss(trouble: Trouble): void {
    this.set({ notices: this.#state.notices.filter((notice) => notice !== trouble) });
  }
}
