import type { Api } from "./api";
import type { Medium, Stated, Statement } from "./schema";

/** What was stated, and how to take it back. */
interface Made {
  readonly id: string;
  readonly before: readonly Statement[];
}

/** What a person stated in this visit: made, counted, and taken back last first. */
export class Visit {
  readonly #api: Api;
  #made: Made[] = [];
  readonly #changed: (medium: Medium) => void;

  /** `changed` is told each medium as it is judged afterwards. */
  constructor(api: Api, changed: (medium: Medium) => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** How many statements hold that were made in this visit. */
  get n(): number {
    return this.#made.length;
  }

  /** State something about a medium; it is on disk when this returns. */
  async state(id: string, statements: readonly Statement[]): Promise<void> {
    this.#note(id, await this.#api.state(id, statements));
  }

  /** Save a mask; it is on disk when this returns. */
  async saveMask(id: string, png: Blob): Promise<void> {
    this.#note(id, await this.#api.saveMask(id, png));
  }

  /** Take back the last statement and return its medium's id; null if there is none. */
  async undo(): Promise<string | null> {
    const last = this.#made.at(-1);
    if (!last) return null;
    const { medium } = await this.#api.state(last.id, last.before);
    this.#made.pop();
    this.#changed(medium);
    return last.id;
  }

  #note(id: string, { medium, before }: Stated): void {
    this.#made.push({ id, before });
    this.#changed(medium);
  }
}
