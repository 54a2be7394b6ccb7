import { AtlasError } from "../data/errors";
import {
  MEDIA_TERMS,
  MEDIUM,
  MULTIMEDIA,
  OCCURRENCE,
  OCCURRENCE_ID,
  OCCURRENCE_TERMS,
} from "./dwcaterms";
import { emlOf } from "./eml";
import { Lines } from "./lines";
import type { Column, RecordPart, Records } from "./records";
import { pictureAddress, type Subject } from "./subject";
import { xml } from "./xml";
import { MOST_BYTES, ZipEntry, zipOf } from "./zip";

const [CORE, MEDIA] = ["occurrence.txt", "multimedia.txt"] as const;

/** A table of the archive: its file, and the columns that are taken over as they are. */
interface Table {
  readonly entry: ZipEntry;
  readonly lines: Lines;
  readonly names: readonly string[];
  readonly terms: readonly string[];
}

/**
 * Return media as a Darwin Core archive: their occurrences, and the media as an extension.
 *
 * Media with the same occurrenceID show one occurrence, which is told once. A medium
 * without one is an occurrence of its own, by its media_id. In the order of a list an
 * occurrence stands where that of its media does which the map shows first.
 */
export async function darwinCoreOf(records: Records, subject: Subject): Promise<Blob> {
  const { places } = subject;
  const core = tableOf(CORE, records, places, OCCURRENCE_TERMS, [OCCURRENCE_ID]);
  const media = tableOf(MEDIA, records, places, MEDIA_TERMS, MEDIUM);
  const told = new Set<string>();
  const licences = new Map<string, number>();
  let done = 0;
  for await (const part of records.parts(subject.rows)) {
    addPart(part, done, { core, media, told, licences, subject });
    subject.tell((done += part.chosen.length));
    refuseTooLarge(core, media);
  }
  for (const { lines } of [core, media]) await lines.end();
  refuseTooLarge(core, media);
  const entries = [
    new ZipEntry("meta.xml").add(metaOf(core, media)),
    new ZipEntry("eml.xml").add(emlOf(subject, licences)),
    core.entry,
    media.entry,
  ];
  return zipOf(entries, subject.now);
}

function refuseTooLarge(...tables: readonly Table[]): void {
  const size = tables.reduce((sum, { entry, lines }) => sum + entry.size + lines.waiting, 0);
  if (size > MOST_BYTES)
    throw new AtlasError({ kind: "too-large", gigabytes: Math.round(MOST_BYTES / 1e9) });
}

function tableOf(
  file: string,
  records: Records,
  places: Uint32Array | null,
  known: ReadonlyMap<string, string>,
  own: readonly string[],
): Table {
  const names = records.columns.filter((name) => known.has(name));
  const terms = [...own, ...names.map((name) => known.get(name) ?? "")];
  const entry = new ZipEntry(file);
  entry.add(line(["id", ...terms.map((term) => term.split("/").at(-1) ?? "")]));
  return { entry, lines: new Lines(entry, places), names, terms };
}

interface Writing {
  readonly core: Table;
  readonly media: Table;
  readonly told: Set<string>;
  readonly licences: Map<string, number>;
  readonly subject: Subject;
}

/** Add some media; so many were read `before` them. */
function addPart({ columns, chosen }: RecordPart, before: number, writing: Writing): void {
  const { core, media, told, licences, subject } = writing;
  const text = (name: string, i: number): string => columns.get(name)?.text(i) ?? "";
  const ready = (table: Table): (Column | undefined)[] =>
    table.names.map((name) => columns.get(name));
  const [ofCore, ofMedia] = [ready(core), ready(media)];
  const cells = (some: readonly (Column | undefined)[], i: number): string[] =>
    some.map((column) => column?.text(i) ?? "");
  for (const [k, i] of chosen.entries()) {
    const id = text("media_id", i);
    const occurrence = text("occurrenceID", i) || id;
    if (!told.has(occurrence)) {
      told.add(occurrence);
      core.lines.add(line([occurrence, occurrence, ...cells(ofCore, i)]), before + k);
    }
    const stated = text("accessURI", i);
    const address = /^https?:/.test(stated) ? stated : pictureAddress(subject, id);
    const own = [occurrence, id, "StillImage", "image/jpeg", address];
    media.lines.add(line([...own, ...cells(ofMedia, i)]), before + k);
    const licence = text("UsageTerms", i);
    licences.set(licence, (licences.get(licence) ?? 0) + 1);
  }
}

/** A line of a table: a tab parts the cells, none of which has one. */
function line(cells: readonly string[]): string {
  return `${cells.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t")}\n`;
}

/** What tells readers which column is which. */
function metaOf(core: Table, media: Table): string {
  const form = {
    encoding: "UTF-8",
    fieldsTerminatedBy: "\\t",
    linesTerminatedBy: "\\n",
    fieldsEnclosedBy: "",
    ignoreHeaderLines: "1",
  };
  const table = (tag: string, key: string, rowType: string, file: string, { terms }: Table) =>
    xml(
      tag,
      { ...form, rowType },
      xml("files", {}, xml("location", {}, file)),
      xml(key, { index: "0" }),
      ...terms.map((term, i) => xml("field", { index: String(i + 1), term })),
    );
  const archive = xml(
    "archive",
    { xmlns: "http://rs.tdwg.org/dwc/text/", metadata: "eml.xml" },
    table("core", "id", OCCURRENCE, CORE, core),
    table("extension", "coreid", MULTIMEDIA, MEDIA, media),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${archive.text}\n`;
}
