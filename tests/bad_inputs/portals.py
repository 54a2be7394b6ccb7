"""Exports of portals and libraries that are wrong: GBIF, iDigBio, NHM, BHL, COCO, IIIF."""

import json
import zipfile

from bad_inputs.archives import encrypted
from bad_inputs.case import BadInput
from bad_inputs.tables import changed
from wunderkammer.testing.archives import MAKERS
from wunderkammer.testing.fake_archive import SPECIMENS
from wunderkammer.testing.gbif_makers import gbif_answer, write_gbif_harvest

GBIF, IDIGBIO, NHM = "GBIF downloads", "iDigBio downloads", "Downloads of the NHM"
BHL, COCO, IIIF = "Page tables (BHL)", "COCO metadata", "IIIF manifests"
NAMES = {GBIF: "gbif", IDIGBIO: "idigbio", NHM: "nhm", BHL: "bhl", COCO: "coco", IIIF: "iiif"}
N = len(SPECIMENS)


def good(folder, reader):
    """Write a good export and return its path."""
    return MAKERS[NAMES[reader]](folder, SPECIMENS).source.path


def words(path, reader):
    """Return the words that name an export."""
    return ["--from", str(path), "--source", NAMES[reader]]


def case(reader, name, wrong, change, kept=0, status=1, **how):
    """Return the case of a good export that ``change`` spoils, given its path."""

    def make(folder):
        path = good(folder, reader)
        change(path)
        return words(path, reader)

    return BadInput(reader, name, wrong, make, kept, status, **how)


def file(reader, name, wrong, change, kept=0, status=1, **how):
    """Return the case of a good export whose bytes are changed."""
    return case(
        reader, name, wrong, lambda path: path.write_bytes(change(path.read_bytes())), kept, status,
        **how,
    )  # fmt: skip


def member(reader, name, wrong, inside, change, kept=0, status=1):
    """Return the case of a good zip one of whose files is changed."""
    return file(reader, name, wrong, lambda b: changed(b, inside, change), kept, status)


def without(*names):
    """Return what takes members out of a zip."""

    def take(path):
        with zipfile.ZipFile(path) as archive:
            files = {n: archive.read(n) for n in archive.namelist() if n not in names}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return take


def header(old, new):
    """Return what replaces something in the first line."""

    def change(content):
        assert old in content.split(b"\n", 1)[0], old
        return content.replace(old, new, 1)

    return change


def coco(name, wrong, change, kept=0, status=1):
    """Return the case of a good COCO file whose value is changed."""
    return file(
        COCO, name, wrong, lambda b: json.dumps(change(json.loads(b))).encode(), kept, status
    )


def images(change):
    """Return what changes the first image of a COCO file."""

    def of(value):
        value["images"][0].update(change)
        return value

    return of


def manifest(name, wrong, change, kept, status=0):
    """Return the case of good manifests of which the first is changed."""

    def of(folder):
        path = folder / "0001.json"
        path.write_bytes(change(path.read_bytes()))

    return case(IIIF, name, wrong, of, kept, status)


def value(change):
    """Return what changes a manifest as a value."""
    return lambda content: json.dumps(change(json.loads(content))).encode()


def harvested(name, wrong, file_name, content, kept=0, status=1):
    """Return the case of a harvested search one of whose files is wrong."""

    def make(folder):
        answers = [gbif_answer(one) for one in SPECIMENS]
        path = write_gbif_harvest(folder / "harvest", answers)
        before = (path / file_name).read_bytes()
        (path / file_name).write_bytes(content(before) if callable(content) else content)
        return words(path, GBIF)

    return BadInput(GBIF, name, wrong, make, kept, status)


def self_member(folder):
    """Make a collection of manifests name itself."""
    path = folder / "collection.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    found["items"].append({"id": found["id"], "type": "Collection"})
    path.write_text(json.dumps(found), encoding="utf-8")


