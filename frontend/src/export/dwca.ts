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
import type { Column, RecordPart, Records } from "./records";
import { pictureAddress, type Subject } from "./subject";
import { xml } from "./xml";
import { MOST_BYTES, ZipEntry, zipOf } from "./zip";

const [CORE, MEDIA] = ["occurrence.txt", "multimedia.txt"] as const;

/** A table of the archive: its file, and the columns that are taken over as they are. */
interface Table {
  readonly entry: ZipEntry;
  readonly names: readonly string[];
  readonly terms: readonly string[];
}

/**
 * Return media as a Darwin Core archive: their occurrences, and the media as an extension.
 *
 * Media with the same occurrenceID show one occurrence, which is told once. A medium
 * without one is an occurrence of its own, by its media_id.
 */
export async function darwinCoreOf(records: Records, subject: Subject): Promise<Blob> {
  const core = tableOf(CORE, records, OCCURRENCE_TERMS, [OCCURRENCE_ID]);
  const media = tableOf(MEDIA, records, MEDIA_TERMS, MEDIUM);
  const told = new Set<string>();
  const licences = new Map<string, number>();
  let done = 0;
  for await (const part of records.parts(subject.rows)) {
    addPart(part, { core, media, told, licences, subject });
    subject.tell((done += part.chosen.length));
    if (core.entry.size + media.entry.size > MOST_BYTES)
      throw new AtlasError({ kind: "too-large", gigabytes: Math.round(MOST_BYTES / 1e9) });
  }
  const entries = [
    new ZipEntry("meta.xml").add(metaOf(core, media)),
    new ZipEntry("eml.xml").add(emlOf(subject, licences)),
    core.entry,
    media.entry,
  ];
  return zipOf(entries, subject.now);
}

function tableOf(
  file: string,
  records: Records,
  known: ReadonlyMap<string, string>,
  own: readonly string[],
): Table {
  const names = records.columns.filter((name) => known.has(name));
  const terms = [...own, ...names.map((name) => known.get(name) ?? "")];
  const entry = new ZipEntry(file);
  entry.add(line(["id", ...terms.map((term) => term.split("/").at(-1) ?? "")]));
  return { entry, names, terms };
}

interface Writing {
  readonly core: Table;
  readonly media: Table;
  readonly told: Set<string>;
  readonly licences: Map<string, number>;
  readonly subject: Subject;
}

function addPart({ columns, chosen }: RecordPart, writing: Writing): void {
  const { core, media, told, licences, subject } = writing;
  const text = (name: string, i: number): string => columns.get(name)?.text(i) ?? "";
  const ready = (table: Table): (Column | undefined)[] =>
    table.names.map((name) => columns.get(name));
  const [ofCore, ofMedia] = [ready(core), ready(media)];
  const cells = (some: readonly (Column | undefined)[], i: number): string[] =>
    some.map((column) => column?.text(i) ?? "");
  let [occurrences, images] = ["", ""];
  for (const i of chosen) {
    const id = text("media_id", i);
    const occurrence = text("occurrenceID", i) || id;
    if (!told.has(occurrence)) {
      told.add(occurrence);
      occurrences += line([occurrence, occurrence, ...cells(ofCore, i)]);
    }
    const stated = text("accessURI", i);
    const address = /^https?:/.test(stated) ? stated : pictureAddress(subject, id);
    images += line([occurrence, id, "StillImage", "image/jpeg", address, ...cells(ofMedia, i)]);
    const licence = text("UsageTerms", i);
    licences.set(licence, (licences.get(licence) ?? 0) + 1);
  }
  core.entry.add(occurrences);
  media.entry.add(images);
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
