import type { Bitmap, Rectangle } from "./bitmap";

/** One change of a mask: the part that changed, as it was and as it is. */
interface Step {
  readonly area: Rectangle;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Memory for steps, in bytes; the oldest are forgotten beyond it. */
const KEPT_BYTES = 128 * 2 ** 20;

/** What was done to a mask since it was opened, to go back and forth in. */
export class History {
  readonly #bitmap: Bitmap;
  #steps: Step[] = [];
  /** How many of the steps are done. */
  #done = 0;
  /** How many were done when it was saved; -1 if that can no longer be reached. */
  #saved = 0;

  constructor(bitmap: Bitmap) {
    this.#bitmap = bitmap;
  }

  get canUndo(): boolean {
    return this.#done > 0;
  }

  get canRedo(): boolean {
    return this.#done < this.#steps.length;
  }

  /** True if the mask differs from the one that was saved last. */
  get dirty(): boolean {
    return this.#done !== this.#saved;
  }

  markSaved(): void {
    this.#saved = this.#done;
  }

  /** Note what changed in a part since `before`, a copy of the whole mask. */
  add(area: Rectangle, before: Bitmap): void {
    const step = { area, before: before.cut(area), after: this.#bitmap.cut(area) };
    if (step.before.every((value, i) => value === step.after[i])) return;
    if (this.#saved > this.#done) this.#saved = -1;
    this.#steps = [...this.#steps.slice(0, this.#done), step];
    this.#done = this.#steps.length;
    this.#forget();
  }

  /** Go back one step and return the part that changed. */
  undo(): Rectangle | null {
    const step = this.#steps[this.#done - 1];
    if (!step) return null;
    this.#done -= 1;
    this.#bitmap.paste(step.before, step.area);
    return step.area;
  }

  /** Go forth one step and return the part that changed. */
  redo(): Rectangle | null {
    const step = this.#steps[this.#done];
    if (!step) return null;
    this.#done += 1;
    this.#bitmap.paste(step.after, step.area);
    return step.area;
  }

  #forget(): void {
    let bytes = this.#steps.reduce((sum, { before }) => sum + 2 * before.length, 0);
    while (bytes > KEPT_BYTES && this.#steps.length > 1) {
      bytes -= 2 * (this.#steps.shift()?.before.length ?? 0);
      this.#done -= 1;
      this.#saved = this.#saved > 0 ? this.#saved - 1 : -1;
    }
  }
}
