import type { Trouble } from "./data/errors";
import type { Sprite } from "./data/points";
import type { Card } from "./schema";

/** What the panel shows of one medium; the id is null until the card of a chosen sprite is read. */
export type Selection =
  | { status: "loading"; id: string | null }
  | { status: "open"; id: string; card: Card }
  | { status: "failed"; id: string | null; trouble: Trouble };

/** All that the page shows besides the map, which keeps its own view. */
export interface State {
  selection: Selection | null;
  /** The sprite that is framed on the map: of the card, or of the one that is being read. */
  marked: Sprite | null;
  about: boolean;
  notices: readonly Trouble[];
}

/** Holds the one state of the page and tells who asked when a part of it changes. */
export class Store {
  #state: State = { selection: null, marked: null, about: false, notices: [] };
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
