"""Darwin Core archives that are wrong, and what packs them."""

import io
import tarfile
import zipfile

from bad_inputs.case import BadInput
from bad_inputs.tables import ENTITIES, changed
from wunderkammer.testing.archives import make_dwca
from wunderkammer.testing.fake_archive import SPECIMENS

READER = "Darwin Core archives"
N = len(SPECIMENS)
BOMB = 300 << 20
TEXT = b"id,associatedMedia\n1,http://x.org/1.jpg\n2,http://x.org/2.jpg\n"


def words(path):
    """Return the words that name an archive."""
    return ["--from", str(path), "--source", "dwca"]


def whole(folder):
    """Return the bytes of a good archive."""
    return make_dwca(folder).source.path.read_bytes()


def written(folder, content, name="dwca.zip"):
    """Write an archive and return the words that name it."""
    (folder / name).write_bytes(content)
    return words(folder / name)


def damaged(name, wrong, change, kept=0, status=1):
    """Return the case of a good archive whose bytes are changed."""
    return BadInput(READER, name, wrong, lambda f: written(f, change(whole(f))), kept, status)


def inside(name, wrong, member, change, kept=0, status=1):
    """Return the case of a good archive one of whose files is changed."""
    return damaged(name, wrong, lambda b: changed(b, member, change), kept, status)


def meta(name, wrong, old, new, kept=0, status=1):
    """Return the case of a good archive in whose ``meta.xml`` something is replaced."""
    return inside(name, wrong, "meta.xml", lambda x: _replaced(x, old, new), kept, status)


def _replaced(content, old, new):
    assert old in content, old
    return content.replace(old, new)


def added(name, wrong, members, kept=0, status=1, **how):
    """Return the case of a good archive with further members."""

    def make(folder):
        path = make_dwca(folder).source.path
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members:
                archive.writestr(member, content)
        return words(path)

    return BadInput(READER, name, wrong, make, kept, status, **how)


def link(name, target, *, kind=0o120777):
    """Return a member of a zip that is a link, and what it leads to."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, kind << 16
    return info, target


def tarred(members):
    """Return the bytes of a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content) if content else None)
    return out.getvalue()


def member(name, content=b"", kind=tarfile.REGTYPE, target=""):
    """Return a member of a tar."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, target
    return info, content


def claiming(name, n_bytes):
    """Return a member of a tar that says how long it is, and is not."""
    info = tarfile.TarInfo(name)
    info.size = n_bytes
    return info


def tar(name, wrong, members, kept=0, status=1):
    """Return the case of a tar."""
    return BadInput(
        READER, name, wrong, lambda f: written(f, tarred(members), "a.tar.gz"), kept, status
    )


def folder(name, wrong, make, kept=0, status=1):
    """Return the case of an archive that is a folder."""

    def written_out(given):
        with zipfile.ZipFile(make_dwca(given).source.path) as archive:
            archive.extractall(given / "out")
        make(given / "out")
        return words(given / "out")

    return BadInput(READER, name, wrong, written_out, kept, status)


def outside(given):
    """Put a table outside of an archive and a link to it inside."""
    (given.parent / "secret.csv").write_bytes((given / "occurrence.csv").read_bytes())
    (given / "occurrence.csv").unlink()
    (given / "occurrence.csv").symlink_to("../secret.csv")


def looped(given):
    """Put links that lead to themselves into an archive."""
    (given / "loop").symlink_to(given)
    (given / "self.txt").symlink_to("self.txt")


def encrypted(content):
    """Return a zip whose members say that they are locked."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 8] |= 1
        at += 4
    return bytes(out)


def lying(content):
    """Return a zip that says of its members that they are longer than they are."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (1 << 20).to_bytes(4, "little")
        at += 4
    return bytes(out)


def huge_claims(content):
    """Return a zip whose directory claims four gigabytes of each member."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
        at += 4
    return bytes(out)


