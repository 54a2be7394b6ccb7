import type { PlaceName, PlaceNames } from "../schema";
import { Kept } from "./kept";

/** Zooms of which names are kept in memory. */
const ZOOMS_KEPT = 6;

/** The names of one zoom, the heaviest first; at that zoom they keep clear of each other. */
export interface NamesOfZoom {
  readonly zoom: number;
  readonly names: readonly PlaceName[];
}

/** Reads the names on the map, a file for each zoom. */
export class PlaceNameReader {
  readonly #told: PlaceNames | null;
  readonly #readJson: (path: string) => Promise<unknown>;
  readonly #kept = new Kept<number, NamesOfZoom>(ZOOMS_KEPT);

  constructor(told: PlaceNames | null | undefined, readJson: (path: string) => Promise<unknown>) {
    this.#told = told && typeof told.path === "string" && Array.isArray(told.zooms) ? told : null;
    this.#readJson = readJson;
  }

  /**
   * Return the names to show at a zoom of the map; null where there are none.
   *
   * They are those of the zoom at or below it, or of the lowest; none above the highest.
   */
  async at(zoom: number): Promise<NamesOfZoom | null> {
    const zooms = this.#told?.zooms ?? [];
    if (!zooms.length || Math.floor(zoom) > Math.max(...zooms)) return null;
    const of = zooms.filter((one) => one <= zoom).at(-1) ?? Math.min(...zooms);
    return this.#kept.get(of, () => this.#read(of));
  }

  async #read(zoom: number): Promise<NamesOfZoom> {
    const path = this.#told?.path.replace("{zoom}", String(zoom)) ?? "";
    const json = await this.#readJson(path);
    const names = (json as { names?: unknown } | null)?.names;
    return { zoom, names: Array.isArray(names) ? names.filter(isName) : [] };
  }
}

function isName(value: unknown): value is PlaceName {
  const { value: text, x, y } = (value ?? {}) as Partial<PlaceName>;
  return typeof text === "string" && text !== "" && Number.isFinite(x) && Number.isFinite(y);
}
