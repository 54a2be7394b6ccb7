import type { Problem } from "../data/server";
import type { Api } from "./api";
import { Outbox, type Unsent } from "./outbox";
import type { ViewName } from "./place";
import type { Label, Saved, SortMedium } from "./schema";

/** Longest time, in milliseconds, that an answer of the server is on its way. */
const RECENT_MS = 10_000;

/** The answer of somebody who is not sure. */
export const UNSURE = "unsure";

/** What holds of a medium for the person at the page. */
export interface Said {
  /** A class, 'unsure', or null. */
  readonly value: string | null;
  /** False while it is not known to be on the server's disk. */
  readonly saved: boolean;
}

/** What was said together, and what held before. */
export interface Step {
  readonly before: readonly Label[];
  readonly settled: boolean;
  readonly view: ViewName;
}

/** What happened to the answers; `counts` comes when the server has taken some. */
export interface News {
  /** Media whose answer, or whether it is saved, changed. */
  readonly ids: readonly string[];
  readonly saved?: Saved;
  readonly refused?: Problem;
}

/** A medium as far as answers go. */
export type Known = Pick<SortMedium, "id" | "said" | "settled">;

/** What the person at the page says: held at once, sent behind, taken back step by step. */
export class Answers {
  /** False while the server does not answer. */
  reached = true;
  readonly #outbox: Outbox;
  readonly #watchers: ((news: News) => void)[] = [];
  readonly #said = new Map<string, string | null>();
  readonly #settled = new Map<string, string | null>();
  /** When something was said of a medium last, in milliseconds. */
  readonly #when = new Map<string, number>();
  #steps: Step[] = [];
  readonly #who: string;

  constructor(api: Api, storage: Storage, who: string) {
    this.#who = who;
    this.#outbox = new Outbox(api, storage, {
      saved: (sent, saved) => {
        this.#tell({ ids: idsOf(sent), saved });
      },
      refused: (sent, problem) => {
        this.#forget(sent);
        this.#tell({ ids: idsOf(sent), refused: problem });
      },
      reached: (there) => {
        this.reached = there;
        this.#tell({ ids: [] });
      },
    });
    for (const one of this.#outbox.unsent) this.#note(one);
  }

  /** How many media have an answer that is not known to be on the server's disk. */
  get unsent(): number {
    return this.#outbox.ids.size;
  }

  /** How many steps can be taken back. */
  get steps(): number {
    return this.#steps.length;
  }

  /** Be told of every change, until the returned function is called. */
  watch(watcher: (news: News) => void): () => void {
    this.#watchers.push(watcher);
    return () => {
      this.#watchers.splice(this.#watchers.indexOf(watcher), 1);
    };
  }

  /** Return what this person says of a medium; with `settled`, what was decided on it. */
  of(medium: Known, settled = false): Said {
    const said = settled ? this.#settled : this.#said;
    const value = said.get(medium.id);
    const before = settled ? medium.settled : medium.said;
    return { value: value === undefined ? before : value, saved: !this.#outbox.ids.has(medium.id) };
  }

  /** Say the same of media, as one step; `settled` decides between people that disagree. */
  say(media: readonly Known[], value: string | null, view: ViewName, settled = false): void {
    this.sayEach(
      media.map((medium) => ({ medium, value })),
      view,
      settled,
    );
  }

  /** Say something of each medium, as one step. */
  sayEach(
    said: readonly { readonly medium: Known; readonly value: string | null }[],
    view: ViewName,
    settled = false,
  ): void {
    if (!said.length) return;
    const before = said.map(({ medium }) => ({
      id: medium.id,
      value: this.of(medium, settled).value,
    }));
    this.#steps.push({ before, settled, view });
    this.#send(
      said.map(({ medium, value }) => ({ id: medium.id, value })),
      settled,
    );
  }

  /** Take the last step back and return it; null if there is none. */
  undo(): Step | null {
    const step = this.#steps.pop();
    if (!step) return null;
    this.#send(step.before, step.settled);
    return step;
  }

  /** Send what is waiting without waiting any longer. */
  hurry(): void {
    void this.#outbox.send();
  }

  /**
   * Take media as the server knows them: what it says holds, but for what it was not told yet
   * and what was said while its answer may have been on the way.
   */
  learn(media: readonly Known[]): void {
    const now = performance.now();
    for (const { id, said, settled } of media) {
      const recent = now - (this.#when.get(id) ?? -Infinity) < RECENT_MS;
      if (recent || this.#outbox.ids.has(id)) continue;
      if (this.#said.has(id)) this.#said.set(id, said);
      if (this.#settled.has(id)) this.#settled.set(id, settled);
    }
  }

  #send(labels: readonly Label[], settled: boolean): void {
    const unsent = labels.map(({ id, value }) => ({ id, value, who: this.#who, settled }));
    for (const one of unsent) {
      this.#note(one);
      this.#when.set(one.id, performance.now());
    }
    this.#outbox.add(unsent);
    this.#tell({ ids: idsOf(labels) });
  }

  #note({ id, value, settled, who }: Unsent): void {
    if (who === this.#who) (settled ? this.#settled : this.#said).set(id, value);
  }

  #forget(sent: readonly Unsent[]): void {
    for (const { id, settled } of sent) (settled ? this.#settled : this.#said).delete(id);
  }

  #tell(news: News): void {
    for (const watcher of [...this.#watchers]) watcher(news);
  }
}

function idsOf(labels: readonly Label[]): string[] {
  return labels.map(({ id }) => id);
}
