import type { LayoutSource } from "../data/layouts";
import type { Store } from "../store";
import type { LayoutMarks } from "./layoutmarks";
import type { AtlasMap } from "./map";

/** Keeps what is written on the map in step with the layout; read only where there is something. */
export class Marking {
  readonly #map: AtlasMap;
  readonly #source: LayoutSource;
  readonly #attempt: (work: () => Promise<void>) => Promise<unknown>;
  #layer: LayoutMarks | null = null;
  #shown = true;

  /** `attempt` runs what may fail for want of a file, and says so. */
  constructor(
    map: AtlasMap,
    source: LayoutSource,
    store: Store,
    attempt: (work: () => Promise<void>) => Promise<unknown>,
  ) {
    this.#map = map;
    this.#source = source;
    this.#attempt = attempt;
    store.watch(
      ({ layout }) => layout,
      (layout) => {
        document.documentElement.dataset["layout"] = layout;
        void this.#attempt(() => this.#write(layout));
      },
    );
  }

  /** Show what is written, or hide it. */
  toggle(shown: boolean): void {
    this.#shown = shown;
    this.#layer?.toggle(shown);
  }

  async #write(layout: string): Promise<void> {
    const { background } = this.#source.atlas.tiles;
    this.#layer?.set([], background);
    const marks = await this.#source.marks();
    if (!marks.length) return;
    const { LayoutMarks: Layer } = await import("./layoutmarks");
    if (this.#source.shown !== layout) return;
    this.#layer ??= new Layer(this.#map.leaflet, () => this.#map.free);
    this.#layer.toggle(this.#shown);
    this.#layer.set(marks, background);
  }
}
