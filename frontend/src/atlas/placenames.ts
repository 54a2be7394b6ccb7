import "./placenames.css";

import * as L from "leaflet";

import { AtlasError } from "../data/errors";
import type { NamesOfZoom } from "../data/placenames";
import type { DataSource } from "../data/source";
import type { PlaceName } from "../schema";
import { el } from "../ui/dom";
import { isItalicRank } from "../ui/names";
import { texts } from "../ui/texts";
import { clearOfEachOther } from "./clearing";
import { latLng } from "./crs";

/** A click on a name goes so many zooms nearer. */
const NEARER = 2;

/** No more names are on the screen at once; the heaviest are. */
const MOST = 60;

/** How long a name takes to go; placenames.css says the same. */
const FADE_MS = 200;

/** What names ask of the page. */
export interface PlaceNameEvents {
  /** Go nearer to a name. */
  readonly nearer: (x: number, y: number, zoom: number) => void;
  readonly failed: (error: unknown) => void;
}

interface Shown {
  readonly marker: L.Marker;
  readonly button: HTMLButtonElement;
}

/** Writes on the map what the media of a region have in common. */
export class PlaceNames {
  readonly #map: L.Map;
  readonly #source: Pick<DataSource, "atlas" | "placeNames">;
  readonly #events: PlaceNameEvents;
  readonly #pane: HTMLElement;
  readonly #shown = new Map<string, Shown>();
  readonly #measure = measurer();
  #clear: { key: string; names: readonly PlaceName[] } = { key: "", names: [] };
  #on = false;
  #asked = 0;

  constructor(map: L.Map, source: DataSource, events: PlaceNameEvents) {
    this.#map = map;
    this.#source = source;
    this.#events = events;
    this.#pane = map.createPane("names");
    this.#pane.setAttribute("role", "navigation");
    this.#pane.setAttribute("aria-label", texts.names.all);
    this.#pane.addEventListener("keydown", (event) => {
      this.#step(event);
    });
    map.on("moveend", () => void this.#update());
  }

  /** Write the names, or take them away. */
  show(on: boolean): void {
    this.#on = on;
    void this.#update();
  }

  async #update(): Promise<void> {
    const asked = ++this.#asked;
    const found = this.#on ? await this.#read() : null;
    if (asked !== this.#asked) return;
    const wanted = new Map(found ? this.#inSight(found).map((name) => [keyOf(name), name]) : []);
    for (const [key, shown] of this.#shown) if (!wanted.has(key)) this.#remove(key, shown);
    for (const [key, name] of wanted) if (!this.#shown.has(key)) this.#add(key, name);
    this.#rove(null);
    this.#pane.hidden = this.#shown.size === 0;
  }

  async #read(): Promise<NamesOfZoom | null> {
    try {
      return await this.#source.placeNames(this.#map.getZoom());
    } catch (error) {
      if (error instanceof AtlasError) this.#events.failed(error);
      else throw error;
      return null;
    }
  }

  #inSight({ zoom, names }: NamesOfZoom): PlaceName[] {
    // names of a zoom stay as they are up to the next; below the lowest there is less room
    const at = Math.min(this.#map.getZoom(), zoom);
    const key = `${zoom} ${at}`;
    const scale = this.#map.getZoomScale(at, this.#source.atlas.tiles.max_zoom);
    if (this.#clear.key !== key)
      this.#clear = { key, names: clearOfEachOther(names, scale, this.#measure) };
    const sight = this.#map.getBounds();
    return this.#clear.names.filter(({ x, y }) => sight.contains(latLng(x, y))).slice(0, MOST);
  }

  #add(key: string, name: PlaceName): void {
    const { column, value, n, x, y } = name;
    const button = el(
      "button",
      {
        type: "button",
        class: isItalicRank(column) ? "place-name italic" : "place-name",
        tabindex: -1,
        "aria-label": texts.names.here(value, n),
      },
      value,
    );
    const icon = L.divIcon({ html: button, className: "place", iconSize: [0, 0] });
    const marker = L.marker(latLng(x, y), {
      ...{ icon, pane: "names", keyboard: false, bubblingMouseEvents: false },
    });
    marker.on("click", () => {
      const zoom = Math.min(Math.floor(this.#map.getZoom()) + NEARER, this.#map.getMaxZoom());
      this.#events.nearer(x, y, zoom);
    });
    this.#shown.set(key, { marker: marker.addTo(this.#map), button });
  }

  #remove(key: string, { marker, button }: Shown): void {
    this.#shown.delete(key);
    // who came by keyboard is not left in nothing
    if (document.activeElement === button) this.#map.getContainer().focus({ preventScroll: true });
    button.inert = true;
    button.classList.add("going");
    window.setTimeout(() => marker.remove(), FADE_MS);
  }

  /** One name can be reached by Tab: the last that had the keyboard, or the heaviest. */
  #rove(to: HTMLButtonElement | null): void {
    const buttons = [...this.#shown.values()].map(({ button }) => button);
    const chosen = to ?? buttons.find((button) => button.tabIndex === 0) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
    to?.focus({ preventScroll: true });
  }

  /** Arrows go from name to name, in the order of their weight. */
  #step(event: KeyboardEvent): void {
    if (event.key === "Escape") this.#map.getContainer().focus({ preventScroll: true });
    const buttons = [...this.#shown.values()].map(({ button }) => button);
    const at = buttons.findIndex((button) => button === document.activeElement);
    const steps: Record<string, number> = {
      ...{ ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 },
      ...{ Home: 0, End: buttons.length - 1 },
    };
    const to = steps[event.key];
    if (event.key !== "Tab") event.stopPropagation();
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.#rove(buttons[(to + buttons.length) % buttons.length] ?? null);
  }
}

function keyOf({ column, value, x, y }: PlaceName): string {
  return `${column} ${value} ${x} ${y}`;
}

/** Measures names as placenames.css writes them. */
function measurer(): (name: PlaceName) => number {
  const context = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).getPropertyValue("--serif") || "serif";
  return ({ column, value }) => {
    const italic = isItalicRank(column);
    if (!context) return 9 * value.length;
    context.font = `${italic ? "italic " : ""}600 15px ${family}`;
    return context.measureText(value).width + (italic ? 0 : 0.9 * value.length);
  };
}
