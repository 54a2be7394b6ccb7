import { texts } from "../ui/texts";
import { isoDate, type Subject } from "./subject";
import { xml } from "./xml";

/** Return what an archive is, from whom and under which licences, in EML. */
export function emlOf(subject: Subject, licences: ReadonlyMap<string, number>): string {
  const { atlas } = subject.source;
  const title = texts.exports.title(atlas.title || texts.atlas, subject.rows.length);
  const creator = xml("creator", {}, xml("organizationName", {}, atlas.title || texts.atlas));
  const mix = [...licences]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, n]) => `${licence || texts.licenceUnknown}: ${n}`);
  const dataset = xml(
    "dataset",
    {},
    xml("title", {}, title),
    creator,
    xml("metadataProvider", {}, xml("organizationName", {}, atlas.generator || texts.atlas)),
    xml("pubDate", {}, isoDate(subject.now)),
    xml("language", {}, "en"),
    xml("abstract", {}, xml("para", {}, atlas.description || title)),
    xml("intellectualRights", {}, xml("para", {}, texts.exports.rights(mix.join("; ")))),
    xml("distribution", {}, xml("online", {}, xml("url", {}, subject.link))),
    xml("contact", {}, xml("organizationName", {}, atlas.title || texts.atlas)),
  );
  const eml = xml(
    "eml:eml",
    {
      "xmlns:eml": "eml://ecoinformatics.org/eml-2.1.1",
      "xmlns:dc": "http://purl.org/dc/terms/",
      packageId: subject.link,
      system: subject.source.address("."),
      scope: "system",
      "xml:lang": "en",
    },
    dataset,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${eml.text}\n`;
}
