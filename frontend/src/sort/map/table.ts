import type { Answers } from "../answers";
import type { Api, QueueName } from "../api";
import type { SortMedium } from "../schema";

/** Media that one request for a queue may ask for. */
const PER_PAGE = 500;

/** Queues that together hold all media, those that people spoke of first. */
const QUEUES: readonly QueueName[] = ["labelled", "unsure", "conflicts", "unlabelled"];

/** What is known of all media of a task, read page by page. */
export class MediaTable {
  readonly #api: Api;
  readonly #answers: Answers;
  #media = new Map<string, SortMedium>();
  #asked = 0;

  constructor(api: Api, answers: Answers) {
    this.#api = api;
    this.#answers = answers;
  }

  get n(): number {
    return this.#media.size;
  }

  /** Return what is known of a medium, if it is one of this task and was read. */
  of(id: string): SortMedium | undefined {
    return this.#media.get(id);
  }

  /**
   * Read everything again; `more` is called as media come in.
   *
   * What was read before stays until all is there. A reading that another one overtakes ends,
   * and returns false.
   */
  async read(who: string, more: () => void): Promise<boolean> {
    const asked = ++this.#asked;
    const found = new Map<string, SortMedium>();
    for (const name of QUEUES) {
      for (let offset = 0; ;) {
        const page = await this.#api.queue({ name, who, offset, limit: PER_PAGE });
        if (asked !== this.#asked) return false;
        this.#answers.learn(page.media);
        for (const one of page.media) {
          found.set(one.id, one);
          this.#media.set(one.id, one);
        }
        more();
        offset += page.media.length;
        if (!page.media.length || offset >= page.n) break;
      }
    }
    this.#media = found;
    return true;
  }
}
