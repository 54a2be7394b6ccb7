import { AtlasMap } from "../../atlas/map";
import { AtlasError } from "../../data/errors";
import { ServerError } from "../../data/server";
import { el } from "../../ui/dom";
import { texts as atlasTexts } from "../../ui/texts";
import { MapHand } from "./hand";
import { type MarkOf, MarkLayer } from "./marks";
import type { MapMedia } from "./media";
import { rectangle } from "./region";
import { texts } from "./texts";

/** What the atlas tells of what was done on it. */
export interface CanvasEvents {
  /** Media inside a line that was drawn; `adds` to those selected before. */
  readonly drawn: (ids: readonly string[], adds: boolean) => void;
  /** One medium was clicked, tapped, or chosen by the Enter key. */
  readonly clicked: (id: string) => void;
  /** The lasso was taken up or put down. */
  readonly lasso: () => void;
  /** Something could not be read. */
  readonly failed: (error: unknown) => void;
  /** What is said of a medium while the pointer rests on it. */
  readonly name: (id: string) => HTMLElement | null;
}

/** The atlas, with marks on its media and a hand that selects them. */
export class SortCanvas {
  readonly element = el("div", { class: "map", role: "application", "aria-label": texts.map });
  readonly hand: MapHand;
  readonly #media: MapMedia;
  readonly #map: AtlasMap;
  readonly #marks: MarkLayer;

  /** The element has to be in the page: the map takes its size; `covered` is what lies over it. */
  constructor(room: HTMLElement, media: MapMedia, markOf: MarkOf, events: CanvasEvents) {
    room.prepend(this.element);
    this.#media = media;
    this.#map = new AtlasMap(this.element, media.source, () => ({ top: 56, right: 0, bottom: 0 }), {
      ready: () => {
        this.element.dataset["ready"] = "true";
      },
      moved: () => undefined,
      chosen: (sprite) => {
        if (!sprite) return;
        media.idOf(sprite.row).then((id) => {
          if (id) events.clicked(id);
        }, events.failed);
      },
      failed: events.failed,
      name: async ({ row }) => {
        const id = await media.idOf(row);
        return id ? events.name(id) : null;
      },
    });
    this.#marks = new MarkLayer(media, markOf, events.failed).addTo(this.#map.leaflet);
    this.hand = new MapHand(
      this.#map.leaflet,
      ({ region, adds }) => {
        media.inside(region).then((found) => {
          events.drawn(idsOf(found), adds);
        }, events.failed);
      },
      events.lasso,
    );
    this.#map.fit(false);
    // the bar of what is selected takes room from the map
    new ResizeObserver(() => {
      this.resize();
    }).observe(room);
  }

  /** Take the size of the room anew. */
  resize(): void {
    this.#map.leaflet.invalidateSize({ animate: false, pan: false });
  }

  zoom(steps: 1 | -1): void {
    this.#map.zoom(steps);
  }

  /** Show the whole atlas. */
  fit(): void {
    this.#map.fit(true);
  }

  /** Draw the marks again. */
  repaint(): void {
    this.#marks.repaint();
  }

  /** Return the media whose middle is in sight. */
  async inSight(): Promise<readonly string[]> {
    const seen = this.#map.leaflet.getBounds();
    const [one, other] = [seen.getNorthWest(), seen.getSouthEast()];
    const region = rectangle({ x: one.lng, y: one.lat }, { x: other.lng, y: other.lat });
    return idsOf(await this.#media.inside(region));
  }
}

/** Return an error of an atlas in words for people; others as they are. */
export function told(error: unknown): unknown {
  if (!(error instanceof AtlasError)) return error;
  const { title, hint } = atlasTexts.trouble(error.trouble);
  return new ServerError({ title, detail: hint, status: 0 }, { cause: error });
}

function idsOf(media: readonly { readonly id: string }[]): string[] {
  return media.map(({ id }) => id);
}