ZIPS = [
    one
    for reader in (GBIF, IDIGBIO, NHM)
    for one in (
        file(reader, "empty", "The file has no byte", lambda _: b""),
        file(reader, "cut off", "The end of the zip is missing", lambda b: b[: len(b) * 2 // 3]),
        file(reader, "locked", "Members are locked by a password", encrypted),
        file(reader, "spoilt data", "A hundred bytes of the packed data are wrong",
             lambda b: b[:100] + b"\xaa" * 100 + b[200:]),
    )
]  # fmt: skip

CASES = [
    *ZIPS,
    case(GBIF, "no media", "The table of media is missing", without("multimedia.txt")),
    member(GBIF, "no ids", "The column of ids is missing", "occurrence.txt",
           header(b"gbifID", b"number")),
    member(GBIF, "other capitals", "The column of ids is spelt otherwise", "occurrence.txt",
           header(b"gbifID", b"GBIFid"), N, 0),
    member(GBIF, "a column twice", "Two columns have one name", "occurrence.txt",
           header(b"catalogNumber", b"scientificName"), N, 0),
    member(GBIF, "a row cut off", "The last row of media ends in its midst", "multimedia.txt",
           lambda x: x + b"1\tStillImage", N, 0),
    member(GBIF, "no UTF-8", "A cell is windows-1252", "multimedia.txt",
           lambda x: x.replace("Müller".encode(), b"M\xfcller"), N, 0),
    member(GBIF, "an encoding that is none", "The description says that it is in 'utd-8'",
           "metadata.xml", lambda x: x.replace(b"utf-8", b"utd-8", 1), N, 0),
    member(GBIF, "one line of 20 MB", "A table has no line end", "occurrence.txt",
           lambda x: x + b"9" * (20 << 20)),
    harvested("a harvest with a line cut off", "A line of the harvest is no JSON",
              "occurrences.jsonl", lambda b: b + b'{"key": 1', N, 0),
    harvested("a harvest with lists for objects", "A line of the harvest is a list, one a number",
              "occurrences.jsonl", lambda b: b + b'[1]\n7\n"x"\nnull\n', N, 0),
    harvested("a harvest nested deeply", "A line holds a hundred thousand brackets",
              "occurrences.jsonl", lambda b: b + b"[" * 100_000 + b"\n", N, 0),
    harvested("a broken search", "What was asked is no JSON", "search.json", b"{"),
    harvested("broken data sets", "What is to be cited is a list", "datasets.json", b"[1]"),
    case(IDIGBIO, "no media", "The table of media is missing", without("multimedia.csv")),
    member(IDIGBIO, "no addresses", "The column of addresses is missing", "multimedia.csv",
           header(b"ac:accessURI", b"nothing")),
    member(IDIGBIO, "other capitals", "The column of ids is spelt otherwise", "multimedia.csv",
           header(b"coreid", b"CoreID"), N, 0),
    member(IDIGBIO, "a quote that never closes", "A quotation mark is opened at the end",
           "occurrence.csv", lambda x: x + b'"open\n', N, 0),
    case(NHM, "no media", "The table of media is missing", without("multimedia.csv")),
    member(NHM, "no ids", "The column of ids is missing", "multimedia.csv",
           header(b"_id", b"number")),
    member(NHM, "a row cut off", "The last row ends in its midst", "multimedia.csv",
           lambda x: x + b'"1","Still', N, 0),
    file(BHL, "empty", "The file has no byte", lambda _: b""),
    file(BHL, "header alone", "There is no row", lambda b: b.split(b"\n", 1)[0] + b"\n"),
    file(BHL, "no column of pages", "The column of ids is missing",
         lambda b: b.replace(b"PageID", b"Number", 1)),
    file(BHL, "commas", "Cells are separated by commas",
         lambda b: b.replace(b",", b" ").replace(b"\t", b",")),
    file(BHL, "a row of another width that is no UTF-8", "A row is cut off within windows-1252",
         lambda b: b + b"3\t77\tf\xfcnf\r\n", N, 0),
    file(BHL, "ids of no number", "Page ids are words, negative, and too large",
         lambda b: b + b"".join(b"%s\t77\t3\t1896\tv\t\tPlate\tIV\tIllustration\r\n" % one
                                for one in (b"x", b"-1", b"9" * 30, b"1e5", b"")), N, 0),
    file(BHL, "NUL bytes", "A cell holds NUL",
         lambda b: b.replace(b"v.2", b"v\x002"), N, 0),
    file(BHL, "one line of 20 MB", "The table has no line end", lambda b: b + b"9" * (20 << 20)),
    file(COCO, "empty", "The file has no byte", lambda _: b""),
    file(COCO, "cut off", "The file ends in its midst", lambda b: b[: len(b) // 2]),
    file(COCO, "a list", "It is JSON, but no object", lambda _: b"[1, 2]"),
    file(COCO, "nested deeply", "An entry is nested five thousand deep",
         lambda _: b'{"images": [{"id": 1, "x": ' + b"[" * 5000),
    file(COCO, "a number of 5,000 digits", "An id has five thousand digits",
         lambda _: b'{"images": [{"id": ' + b"9" * 5000 + b"}]}"),
    file(COCO, "no UTF-8", "A text is windows-1252",
         lambda b: b.replace("Müller".encode(), b"M\xfcller")),
    coco("no images", "There is no list of images", lambda v: v.pop("images") and v),
    coco("images that are none", "Entries are numbers, texts, lists and null",
         lambda v: v | {"images": [*v["images"], 1, "x", [], None, {}]}, N, 0),
    coco("half a character", "A text holds half of a pair", images({"photographer": "x\ud83e"}),
         N, 0),
    coco("members that differ in capitals", "Members are called 'License' and 'license'",
         images({"License": 7, "LICENSE": 8}), N, 0),
    coco("names of our own columns", "Members are called as ours are",
         images({"media_id": "x", "specimen_id": "y", "row:number": 1, "accessURI": "z"}), N, 0),
    coco("a file that leads out", "An image is called '../../../canary'",
         images({"file_name": "../../../canary"}), N - 1, 0),
    coco("objects for texts", "A file name is an object", images({"file_name": {"x": 1}}), N, 0),
    coco("ids of every kind", "Ids are texts, true, decimals",
         lambda v: v | {"images": [*v["images"], {"id": True, "file_name": "images/a.gif"},
                                   {"id": 1.5, "file_name": "images/b.gif"}]}, N + 2, 0),
    manifest("empty", "A manifest has no byte", lambda _: b"", N - 1),
    manifest("a web page", "A log-in page was saved as a manifest",
             lambda _: b"<!DOCTYPE html><p>Log in", N - 1),
    manifest("cut off", "A manifest ends in its midst", lambda b: b[: len(b) // 2], N - 1),
    manifest("a list", "It is JSON, but no object", lambda _: b"[]", N - 1),
    manifest("nested deeply", "It is nested a hundred thousand deep", lambda _: b"[" * 100_000,
             N - 1),
    manifest("half a character", "A text holds half of a pair",
             lambda b: b.replace(b'Photographer"}', b'x\\ud83e"}').replace(b"A. P", b"\\ud83e P"),
             N),
    manifest("no id", "The manifest has no id", value(lambda v: v.pop("@id") and v), N - 1),
    manifest("numbers for everything", "Labels, ids and lists are numbers",
             value(lambda v: v | {"label": 7, "metadata": 3, "sequences": 9, "license": 1.5}),
             N - 1),
    manifest("null for everything", "Labels, ids and lists are null",
             value(lambda v: dict.fromkeys(v) | {"@id": v["@id"], "@type": v["@type"]}), N - 1),
    manifest("labels that differ in capitals", "Pairs are called 'Locus' and 'locus'",
             value(lambda v: v | {"metadata": [*v["metadata"], {"label": "Locus", "value": "a"},
                                               {"label": "locus", "value": "b"}]}), N),
    manifest("names of our own columns", "Pairs are called as our columns are",
             value(lambda v: v | {"metadata": [
                 *v["metadata"], *({"label": one, "value": "x"} for one in (
                     "media_id", "specimen_id", "original_file", "accessURI", "year_from",
                     "row:number", "", " ", "\n"))]}), N),
    manifest("an address that is none", "The image lies at 'http://['",
             lambda b: b.replace(b"https://images.example.org/K0001.gif", b"http://["), N),
    manifest("no address of the web", "The image lies at file:///etc/passwd",
             lambda b: b.replace(b"https://images.example.org/K0001.gif", b"file:///etc/passwd"),
             N),
    case(IIIF, "a collection that names itself", "The collection is a member of itself",
         self_member, N, 0),
    case(IIIF, "a manifest that is a folder", "A folder is called 'x.json'",
         lambda p: (p / "x.json").mkdir(), N, 0),
    case(IIIF, "a link to nowhere", "A file is a link that leads to nothing",
         lambda p: (p / "x.json").symlink_to("nowhere"), N, 0),
]  # fmt: skip
