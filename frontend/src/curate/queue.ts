import type { Api, Order, Tool } from "./api";
import type { Medium } from "./schema";

const PAGE = 60;

/** The media to review in their order, read page by page, and the one that is open. */
export class ReviewQueue {
  readonly #api: Api;
  readonly #order: Order;
  readonly #changed: () => void;
  #media: Medium[] = [];
  #n = 0;
  #nMedia = 0;
  #nJudged = 0;
  /** Media that were judged since they were read: the server may order them otherwise now. */
  readonly #moved = new Set<string>();
  #reading: Promise<void> | null = null;
  #current: string | null = null;

  constructor(api: Api, order: Order, changed: () => void) {
    this.#api = api;
    this.#order = order;
    this.#changed = changed;
  }

  get media(): readonly Medium[] {
    return this.#media;
  }

  /** How many there were in all when it was read. */
  get n(): number {
    return Math.max(this.#n, this.#media.length);
  }

  /** How many media the tool asks about, and how many of them a person has judged. */
  get progress(): { readonly n: number; readonly judged: number } {
    return { n: this.#nMedia, judged: this.#nJudged };
  }

  get index(): number {
    return this.#media.findIndex(({ id }) => id === this.#current);
  }

  get current(): Medium | null {
    return this.#media[this.index] ?? null;
  }

  get complete(): boolean {
    return this.#media.length >= this.#n;
  }

  /** Read the next page, if there is one. */
  async more(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  /** Make a medium the open one; it is added if it has not been read yet. */
  async open(id: string): Promise<void> {
    if (!this.#media.some((medium) => medium.id === id))
      this.#media = [...this.#media, await this.#api.medium(id)];
    this.#current = id;
    this.#changed();
  }

  /** Return the id so many places on, reading on if need be; null past the end. */
  async step(places: 1 | -1): Promise<string | null> {
    const wanted = this.index + places;
    while (wanted >= this.#media.length && !this.complete) {
      const known = this.#media.length;
      await this.more();
      if (this.#media.length === known) break;
    }
    return this.#media[wanted]?.id ?? null;
  }

  /** Return the first one that nobody has judged, else the first. */
  first(tool: Tool): string | null {
    return (this.#media.find((medium) => !isJudged(medium, tool)) ?? this.#media[0])?.id ?? null;
  }

  /** Take a medium as it is judged now. */
  update(medium: Medium): void {
    this.#moved.add(medium.id);
    const before = this.#media.find(({ id }) => id === medium.id);
    const { tool } = this.#api;
    if (before) this.#nJudged += Number(isJudged(medium, tool)) - Number(isJudged(before, tool));
    this.#media = this.#media.map((one) => (one.id === medium.id ? medium : one));
    this.#changed();
  }

  async #read(): Promise<void> {
    // judged ones may have gone to the end: begin so much earlier, and leave out what is known
    let offset = Math.max(0, this.#media.length - this.#moved.size);
    const known = new Set(this.#media.map(({ id }) => id));
    let fresh: Medium[];
    let page;
    do {
      page = await this.#api.queue(this.#order, offset, PAGE);
      fresh = page.media.filter(({ id }) => !known.has(id));
      offset += PAGE;
    } while (fresh.length === 0 && page.media.length === PAGE);
    this.#media = [...this.#media, ...fresh];
    this.#nMedia = page.n_media;
    this.#nJudged = page.n_judged;
    this.#n = page.media.length < PAGE ? this.#media.length : page.n;
    this.#changed();
  }
}

/** True if a person has said what this tool asks. */
export function isJudged({ judgement }: Medium, tool: Tool): boolean {
  if (tool === "upright") return judgement.angle_deg !== null;
  if (tool === "labels") return judgement.label !== null && judgement.label !== "unsure";
  return judgement.verdict !== null || judgement.mask !== null;
}
