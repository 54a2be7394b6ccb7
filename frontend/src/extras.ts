import type { Curating } from "./curating/curating";
import type { DataSource } from "./data/source";
import type { PhotoPage } from "./photo/photo";
import type { Store } from "./store";
import { el } from "./ui/dom";

const POWERS = "meta[name=powers]";

/** What the parts that only some servers bring ask of the page. */
export interface ExtrasPage extends Omit<PhotoPage, "closed"> {
  /** The side of the map, where parts that belong to all of it are put. */
  readonly side: HTMLElement;
}

/** Return what the server of a page lets it do besides looking; a plain host says nothing. */
export function powersOf(page: Document): ReadonlySet<string> {
  const said = page.querySelector<HTMLMetaElement>(POWERS)?.content ?? "";
  return new Set(said.split(" ").filter(Boolean));
}

/** Parts of the page that only some servers bring: nothing of them is loaded elsewhere. */
export class Extras {
  readonly #curating: Promise<Curating> | null;
  readonly #side: HTMLElement;

  constructor(source: DataSource, store: Store, page: ExtrasPage) {
    this.#side = page.side;
    const powers = powersOf(document);
    this.#curating = powers.has("curate")
      ? import("./curating/curating").then(({ Curating }) => Curating.open(source, store, powers))
      : null;
    void this.#curating?.then(({ bar }) => {
      page.side.insertBefore(bar, page.side.lastElementChild);
    });
    if (powers.has("photograph") || source.atlas.photograph)
      void import("./photo/opening").then(async ({ offerPhotographs, lookerOf }) => {
        offerPhotographs(source, store, await lookerOf(source, powers), page);
      });
  }

  /** Pixels at the foot of a narrow window that they cover. */
  get covered(): number {
    const panel = this.#side.querySelector<HTMLElement>(".photo:not([hidden])");
    if (!panel || getComputedStyle(panel).position !== "fixed") return 0;
    return window.innerHeight - panel.getBoundingClientRect().top;
  }

  /** Make what stands below the card of a row besides what others put there. */
  card(row: number): HTMLElement {
    const place = el("div");
    void this.#curating?.then((curating) => {
      place.append(curating.card(row));
    });
    return place;
  }
}
