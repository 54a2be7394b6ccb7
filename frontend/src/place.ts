import { type Corner, EVERYTHING, type Query, type Span, type Word } from "./query";
import { type Pane, PANES } from "./store";

/** What of the map is in the window: its centre in pixels at the highest zoom. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** What the part of an address behind # says: all that the page shows. */
export interface Place {
  view: View | null;
  card: string | null;
  query: Query;
  /** The column by which the map is coloured. */
  colour: string | null;
  pane: Pane | null;
  /** The name of the layout that is shown; empty for the first. */
  layout: string;
}

/** The address that says nothing. */
export const NOWHERE: Place = {
  view: null,
  card: null,
  query: EVERYTHING,
  colour: null,
  pane: null,
  layout: "",
};

/** Longer names are no ids; they are cut so that a message can quote them. */
const CARD_LENGTH = 64;

/** Of values, words and corners an address holds no more than this; the rest is left out. */
const MOST_VALUES = 200;
const MOST_CORNERS = 400;

/**
 * Read an address such as
 * `#v=<zoom>,<x>,<y>&card=<id>&is.genus=Idea&in.year=1900,1950&has.locality=river&colour=family`.
 *
 * Parts that make no sense are left out.
 */
export function parsePlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const said = (name: string): string => fields.get(name) ?? "";
  return {
    view: parseView(said("v")),
    card: textOrNull(said("card").slice(0, CARD_LENGTH)),
    query: parseQuery(fields),
    colour: textOrNull(said("colour")),
    pane: PANES.find((pane) => pane === said("pane")) ?? null,
    layout: said("layout"),
  };
}

/** Write a place as parsePlace reads it; zoom to 2 decimals, x and y to whole pixels. */
export function formatPlace(place: Place): string {
  const parts: string[] = [];
  const add = (name: string, value: string): void => {
    parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  };
  if (place.layout) add("layout", place.layout);
  if (place.view) {
    const { zoom, x, y } = place.view;
    add("v", `${Number(zoom.toFixed(2))},${Math.round(x)},${Math.round(y)}`);
  }
  if (place.card) add("card", place.card);
  const { values, spans, words, area, areaIn } = place.query;
  for (const [column, asked] of values) for (const value of asked) add(`is.${column}`, value);
  for (const [column, span] of spans) add(`in.${column}`, span.join());
  for (const { field, word } of words) add(field ? `has.${field}` : "has", word);
  if (area) add("area", area.flat().map(Math.round).join());
  if (area && areaIn) add("drawn", areaIn);
  if (place.colour) add("colour", place.colour);
  if (place.pane) add("pane", place.pane);
  return `#${parts.join("&")}`;
}

function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}

function parseView(text: string): View | null {
  const parts = numbers(text);
  const [zoom, x, y] = parts;
  if (parts.length !== 3 || zoom === undefined || x === undefined || y === undefined) return null;
  return { zoom, x, y };
}

function parseQuery(fields: URLSearchParams): Query {
  const values = new Map<string, string[]>();
  const spans = new Map<string, Span>();
  const words: Word[] = [];
  for (const [name, text] of [...fields].slice(0, MOST_VALUES)) {
    const column = name.slice(name.indexOf(".") + 1);
    if (name === "has" && text) words.push({ field: "", word: text });
    if (!column) continue;
    const [least, greatest, more] = numbers(text);
    // an empty value is a wish for those that have none
    if (name.startsWith("is.")) values.set(column, [...(values.get(column) ?? []), text]);
    else if (name.startsWith("has.") && text) words.push({ field: column, word: text });
    else if (name.startsWith("in.") && least !== undefined && greatest !== undefined)
      if (more === undefined && least <= greatest) spans.set(column, [least, greatest]);
  }
  const area = parseArea(fields.get("area") ?? "");
  const drawn = fields.get("drawn");
  return { values, spans, words, area, ...(area && drawn ? { areaIn: drawn } : {}) };
}

function parseArea(text: string): Corner[] | null {
  const sides = numbers(text).slice(0, 2 * MOST_CORNERS);
  const corners = sides
    .map((x, i): Corner => [x, sides[i + 1] ?? 0])
    .filter((_, i) => i % 2 === 0 && i + 1 < sides.length);
  return corners.length > 2 ? corners : null;
}

/** The numbers of a list; none if one of them is not a number. */
function numbers(text: string): number[] {
  const parts = text.split(",").map((part) => (part ? Number(part) : NaN));
  return parts.every(Number.isFinite) ? parts : [];
}
