/** Milliseconds between two beats: while a round runs, and else. */
const QUICK_MS = 700;
const CALM_MS = 12_000;

/** Looks at the server now and then: often while something runs there, never in a hidden tab. */
export class Pulse {
  readonly #beat: () => Promise<boolean>;
  #timer = 0;
  #quick = true;

  /** `beat` looks once and returns true if it should look again soon. */
  constructor(beat: () => Promise<boolean>) {
    this.#beat = beat;
  }

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.quicken();
    });
    this.#next();
  }

  /** Look again soon: something was begun. */
  quicken(): void {
    this.#quick = true;
    this.#next();
  }

  #next(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#once(), this.#quick ? QUICK_MS : CALM_MS);
  }

  async #once(): Promise<void> {
    if (!document.hidden) this.#quick = await this.#beat();
    this.#next();
  }
}