CASES = [
    damaged("empty", "The archive has no byte", lambda _: b""),
    damaged("cut off", "The last third of the zip is missing", lambda b: b[: len(b) * 2 // 3]),
    damaged("spoilt data", "A hundred bytes of the packed data are wrong",
            lambda b: b[:100] + b"\xaa" * 100 + b[200:]),
    damaged("spoilt directory", "The list of members is wrong",
            lambda b: b.replace(b"PK\x01\x02", b"PK\x01\x03")),
    damaged("an odd way of packing", "Members are packed by a method that is not known",
            lambda b: b.replace(b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0",
                                b"PK\x01\x02\x14\x03\x14\0\0\0\x61\0")),
    damaged("locked", "Members are locked by a password", encrypted),
    damaged("lying lengths", "The zip says that members are longer than they are", lying, N, 0),
    damaged("claims of gigabytes", "The zip says that members have 4 GB each", huge_claims),
    damaged("a web page", "A log-in page was saved as the archive",
            lambda _: b"<!DOCTYPE html><p>Log in</p>"),
    damaged("junk before", "Bytes stand before the zip, as mail programs put them",
            lambda b: b"junk" * 99 + b, N, 0),
    added("a path that leads out", "A member is called '../../../evil.txt'",
          [("../../../evil.txt", b"gotcha")]),
    added("an absolute path", "A member is called '/tmp/evil.txt'", [("/tmp/evil.txt", b"x")]),
    added("a path with a drive", "A member is called as on another system",
          [("C:\\evil.txt", b"x")]),
    added("a link in the zip", "A member is a link to /etc/passwd",
          [link("passwd.txt", "/etc/passwd")], N, 0),
    added("the same name twice", "Two members have one name",
          [("multimedia.csv", b"coreid\n")], 0, 1),
    added("two thousand members", "The archive holds two thousand empty files",
          [(f"{n}.txt", b"") for n in range(2_000)], N, 0),
    added("a bomb beside the tables", "A member would unpack to 300 MB of zeros from 300 kB",
          [("bomb.txt", b"\0" * BOMB)], 0, 1, most_mib=900),
    added("a zip within the zip", "A member is an archive itself", [("in.zip", b"PK\x05\x06")],
          N, 0),
    added("names of no text", "The name of a member holds a line end and signs of control",
          [("a\nb\x1b[31m.txt", b"x")], N, 0),
    inside("no core file", "The core is empty", "occurrence.csv", lambda _: b""),
    inside("a core without rows", "The core has a header alone", "occurrence.csv",
           lambda x: x.split(b"\n", 1)[0] + b"\n"),
    inside("wrong counts of cells", "A row of the core lacks its last cells", "occurrence.csv",
           lambda x: x + b"occ:x,K.1\n", N, 0),
    inside("an id twice", "Two rows of the core have one id", "occurrence.csv",
           lambda x: x + x.split(b"\n")[1] + b"\n", N, 0),
    inside("no ids at all", "The column of ids is empty", "occurrence.csv",
           lambda x: b"\n".join(b"," * 6 if n else line
                                for n, line in enumerate(x.split(b"\n")[:3])), 0, 1),
    inside("NUL in ids", "Ids hold NUL and signs of control", "occurrence.csv",
           lambda x: x.replace(b"occ:K.0002", b"occ:\0K\x1b[2J"), N - 1, 0),
    inside("UTF-16 said to be UTF-8", "The text is not in the encoding that meta.xml names",
           "multimedia.csv", lambda x: x.decode().encode("utf-16"), 0, 1),
    inside("windows-1252 said to be UTF-8", "One cell is not UTF-8", "multimedia.csv",
           lambda x: x.replace("Müller".encode(), "Müller".encode("cp1252")), N, 0),
    inside("a quote that never closes", "A quotation mark is opened in a row of the media",
           "multimedia.csv", lambda x: x + b'occ:K.0001,"http://x.org/z.jpg,StillImage\n', N, 0),
    inside("addresses of no web", "Media lie at file:///etc/passwd and javascript:",
           "multimedia.csv",
           lambda x: x.replace(b"https://images.example.org/K0001.gif", b"file:///etc/passwd")
           .replace(b"https://images.example.org/K0002.gif", b"javascript:alert(1)"), N, 0),
    inside("meta.xml cut off", "The description ends in its midst", "meta.xml",
           lambda x: x[: len(x) // 2]),
    inside("meta.xml empty", "The description has no byte", "meta.xml", lambda _: b""),
    inside("entities", "Entities of meta.xml would expand to gigabytes", "meta.xml",
           lambda x: ENTITIES + x.split(b"?>", 1)[1].replace(b"occurrence.csv", b"&j;")),
    inside("an entity from a file", "An entity of meta.xml is /etc/passwd", "meta.xml",
           lambda x: b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
           + x.split(b"?>", 1)[1].replace(b"occurrence.csv", b"&e;")),
    inside("meta.xml of 100 MB", "The description is padded with blanks", "meta.xml",
           lambda x: x + b" " * (100 << 20)),
    inside("meta.xml nested deeply", "Elements stand in each other, a hundred thousand deep",
           "meta.xml", lambda _: b"<a>" * 100_000 + b"</a>" * 100_000),
    inside("an encoding of XML that is none", "The XML says that it is in Klingon", "meta.xml",
           lambda x: x.replace(b'encoding="utf-8"', b'encoding="klingon"', 1)),
    meta("an encoding that is none", "A table is said to be in Klingon",
         b'encoding="UTF-8"', b'encoding="klingon"'),
    meta("a codec that is no encoding", "A table is said to be in 'zip'",
         b'encoding="UTF-8"', b'encoding="zip"'),
    meta("a location that leads out", "meta.xml names '../../../../canary'",
         b"occurrence.csv", b"../../../../canary"),
    meta("a location on the web", "meta.xml names an address", b"occurrence.csv",
         b"http://x.org/occurrence.csv"),
    meta("a location that is not there", "meta.xml names a file that nobody packed",
         b"occurrence.csv", b"occurrences.csv"),
    meta("a column that is not there", "meta.xml speaks of a hundredth column",
         b'<field index="5"', b'<field index="99"'),
    meta("a column of a billion", "meta.xml speaks of column 10^9", b'<field index="5"',
         b'<field index="1000000000"'),
    meta("a column below zero", "meta.xml speaks of column -1", b'<field index="5"',
         b'<field index="-1"'),
    meta("a term twice", "Two columns have one term", b"terms/catalogNumber",
         b"terms/scientificName", N, 0),
    meta("a field without term", "A column has no term", b'term="http://purl.org/dc/terms/type"',
         b"", 0, 1),
    meta("no delimiter", "Nothing stands between cells", b'fieldsTerminatedBy=","',
         b'fieldsTerminatedBy=""'),
    meta("a delimiter that is the quote", "Cells end with what is around them",
         b'fieldsTerminatedBy=","', b'fieldsTerminatedBy="&quot;"'),
    meta("header lines without end", "A billion lines are said to be header",
         b'ignoreHeaderLines="1"', b'ignoreHeaderLines="999999999"'),
    meta("a line end in a cell's place", "Cells end as lines do", b'fieldsTerminatedBy=","',
         b'fieldsTerminatedBy="\\n"'),
    tar("a tar with a path that leads out", "A member is called '../../evil'",
        [member("meta.xml", b"<archive/>"), member("../../evil", b"x")]),
    tar("a tar with links", "Members are links out of it, hard and soft",
        [member("t.csv", TEXT), member("l.txt", kind=tarfile.SYMTYPE, target="/etc/passwd"),
         member("h.txt", kind=tarfile.LNKTYPE, target="../../../../canary")], 2, 0),
    tar("a tar with devices", "Members are a pipe and a device",
        [member("t.csv", TEXT), member("p", kind=tarfile.FIFOTYPE),
         member("z", kind=tarfile.CHRTYPE)], 2, 0),
    tar("a tar that claims terabytes", "A member says that it has 10 TB",
        [member("t.csv", TEXT), (claiming("z.txt", 10 << 40), b"")]),
    BadInput(READER, "a tar cut off", "The end of the gzip is missing",
             lambda f: written(f, tarred([member("t.csv", TEXT * 9999)])[:-400], "a.tar.gz"), 0, 1),
    folder("a folder with a link out of it", "The core is a link to a file outside", outside),
    folder("a folder that leads to itself", "Links lead to the folder and to themselves", looped,
           N, 0),
]  # fmt: skip
