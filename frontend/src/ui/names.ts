import type { Card } from "../schema";
import { el } from "./dom";
import { texts } from "./texts";

/** Ranks whose names are set in italics. */
const ITALIC_RANKS = new Set([
  "genus",
  "genericName",
  "subgenus",
  "infragenericEpithet",
  "section",
  "species",
  "specificEpithet",
  "subspecies",
  "variety",
  "form",
  "infraspecificEpithet",
]);

/** True if the name of a rank is set in italics: genus and below. */
export function isItalicRank(rank: string): boolean {
  return ITALIC_RANKS.has(rank);
}

/** True if a card's title is a scientific name of a genus or below, not a title in words. */
export function isItalicTitle(card: Card): boolean {
  const step = card.classification.find(({ name }) => name === card.title);
  if (step) return isItalicRank(step.rank);
  return card.author !== "" || card.classification.length > 0;
}

/** The name or title of a card as text. */
export function titleOf(card: Card): string {
  return card.title || texts.untitled;
}

/** The name in italics where it is due, with its author. */
export function nameOf(card: Card): HTMLElement {
  const title = el(isItalicTitle(card) ? "i" : "span", { class: "name" }, titleOf(card));
  const author = card.author ? el("span", { class: "author" }, card.author) : null;
  return el("span", {}, title, author ? " " : null, author);
}

/** A rank for people: Darwin Core's own word, its parts told apart. */
export function rankLabel(rank: string): string {
  const known = texts.ranks[rank];
  if (known) return known;
  const words = rank.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Degrees for people, such as 34.0600° S, 150.9839° E. */
export function coordinates(latitude: number, longitude: number): string {
  const { north, south, east, west } = texts.card;
  const degrees = (value: number): string => texts.degrees(Math.abs(value));
  const [ns, ew] = [latitude < 0 ? south : north, longitude < 0 ? west : east];
  return `${degrees(latitude)} ${ns}, ${degrees(longitude)} ${ew}`;
}
