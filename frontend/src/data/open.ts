import { type Atlas, FORMAT } from "../schema";
import { AtlasError } from "./errors";

/** An atlas of which the page can do without some parts: those are null. */
export type ReadableAtlas = Omit<Atlas, "format" | "points" | "ids" | "cards"> &
  Nullable<Pick<Atlas, "points" | "ids" | "cards">>;

type Nullable<T> = { [K in keyof T]: T[K] | null };
type Fields = Record<string, unknown>;

const FILE = "atlas.json";

/**
 * Check what `atlas.json` holds.
 *
 * A higher format and a missing pyramid are errors. Without `points`, `ids` or
 * `cards` the pictures can still be shown; missing texts are empty.
 */
export function readAtlas(json: unknown): ReadableAtlas {
  if (!isFields(json)) throw broken("it is not an object");
  const format = json["format"];
  if (typeof format !== "number") throw broken("it states no format");
  if (format > FORMAT) throw new AtlasError({ kind: "newer", found: format, known: FORMAT });
  const tiles = json["tiles"];
  if (!isFields(tiles)) throw broken("it has no tiles");
  needNumbers(json, "", ["width", "height", "left", "top", "sprite_px"]);
  needNumbers(tiles, "tiles.", ["tile_px", "min_zoom", "max_zoom"]);
  if (typeof tiles["path"] !== "string") throw broken("tiles.path is missing");
  const points = part(json["points"]);
  return {
    ...json,
    title: text(json["title"]),
    description: text(json["description"]),
    generator: text(json["generator"]),
    n_media: typeof json["n_media"] === "number" ? json["n_media"] : 0,
    points: points && { ...points, blocks: list(points["blocks"]) },
    ids: part(json["ids"]),
    cards: part(json["cards"]),
    dictionaries: list(json["dictionaries"]),
    licences: list(json["licences"]),
    steps: list(json["steps"]),
    layouts: list(json["layouts"]),
  } as unknown as ReadableAtlas;
}

function needNumbers(fields: Fields, prefix: string, names: readonly string[]): void {
  for (const name of names)
    if (!Number.isFinite(fields[name])) throw broken(`${prefix}${name} is not a number`);
}

function broken(what: string): AtlasError {
  return new AtlasError({ kind: "broken", file: FILE, what });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A part of the atlas that is there as an object; its fields are the writer's promise. */
function part(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

/** A list, or an empty one; what is in it is the writer's promise. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
