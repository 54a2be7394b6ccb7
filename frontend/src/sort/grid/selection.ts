/** Which places of a list are chosen; ranges go from the anchor to the focus. */
export class Selection {
  /** The place that keys are about. */
  focus = 0;
  #anchor = 0;
  #chosen = new Set<number>();
  /** What was chosen before the range that is being drawn. */
  #base = new Set<number>();

  get size(): number {
    return this.#chosen.size;
  }

  /** The chosen places in order. */
  get places(): number[] {
    return [...this.#chosen].sort((a, b) => a - b);
  }

  has(index: number): boolean {
    return this.#chosen.has(index);
  }

  /** Choose this one alone. */
  only(index: number): void {
    this.#chosen = new Set([index]);
    this.#anchorAt(index);
  }

  /** Choose it too, or no longer. */
  toggle(index: number): void {
    if (!this.#chosen.delete(index)) this.#chosen.add(index);
    this.#anchorAt(index);
  }

  /** Choose all from the anchor to here, and what was chosen before if `too`. */
  extend(index: number, too = true): void {
    const [first, last] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
    this.#chosen = new Set(too ? this.#base : []);
    for (let i = first; i <= last; i++) this.#chosen.add(i);
    this.focus = index;
  }

  /** Choose places by a rectangle that is being drawn, besides what was chosen if `too`. */
  draw(places: readonly number[], too: boolean): void {
    this.#chosen = new Set([...(too ? this.#base : []), ...places]);
  }

  /** A rectangle was drawn: it stays. */
  drawn(): void {
    const last = this.places.at(-1);
    if (last === undefined) this.#base = new Set();
    else this.#anchorAt(last);
  }

  /** Choose all of some places besides what is chosen. */
  add(first: number, end: number): void {
    for (let i = first; i < end; i++) this.#chosen.add(i);
    this.#base = new Set(this.#chosen);
  }

  /** Move the focus; what is chosen stays, and ranges begin here. */
  move(index: number): void {
    this.#anchorAt(index);
  }

  clear(): void {
    this.#chosen.clear();
    this.#base.clear();
    this.#anchor = this.focus;
  }

  #anchorAt(index: number): void {
    this.#anchor = this.focus = index;
    this.#base = new Set(this.#chosen);
  }
}
