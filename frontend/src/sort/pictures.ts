import type { SortMedium } from "./schema";

/** Pictures that are kept besides those that are wanted: the last ones, to go back to. */
const KEPT = 6;

type Load = (address: string) => Promise<HTMLImageElement>;

/** Fetches pictures ahead and decodes them, so that the next one is there when it is wanted. */
export class Pictures {
  readonly #address: (medium: SortMedium) => string;
  readonly #load: Load;
  readonly #loading = new Map<string, Promise<HTMLImageElement>>();
  readonly #ready = new Map<string, HTMLImageElement>();

  /** `load` returns a picture that is decoded. */
  constructor(address: (medium: SortMedium) => string, load: Load) {
    this.#address = address;
    this.#load = load;
  }

  /** Return the picture of a medium if it was decoded before, else null. */
  at(id: string): HTMLImageElement | null {
    return this.#ready.get(id) ?? null;
  }

  /** Return the picture of a medium; fails if it cannot be had. */
  get(medium: SortMedium): Promise<HTMLImageElement> {
    const known = this.#loading.get(medium.id);
    if (known) return known;
    const loading = this.#load(this.#address(medium));
    this.#loading.set(medium.id, loading);
    loading.then(
      (image) => {
        if (this.#loading.get(medium.id) === loading) this.#ready.set(medium.id, image);
      },
      () => {
        // asked for again, it is tried again
        this.#loading.delete(medium.id);
      },
    );
    return loading;
  }

  /** Have the pictures of media ready; older ones are let go, but for the last few. */
  ahead(media: readonly SortMedium[]): void {
    const wanted = new Set(media.map(({ id }) => id));
    const others = [...this.#loading.keys()].filter((id) => !wanted.has(id));
    for (const id of others.slice(0, Math.max(0, others.length - KEPT))) {
      this.#loading.delete(id);
      this.#ready.delete(id);
    }
    for (const medium of media) void this.get(medium).catch(() => undefined);
  }
}
