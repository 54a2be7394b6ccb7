import type { Feed } from "../feed";
import type { SortMedium } from "../schema";

/** The media of a queue as the grid shows them: all, or those that are proposed for one class. */
export class GridMedia {
  readonly feed: Feed;
  /** The class that is proposed for all that is shown, or null for all of the queue. */
  readonly proposed: string | null;
  #shown: readonly SortMedium[] = [];
  /** How much of the queue `#shown` was made of. */
  #of = 0;

  constructor(feed: Feed, proposed: string | null) {
    this.feed = feed;
    this.proposed = proposed;
  }

  /** In the order of the queue; those proposed for one class by score, the surest first. */
  get media(): readonly SortMedium[] {
    const { media } = this.feed;
    if (this.proposed === null) return media;
    if (this.#of !== media.length) {
      this.#of = media.length;
      this.#shown = media
        .filter(({ proposed }) => proposed === this.proposed)
        .sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
    }
    return this.#shown;
  }

  /** How many there are in all, as far as it is known. */
  get n(): number {
    return this.proposed === null ? this.feed.n : this.media.length;
  }

  /** Read on until so many are there, or all; an order by score needs all. */
  reach(n: number): Promise<void> {
    return this.feed.reach(this.proposed === null ? n : Infinity);
  }

  indexOf(id: string): number {
    return this.proposed === null
      ? this.feed.indexOf(id)
      : this.media.findIndex((one) => one.id === id);
  }
}
