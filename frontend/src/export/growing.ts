/** So much text is held before it is handed to the browser, which may put it on the disk. */
const HELD = 4 * 2 ** 20;

/** A file that grows by texts; only the last of them are held as such. */
export class Growing {
  readonly #type: string;
  readonly #most: number;
  readonly #done: Blob[] = [];
  #held: string[] = [];
  #size = 0;

  /** `most` characters are held. */
  constructor(type: string, begin = "", most = HELD) {
    this.#type = type;
    this.#most = most;
    this.add(begin);
  }

  add(text: string): void {
    this.#held.push(text);
    this.#size += text.length;
    if (this.#size > this.#most) this.#settle();
  }

  blob(): Blob {
    this.#settle();
    return new Blob(this.#done, { type: this.#type });
  }

  #settle(): void {
    this.#done.push(new Blob(this.#held));
    [this.#held, this.#size] = [[], 0];
  }
}
