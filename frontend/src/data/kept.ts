/** Keeps what was read last; what failed is read again when it is asked for again. */
export class Kept<K, V> {
  readonly #limit: number;
  readonly #held = new Map<K, Promise<V>>();

  /** `limit` is how many are kept, the one asked for longest ago dropped first. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Return what is kept under a key, or make it. */
  get(key: K, make: () => Promise<V>): Promise<V> {
    const held = this.#held.get(key) ?? make();
    this.#held.delete(key);
    this.#held.set(key, held);
    held.catch(() => {
      if (this.#held.get(key) === held) this.#held.delete(key);
    });
    const oldest = this.#held.keys().next();
    if (this.#held.size > this.#limit && !oldest.done) this.#held.delete(oldest.value);
    return held;
  }
}
