import { texts } from "../ui/texts";
import type { Tell } from "./csv";
import { Growing } from "./growing";
import { Lines } from "./lines";
import type { Records } from "./records";
import { isoDate, type Subject } from "./subject";

/** Return media as lines to cite them by: what it is, where it is kept, whose it is. */
export async function citationsOf(records: Records, subject: Subject): Promise<Blob> {
  const { atlas } = subject.source;
  const file = new Growing("text/plain;charset=utf-8");
  const lines = new Lines(file, subject.places);
  const mix = new Map<string, number>();
  const tell: Tell = subject.tell;
  let done = 0;
  for await (const { columns, chosen } of records.parts(subject.rows)) {
    const text = (name: string, i: number): string => columns.get(name)?.text(i) ?? "";
    for (const [k, i] of chosen.entries()) {
      const whose = credit((name) => text(name, i));
      lines.add(`${citation((name) => text(name, i))}\n`, done + k);
      mix.set(whose, (mix.get(whose) ?? 0) + 1);
    }
    tell((done += chosen.length));
  }
  await lines.end();
  const head = [
    texts.exports.title(atlas.title || texts.atlas, subject.rows.length),
    ...atlas.description.split(/\n\s*\n/).slice(-1),
    texts.exports.seen(subject.link, isoDate(subject.now)),
    "",
    texts.exports.whose,
    ...[...mix].sort(([, a], [, b]) => b - a).map(([whose, n]) => `- ${whose}: ${n}`),
    "",
    texts.exports.each,
  ].filter((line, i) => line || i > 1);
  return new Blob([head.join("\n"), "\n", file.blob()], { type: "text/plain;charset=utf-8" });
}

/** One medium on one line. */
function citation(of: (name: string) => string): string {
  const name = of("scientificName") || of("title") || of("caption") || of("vernacularName");
  const author = of("scientificNameAuthorship");
  const known = author && !name.includes(author) ? `${name} ${author}` : name;
  const kept = [of("institutionCode"), of("collectionCode"), of("catalogNumber")];
  const what = [known || of("media_id"), kept.filter(Boolean).join(" "), credit(of)];
  return [...what, of("references") || of("media_id")].filter(Boolean).join(". ");
}

/** Who made it, who holds the rights, and what may be done with it. */
function credit(of: (name: string) => string): string {
  const [creator, holder] = [of("creator"), of("rightsHolder")];
  const people = creator && holder && creator !== holder ? `${creator} / ${holder}` : holder;
  const licence = of("UsageTerms") || texts.licenceUnknown;
  const address = /^https?:/.test(of("license")) ? ` (${of("license")})` : "";
  return [people || creator ? `© ${people || creator}` : "", `${licence}${address}`]
    .filter(Boolean)
    .join(", ");
}
