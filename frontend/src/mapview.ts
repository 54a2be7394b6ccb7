import { Closer } from "./atlas/closer";
import { Finder } from "./atlas/finder";
import type { AtlasMap } from "./atlas/map";
import { MiniMap } from "./atlas/minimap";
import { PlaceNames } from "./atlas/placenames";
import { AtlasError } from "./data/errors";
import type { Sprite } from "./data/points";
import type { DataSource } from "./data/source";
import { Look } from "./look/look";
import type { Store } from "./store";
import { viewButtons } from "./ui/viewbuttons";
import type { Visit } from "./visit";

/** What goes with the map: names on it, a small map beside it, a closer look past its end. */
export class MapView {
  readonly #closer: Closer;
  readonly #map: AtlasMap;

  constructor(root: HTMLElement, map: AtlasMap, source: DataSource, store: Store, visit: Visit) {
    this.#map = map;
    const failed = (error: unknown): void => {
      if (!(error instanceof AtlasError)) throw error;
      store.notice(error.trouble);
    };
    const names = new PlaceNames(map.leaflet, source, {
      nearer: (x, y, zoom) => {
        map.nearer(x, y, zoom);
      },
      failed,
    });
    const small = new MiniMap(source, {
      sight: () => map.sight,
      moveTo: (x, y) => {
        map.go({ ...map.view, x, y });
      },
    });
    root.append(small.element);
    root.querySelector(".controls")?.append(...viewButtons(store, Boolean(source.atlas.names)));
    const closer = async (sprite: Sprite): Promise<void> => {
      await visit.openSprite(sprite);
      if (store.state.selection?.status === "open") store.set({ looking: true });
    };
    this.#closer = new Closer(map.leaflet, new Finder(map.leaflet, source), {
      closer: (sprite) => void closer(sprite),
      failed,
    });
    new Look(root, source, store);
    map.leaflet.whenReady(() => {
      begin(map, small, names, store);
    });
  }

  /** Zoom by whole steps, and on into a picture where the map ends. */
  zoom(steps: 1 | -1): void {
    if (steps > 0 && this.#closer.last) this.#closer.at();
    else this.#map.zoom(steps);
  }
}

/** From when the map shows a place on, the small map follows and names are written. */
function begin(map: AtlasMap, small: MiniMap, names: PlaceNames, store: Store): void {
  map.leaflet.on("move zoomend", () => {
    small.moved();
  });
  small.moved();
  store.watch(
    (state) => state.names,
    (on) => {
      names.show(on);
    },
  );
}
