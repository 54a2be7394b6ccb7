import "./card.css";

import type { ReadableAtlas } from "../data/open";
import type { Card, Credit, Fact, Rank } from "../schema";
import { dateOf } from "./carddate";
import { type AddressOf, cardPicture } from "./cardpicture";
import { citationOf, permalink } from "./citation";
import { copyButton } from "./copy";
import { button, el, outwardLink, webAddress } from "./dom";
import { coordinates, isItalicRank, nameOf, rankLabel } from "./names";
import { texts } from "./texts";

/** Makes one more section of a card, such as tools of a curator; null for none. */
export type CardExtra = (card: Card, row: number) => HTMLElement | null;

/** What a card asks of the page. */
export interface CardPage {
  readonly atlas: ReadableAtlas;
  readonly addressOf: AddressOf;
  /** Look for all media that have a value in a column. */
  readonly ask: (column: string, value: string) => void;
  /** What stands between the picture and what is told, such as the way to the next card. */
  readonly steps: CardExtra;
  /** Pictures of other media: similar ones, more of the specimen. */
  readonly others: CardExtra;
  /** Further sections, at the end. */
  readonly extras: readonly CardExtra[];
}

/**
 * Return what a visitor reads about one medium, below its heading.
 *
 * All texts become text nodes. Fields without a value, and sections without a
 * field, are left out.
 */
export function cardBody(card: Card, row: number, page: CardPage): HTMLElement {
  return el(
    "div",
    { class: "card-body" },
    cardPicture(card, page.addressOf),
    page.steps(card, row),
    section("classification", texts.card.classification, classification(card, page)),
    section("facts", texts.card.facts, facts(card, page)),
    place(card),
    page.others(card, row),
    section("credit", texts.card.credit, credit(card.credit)),
    citation(card, page),
    recordLink(card),
    ...page.extras.map((extra) => extra(card, row)),
  );
}

/** Return the heading: the name with its author, and the common name below. */
export function cardHeading(card: Card): HTMLElement {
  const heading = nameOf(card);
  if (card.common) heading.append(" ", el("span", { class: "common" }, card.common));
  return heading;
}

type Line = readonly [label: string, value: Node | string];

function section(name: string, heading: string, lines: readonly Line[]): HTMLElement | null {
  if (lines.length === 0) return null;
  const list = el("dl");
  for (const [label, value] of lines)
    list.append(el("div", { class: "line" }, el("dt", {}, label), el("dd", {}, value)));
  return el("section", { class: `card-${name}`, "aria-label": heading }, list);
}

function classification(card: Card, page: CardPage): Line[] {
  return card.classification
    .filter(({ name }) => name)
    .map((step) => [rankLabel(step.rank), taxon(step, page)]);
}

function taxon({ rank, name, column = "", value = "" }: Rank, page: CardPage): Node | string {
  const shown = isItalicRank(rank) ? el("i", { class: "name" }, name) : name;
  return isAsked(column, page) ? asking(column, value || name, shown, page) : shown;
}

function facts(card: Card, page: CardPage): Line[] {
  return card.facts
    .filter(({ term, value }) => value && !(term === "vernacularName" && card.common))
    .map((fact) => [texts.terms[fact.term] ?? fact.label, factValue(fact, page)]);
}

/** A value as a link where it is an address, as a filter where it can be asked for. */
function factValue({ term, value }: Fact, page: CardPage): Node | string {
  if (webAddress(value)) return outwardLink(value, value);
  const dictionary = page.atlas.dictionaries.find(({ column }) => column === term);
  if (!dictionary) return value;
  const parts = dictionary.several ? value.split("|").map((part) => part.trim()) : [value];
  const shown = el("span");
  for (const part of parts.filter(Boolean)) {
    if (shown.hasChildNodes()) shown.append(", ");
    shown.append(asking(term, part, part, page));
  }
  return shown;
}

function isAsked(column: string, { atlas }: CardPage): boolean {
  return atlas.dictionaries.some((one) => one.column === column && one.n > 0);
}

function asking(column: string, value: string, shown: Node | string, page: CardPage): HTMLElement {
  const ask = (): void => {
    page.ask(column, value);
  };
  return button({ class: "asking", title: texts.card.showAll(value) }, ask, shown);
}

function place(card: Card): HTMLElement | null {
  const lines: Line[] = [];
  if (card.place) lines.push([texts.card.place, card.place]);
  const { latitude, longitude } = card;
  const date = dateOf(card);
  if (typeof latitude !== "number" || typeof longitude !== "number") {
    if (date) lines.push([texts.card.date, date]);
    return section("found", texts.card.found, lines);
  }
  const where = coordinates(latitude, longitude);
  const link = outwardLink(openMap(latitude, longitude), where);
  link.setAttribute("aria-label", texts.card.showOnMap(where));
  lines.push([texts.card.coordinates, link]);
  if (date) lines.push([texts.card.date, date]);
  const made = section("found", texts.card.found, lines);
  // a map is worth a request only where there is a place to show
  void import("./worldmap").then(({ worldMap }) => {
    made?.prepend(worldMap(latitude, longitude, where));
  });
  return made;
}

function openMap(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=7/${latitude}/${longitude}`;
}

function credit({ licence, licence_url, rights_holder, creator }: Credit): Line[] {
  const lines: Line[] = [];
  const name = licence || licence_url;
  if (name) lines.push([texts.card.licence, outwardLink(licence_url, name)]);
  if (rights_holder) lines.push([texts.card.rightsHolder, rights_holder]);
  if (creator) lines.push([texts.card.creator, creator]);
  return lines;
}

function citation(card: Card, { atlas }: CardPage): HTMLElement | null {
  if (!card.id) return null;
  const address = permalink(card.id, window.location.href);
  const text = citationOf(card, atlas.title, address);
  const heading = (words: string, copy: HTMLElement): HTMLElement =>
    el("div", { class: "cite-head" }, el("h3", {}, words), copy);
  return el(
    "section",
    { class: "card-citation", "aria-label": texts.card.citation },
    heading(
      texts.card.citation,
      copyButton(texts.card.copyCitation, () => text),
    ),
    el("p", { class: "cite-text" }, text),
    el(
      "div",
      { class: "cite-head" },
      el("a", { href: address, class: "permalink" }, texts.card.permalink),
      copyButton(texts.card.copyLink, () => address),
    ),
  );
}

function recordLink(card: Card): HTMLElement | null {
  const address = webAddress(card.link);
  if (!address) return null;
  const host = new URL(address).hostname.replace(/^www\./, "");
  return el(
    "p",
    { class: "card-record" },
    outwardLink(address, texts.card.record(host), "record-link"),
  );
}
