import type { Answers } from "./answers";
import type { Api, QueueName } from "./api";
import type { SortMedium } from "./schema";

/** Media that are read at a time. */
const PAGE = 200;

/** Reads of pages that brought nothing new before it is taken to be all there is. */
const PATIENCE = 60;

/** A queue as it is gone through: read on page by page, each medium once, in a lasting order. */
export class Feed {
  readonly queue: QueueName;
  readonly #api: Api;
  readonly #answers: Answers;
  readonly #who: string;
  readonly #page: number;
  #media: SortMedium[] = [];
  #ids = new Set<string>();
  /** Media that nobody at this page had answered when they were read. */
  #open = new Set<string>();
  /** How many media the server has that were not read yet, as of the last read. */
  #left = Infinity;
  /** Where the server's queue is read on. */
  #offset = 0;
  #reading: Promise<void> | null = null;

  constructor(api: Api, answers: Answers, queue: QueueName, who: string, page = PAGE) {
    this.#api = api;
    this.#page = page;
    this.#answers = answers;
    this.queue = queue;
    this.#who = who;
  }

  get media(): readonly SortMedium[] {
    return this.#media;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  /** How many media there are in all; 0 before anything was read. */
  get n(): number {
    return this.#media.length + (Number.isFinite(this.#left) ? this.#left : 0);
  }

  /** True if answers settle what people disagree about, and are no votes. */
  get settles(): boolean {
    return this.queue === "conflicts";
  }

  /** True if the person at the page has not answered a medium, as this queue asks it. */
  isOpen(medium: SortMedium): boolean {
    return this.#answers.of(medium, this.settles).value === null;
  }

  indexOf(id: string): number {
    return this.#ids.has(id) ? this.#media.findIndex((one) => one.id === id) : -1;
  }

  /** Read on until so many media are there, or all. */
  async reach(n: number): Promise<void> {
    while (this.#media.length < n && !this.complete) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
  }

  /** Put a medium that comes from elsewhere at a place. */
  insert(index: number, medium: SortMedium): void {
    if (this.#ids.has(medium.id)) return;
    this.#ids.add(medium.id);
    this.#media.splice(index, 0, medium);
  }

  /** Forget what lies beyond the first `n` media: the server may order it otherwise now. */
  renew(n: number): void {
    this.#media = this.#media.slice(0, n);
    this.#ids = new Set(this.#media.map(({ id }) => id));
    this.#open = new Set(this.#media.filter((one) => this.isOpen(one)).map(({ id }) => id));
    this.#left = Infinity;
    this.#offset = 0;
  }

  async #read(): Promise<void> {
    const ids = this.#ids;
    // what was answered may have left the queue: begin so much earlier, leave out what is known
    let offset = Math.max(0, this.#offset - this.#answered());
    for (let n = 0; n < PATIENCE; n++) {
      const page = await this.#pageAt(offset);
      // it was renewed meanwhile
      if (ids !== this.#ids) return;
      const fresh = page.media.filter(({ id }) => !ids.has(id));
      offset += page.media.length;
      this.#left = Math.max(0, page.n - offset);
      if (page.media.length === 0) this.#left = 0;
      this.#offset = offset;
      this.#take(fresh);
      if (fresh.length || this.complete) return;
    }
    this.#left = 0;
  }

  /** Return how many media were answered since they were read. */
  #answered(): number {
    const answered = (one: SortMedium): boolean => this.#open.has(one.id) && !this.isOpen(one);
    return this.#media.filter(answered).length;
  }

  #pageAt(offset: number) {
    return this.#api.queue({ name: this.queue, who: this.#who, offset, limit: this.#page });
  }

  #take(fresh: readonly SortMedium[]): void {
    this.#answers.learn(fresh);
    for (const one of fresh) {
      this.#ids.add(one.id);
      if (this.isOpen(one)) this.#open.add(one.id);
    }
    this.#media.push(...fresh);
  }
}
