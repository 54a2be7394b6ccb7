import type { DataSource } from "../data/source";
import type { Card } from "../schema";
import { Column, type RecordPart, type Records } from "./records";

/** Cards that are asked for at a time: some files of them. */
const AT_A_TIME = 1024;

/** What of a card stands under which term; dates and places are those for people. */
const TERMS: readonly (readonly [name: string, of: (card: Card) => string])[] = [
  ["media_id", ({ id }) => id],
  ["scientificName", ({ title }) => title],
  ["scientificNameAuthorship", ({ author }) => author],
  ...["kingdom", "phylum", "class", "order", "family", "genus"].map(
    (rank) => [rank, (card: Card) => taxon(card, rank)] as const,
  ),
  ...["catalogNumber", "institutionCode", "typeStatus", "sex", "lifeStage", "recordedBy"].map(
    (term) => [term, (card: Card) => fact(card, term)] as const,
  ),
  ["verbatimEventDate", ({ date }) => date],
  ["verbatimLocality", ({ place }) => place],
  ["decimalLatitude", ({ latitude }) => String(latitude ?? "")],
  ["decimalLongitude", ({ longitude }) => String(longitude ?? "")],
  ["license", ({ credit }) => credit.licence_url || credit.licence],
  ["UsageTerms", ({ credit }) => credit.licence],
  ["rightsHolder", ({ credit }) => credit.rights_holder],
  ["creator", ({ credit }) => credit.creator],
  ["references", ({ link }) => link],
];

const PICTURE = "accessURI";

/** What cards say, of an atlas from before there were records to export. */
export class CardRecords implements Records {
  readonly columns = [...TERMS.map(([name]) => name), PICTURE];
  readonly #source: Pick<DataSource, "address" | "card">;

  constructor(source: Pick<DataSource, "address" | "card">) {
    this.#source = source;
  }

  async *parts(rows: Iterable<number>): AsyncGenerator<RecordPart> {
    const all = Array.from(rows);
    for (let first = 0; first < all.length; first += AT_A_TIME) {
      const part = all.slice(first, first + AT_A_TIME);
      const cards = await Promise.all(part.map((row) => this.#source.card(row)));
      const column = (of: (card: Card) => string): Column => new Column(cards.map(of), null);
      yield {
        columns: new Map([
          ...TERMS.map(([name, of]) => [name, column(of)] as const),
          [PICTURE, column(({ picture }) => (picture ? this.#source.address(picture.path) : ""))],
        ]),
        chosen: part.map((_, i) => i),
      };
    }
  }
}

function taxon({ classification }: Card, rank: string): string {
  return classification.find((one) => one.rank === rank)?.name ?? "";
}

function fact({ facts }: Card, term: string): string {
  return facts.find((one) => one.term === term)?.value ?? "";
}
