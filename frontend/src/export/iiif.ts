import type { Card } from "../schema";
import { texts } from "../ui/texts";
import { MOST_CANVASES } from "./limits";
import { firstListed, type Subject } from "./subject";

/** Cards that are asked for at a time. */
const AT_A_TIME = 256;

/** A text in the language of the page, or in none. */
type Words = Record<string, string[]>;

interface Line {
  label: Words;
  value: Words;
}

/**
 * Return media as a IIIF Presentation 3 manifest: a canvas for each, with its credit.
 *
 * Its id, and those of the canvases, are addresses below that of the atlas, where
 * nothing need lie. Pictures may be smaller than the originals, whose size a canvas has.
 */
export async function manifestOf(subject: Subject): Promise<Blob> {
  const { source, link } = subject;
  const listed = firstListed(subject, MOST_CANVASES);
  // cards lie in files by row: of each file all that is wanted is read at once
  const rows = Uint32Array.from(listed).sort();
  const made = new Map<number, object>();
  for (let first = 0; first < rows.length; first += AT_A_TIME) {
    const part = [...rows.subarray(first, first + AT_A_TIME)];
    const cards = await Promise.all(part.map((row) => source.card(row)));
    for (const [i, row] of part.entries()) {
      const card = cards[i];
      if (card?.picture) made.set(row, canvas(card, subject));
    }
    subject.tell(first + part.length);
  }
  const canvases = [...listed].flatMap((row) => made.get(row) ?? []);
  const { title, description } = source.atlas;
  const manifest = {
    "@context": "http://iiif.io/api/presentation/3/context.json",
    id: source.address(`iiif/${digest(link)}/manifest.json`),
    type: "Manifest",
    label: { en: [texts.exports.title(title || texts.atlas, rows.length)] },
    ...(description ? { summary: { none: [description] } } : {}),
    homepage: [
      { id: link, type: "Text", label: { en: [title || texts.atlas] }, format: "text/html" },
    ],
    items: canvases,
  };
  return new Blob([JSON.stringify(manifest, null, 1)], { type: "application/ld+json" });
}

function canvas(card: Card, { source }: Subject): object {
  const { picture, credit } = card;
  const id = source.address(`iiif/${card.id}/canvas`);
  const [height, width] = [Math.max(picture?.height ?? 1, 1), Math.max(picture?.width ?? 1, 1)];
  const address = source.address(picture?.path ?? "");
  const body = { id: address, type: "Image", format: "image/jpeg" };
  const rights = rightsOf(credit.licence_url);
  const painting = { id: `${id}/image`, type: "Annotation", motivation: "painting", target: id };
  return {
    ...{ id, type: "Canvas", label: { none: [card.title || card.id] }, height, width },
    metadata: metadata(card),
    requiredStatement: line(texts.card.credit, statement(card)),
    ...(rights ? { rights } : {}),
    ...(card.link
      ? {
          homepage: [
            { id: card.link, type: "Text", label: { none: [card.link] }, format: "text/html" },
          ],
        }
      : {}),
    thumbnail: [body],
    items: [{ id: `${id}/page`, type: "AnnotationPage", items: [{ ...painting, body }] }],
  };
}

function metadata({ id, author, classification, place, date, facts }: Card): Line[] {
  const lines: [string, string][] = [
    ...classification.map(({ rank, name }): [string, string] => [texts.ranks[rank] ?? rank, name]),
    [texts.exports.author, author],
    [texts.card.place, place],
    [texts.card.date, date],
    ...facts.map(({ label, value }): [string, string] => [label, value]),
    ["media_id", id],
  ];
  return lines.filter(([, value]) => value).map(([label, value]) => line(label, value));
}

function line(label: string, value: string): Line {
  return { label: { en: [label] }, value: { none: [value] } };
}

function statement({ credit }: Card): string {
  const { licence, rights_holder, creator } = credit;
  const parts = [creator, rights_holder && `© ${rights_holder}`, licence || texts.licenceUnknown];
  return parts.filter(Boolean).join(", ");
}

/** The address of a licence as IIIF knows it: of Creative Commons or of RightsStatements.org. */
function rightsOf(address: string): string | null {
  const known = /^https?:\/\/(?:www\.)?(creativecommons\.org\/(?:licenses|publicdomain)\/.+)/.exec(
    address,
  );
  const stated = /^https?:\/\/(rightsstatements\.org\/(?:vocab|page)\/.+)/.exec(address);
  const found = known?.[1] ?? stated?.[1]?.replace("/page/", "/vocab/");
  if (!found) return null;
  return `http://${found.replace(/(?:legalcode|deed)(?:\.[a-z-]+)?$/, "")}`;
}

/** A short name for an address (FNV-1a, 32 bits). */
function digest(text: string): string {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text))
    state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return state.toString(16).padStart(8, "0");
}
