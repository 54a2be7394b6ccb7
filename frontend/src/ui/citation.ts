import type { Card, Credit } from "../schema";
import { titleOf } from "./names";
import { texts } from "./texts";

/** Return how an image is cited: what it shows, which specimen, whose image, where it is. */
export function citationOf(card: Card, atlas: string, address: string): string {
  const name = [titleOf(card), card.author].filter(Boolean).join(" ");
  const credit = creditLine(card.credit);
  const own = card.citation ?? "";
  const parts = [
    own === "" ? name : own,
    own === "" ? specimenOf(card) : "",
    credit && texts.card.citedImage(credit),
    atlas,
  ];
  return `${sentences(parts)} ${address}`;
}

/** The address of a card, whatever else the page shows. */
export function permalink(id: string, address: string): string {
  const url = new URL(address);
  url.hash = `card=${encodeURIComponent(id)}`;
  return url.href;
}

/** Who made an image, who holds the rights, under which licence. */
function creditLine({ creator, rights_holder, licence }: Credit): string {
  const people = creator === rights_holder ? [creator] : [creator, rights_holder];
  return [...people, licence].filter(Boolean).join(", ");
}

/** Institution, collection and number of the specimen. */
function specimenOf({ facts }: Card): string {
  const value = (term: string): string => facts.find((fact) => fact.term === term)?.value ?? "";
  return ["institutionCode", "collectionCode", "catalogNumber"]
    .map(value)
    .filter(Boolean)
    .join(" ");
}

function sentences(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ");
}
