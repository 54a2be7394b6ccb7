import type { Run } from "../data/morton";
import type { DataSource } from "../data/source";
import { CardRecords } from "./cardrecords";
import { citationsOf } from "./citations";
import { csvOf } from "./csv";
import { darwinCoreOf } from "./dwca";
import { manifestOf } from "./iiif";
import { RecordPages, type Records } from "./records";
import type { Subject } from "./subject";

export { placesOf } from "./subject";

/** The kinds of files in which a selection is taken away. */
export type Kind = "csv" | "csv-all" | "dwca" | "iiif" | "citations";

const ENDINGS: Readonly<Record<Kind, string>> = {
  csv: ".csv",
  "csv-all": "-all-fields.csv",
  dwca: "-dwca.zip",
  iiif: "-manifest.json",
  citations: "-citations.txt",
};

/** A finished file. */
export interface Made {
  readonly blob: Blob;
  readonly name: string;
}

/** Make the file of a selection. */
export async function exported(kind: Kind, subject: Subject): Promise<Made> {
  const { source, rows } = subject;
  const name = `${fileStem(source.atlas.title)}-${rows.length}${ENDINGS[kind]}`;
  return { blob: await made(kind, subject), name };
}

function made(kind: Kind, subject: Subject): Promise<Blob> {
  if (kind === "iiif") return manifestOf(subject);
  const which = kind === "dwca" || kind === "csv-all" ? "all" : "main";
  const records = recordsOf(subject.source, which);
  if (kind === "dwca") return darwinCoreOf(records, subject);
  if (kind === "citations") return citationsOf(records, subject);
  return csvOf(records, subject.rows, subject.tell, subject.places);
}

/** What sources say of the media of an atlas; of an older one what its cards do. */
export function recordsOf(source: DataSource, which: "all" | "main" = "all"): Records {
  return pagesOf(source)?.records(which) ?? new CardRecords(source);
}

/** Ask for what an export of ascending rows begins with, before the visitor has chosen one. */
export function readAhead(source: DataSource, rows: Iterable<number>): void {
  pagesOf(source)?.ahead(rows);
}

/** The pages of each atlas that somebody has exported from. */
const OPENED = new WeakMap<DataSource, RecordPages>();

function pagesOf(source: DataSource): RecordPages | null {
  const { records } = source.atlas;
  if (!records) return null;
  const idsOf = (rows: Run): Promise<string[]> => source.idsOf(rows);
  const pages =
    OPENED.get(source) ?? new RecordPages(records, { file: source.file(records.path), idsOf });
  OPENED.set(source, pages);
  return pages;
}

/** Give a file to the visitor. */
export function save({ blob, name }: Made): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** A title as the begin of a file name. */
function fileStem(title: string): string {
  const plain = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return plain.replace(/^-|-$/g, "") || "atlas";
}
