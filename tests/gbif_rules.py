"""Rules that GBIF's validator holds an archive to [1]_, as one function that names breaches.

.. [1] https://www.gbif.org/tools/data-validator/about and https://dwc.tdwg.org/text/
"""

import csv
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from wunderkammer.vocab import audiovisual_core, darwin_core
from wunderkammer.vocab.term_addresses import medium_address

TEXT = "{http://rs.tdwg.org/dwc/text/}"
ISO = re.compile(
    r"^-?\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?"
    r"(/(-?\d{4}|\d\d)(-\d\d(-\d\d)?)?)?$"
)
DATES = ("eventDate", "dateIdentified", "modified", "created", "CreateDate")
BASES = {
    "PreservedSpecimen", "FossilSpecimen", "LivingSpecimen", "MaterialSample", "MaterialEntity",
    "MaterialCitation", "HumanObservation", "MachineObservation", "Observation", "Occurrence",
}  # fmt: skip
LICENCES = ("publicdomain/zero/1.0", "licenses/by/4.0", "licenses/by-nc/4.0")
KNOWN = {term.uri for term in darwin_core.TERMS.values()} | {
    medium_address(name) for name in audiovisual_core.TERMS
}


def breaches(folder):
    """Return what is wrong with an unpacked archive; nothing if GBIF would take it."""
    meta = ET.parse(folder / "meta.xml").getroot()
    found = []
    files = {one.text for one in meta.iter(f"{TEXT}location")}
    there = {path.name for path in folder.iterdir() if path.suffix in {".txt", ".csv"}}
    if files != there - {"left-out.csv"}:
        found.append(f"meta.xml names {sorted(files)}, and {sorted(there)} are there")
    core = meta.find(f"{TEXT}core")
    rows = read(folder, core, found)
    ids = [row["#id"] for row in rows]
    if len(set(ids)) != len(ids) or not all(ids):
        found.append("ids of the core are not unique, or empty")
    found += of_occurrences(rows)
    for extension in meta.findall(f"{TEXT}extension"):
        kind = extension.get("rowType")
        own = read(folder, extension, found)
        astray = {row["#id"] for row in own} - set(ids)
        if astray:
            found.append(f"{kind}: rows of {sorted(astray)[:3]}, which the core does not have")
        if kind.endswith("/Multimedia"):
            found += of_media(own)
        if kind.endswith("/Identification"):
            found += of_dates(own)
    return found + of_description(folder / meta.get("metadata"))


def read(folder, part, found):
    """Return the rows of a file by short names, its id as '#id'; note what is wrong with it."""
    [location] = [one.text for one in part.iter(f"{TEXT}location")]
    content = (folder / location).read_bytes()
    content.decode(part.get("encoding"))
    if content.startswith(b"\xef\xbb\xbf"):
        found.append(f"{location} begins with a mark of its encoding")
    fields = {int(one.get("index")): one.get("term") for one in part.findall(f"{TEXT}field")}
    if len(set(fields.values())) != len(fields):
        found.append(f"{location}: a term has two columns")
    found += [f"{location}: {one} is no known term" for one in set(fields.values()) - KNOWN]
    lines = content.decode().split("\n")
    if lines.pop():
        found.append(f"{location} does not end with an end of line")
    head, *rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    names = {index: darwin_core.short_name(term) for index, term in fields.items()}
    widths = {len(row) for row in rows} | {len(head)}
    if widths != {max(names) + 1}:
        found.append(f"{location}: rows of {sorted(widths)} columns")
        return []
    return [{"#id": row[0]} | {name: row[n] for n, name in names.items()} for row in rows]


def of_occurrences(rows):
    found = of_dates(rows)
    names = [row["occurrenceID"] for row in rows]
    if len(set(names)) != len(names) or not all(names):
        found.append("occurrenceID is not unique, or empty")
    for row in rows:
        if row["basisOfRecord"] not in BASES:
            found.append(f"basisOfRecord '{row['basisOfRecord']}'")
        for name, most in (("decimalLatitude", 90), ("decimalLongitude", 180)):
            if row.get(name) and abs(float(row[name])) > most:
                found.append(f"{name} {row[name]}")
    return found


def of_media(rows):
    found = []
    for row in rows:
        address = urlsplit(row["accessURI"])
        if address.scheme not in {"http", "https"} or not address.netloc:
            found.append(f"accessURI '{row['accessURI']}' is no address")
        if not row["rightsHolder"] and "publicdomain" not in row["WebStatement"]:
            found.append("a medium without a rights holder")
        if urlsplit(row["WebStatement"]).scheme not in {"http", "https"}:
            found.append(f"the licence '{row['license']}' has no address")
        if row["format"] and "/" not in row["format"]:
            found.append(f"format '{row['format']}'")
    return found + of_dates(rows)


def of_dates(rows):
    return [
        f"{name} '{row[name]}' is no date of ISO 8601"
        for row in rows
        for name in DATES
        if row.get(name) and not ISO.match(row[name])
    ]


def of_description(path):
    root = ET.parse(path).getroot()
    found = [
        f"eml.xml has no {part}"
        for part in ("title", "creator", "metadataProvider", "pubDate", "abstract/para",
                     "intellectualRights/para", "contact")
        if root.find(f"dataset/{part}") is None
    ]  # fmt: skip
    link = root.find("dataset/intellectualRights/para/ulink")
    if link is None or not any(one in link.get("url") for one in LICENCES):
        found.append("eml.xml states no licence that GBIF takes")
    if not ISO.match(root.findtext("dataset/pubDate") or ""):
        found.append("pubDate is no date")
    return found
