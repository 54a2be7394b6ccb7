import type { Card, Credit, Picture } from "../schema";
import { el, outwardLink, webAddress } from "./dom";
import { coordinates, isItalicRank, nameOf, rankLabel, titleOf } from "./names";
import { texts } from "./texts";

/** Turns the path of a picture into its address. */
export type AddressOf = (path: string) => string;

/**
 * Return what a visitor reads about one medium, below its heading.
 *
 * All texts become text nodes. Fields without a value, and sections without a
 * field, are left out.
 */
export function cardBody(card: Card, addressOf: AddressOf): HTMLElement {
  return el(
    "div",
    { class: "card-body" },
    card.picture && pictureOf(card.picture, card, addressOf),
    section("classification", texts.card.classification, classification(card)),
    section("found", texts.card.found, placeAndDate(card)),
    section("facts", texts.card.facts, facts(card)),
    section("credit", texts.card.credit, credit(card.credit)),
    recordLink(card),
  );
}

/** Return the heading: the name with its author. */
export function cardHeading(card: Card): HTMLElement {
  return nameOf(card);
}

type Line = readonly [label: string, value: Node | string];

function section(name: string, heading: string, lines: readonly Line[]): HTMLElement | null {
  if (lines.length === 0) return null;
  const list = el("dl");
  for (const [label, value] of lines)
    list.append(el("div", { class: "line" }, el("dt", {}, label), el("dd", {}, value)));
  return el("section", { class: `card-${name}`, "aria-label": heading }, list);
}

function pictureOf(picture: Picture, card: Card, addressOf: AddressOf): HTMLElement {
  const figure = el("figure", { class: "card-picture" });
  const image = el("img", {
    alt: texts.card.pictureOf(titleOf(card)),
    width: picture.width,
    height: picture.height,
    decoding: "async",
  });
  const fail = (): void => {
    figure.replaceChildren(el("p", { class: "card-missing" }, texts.card.pictureFailed));
  };
  image.addEventListener("error", fail);
  figure.append(image);
  try {
    image.src = addressOf(picture.path);
  } catch {
    fail();
  }
  return figure;
}

function classification(card: Card): Line[] {
  return card.classification
    .filter(({ name }) => name)
    .map(({ rank, name }) => [
      rankLabel(rank),
      isItalicRank(rank) ? el("i", { class: "name" }, name) : name,
    ]);
}

function placeAndDate(card: Card): Line[] {
  const lines: Line[] = [];
  if (card.place) lines.push([texts.card.place, card.place]);
  const { latitude, longitude } = card;
  if (typeof latitude === "number" && typeof longitude === "number") {
    const place = coordinates(latitude, longitude);
    const link = outwardLink(worldMap(latitude, longitude), place);
    link.setAttribute("aria-label", texts.card.showOnMap(place));
    lines.push([texts.card.coordinates, link]);
  }
  if (card.date) lines.push([texts.card.date, card.date]);
  return lines;
}

function facts(card: Card): Line[] {
  return card.facts.filter(({ value }) => value).map(({ label, value }) => [label, linked(value)]);
}

/** A value that is a web address as a link, any other as text. */
function linked(value: string): Node | string {
  return webAddress(value) ? outwardLink(value, value) : value;
}

function credit({ licence, licence_url, rights_holder, creator }: Credit): Line[] {
  const lines: Line[] = [];
  const name = licence || licence_url;
  if (name) lines.push([texts.card.licence, outwardLink(licence_url, name)]);
  if (rights_holder) lines.push([texts.card.rightsHolder, rights_holder]);
  if (creator) lines.push([texts.card.creator, creator]);
  return lines;
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

function worldMap(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=7/${latitude}/${longitude}`;
}
