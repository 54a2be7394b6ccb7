import type { DataSource } from "../data/source";
import { CardRecords } from "./cardrecords";
import { citationsOf } from "./citations";
import { csvOf } from "./csv";
import { darwinCoreOf } from "./dwca";
import { manifestOf } from "./iiif";
import { PagedRecords, type Records } from "./records";
import type { Subject } from "./subject";

export { placesOf } from "./subject";

/** The kinds of files in which a selection is taken away. */
export type Kind = "csv" | "dwca" | "iiif" | "citations";

const ENDINGS: Readonly<Record<Kind, string>> = {
  csv: ".csv",
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
  const records = recordsOf(subject.source);
  if (kind === "csv") return csvOf(records, subject.rows, subject.tell, subject.places);
  return kind === "dwca" ? darwinCoreOf(records, subject) : citationsOf(records, subject);
}

/** What sources say of the media of an atlas; of an older one what its cards do. */
export function recordsOf(source: DataSource): Records {
  const { records } = source.atlas;
  return records ? new PagedRecords(records, source.file(records.path)) : new CardRecords(source);
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
