"""What a Darwin Core archive's ``meta.xml`` says about its files."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.sources._archive import DESCRIPTOR, Archive, is_safe
from wunderkammer.sources._delimited import Dialect, Row, find_dialect, read_rows, unique_names
from wunderkammer.sources._images import is_image_name
from wunderkammer.vocab.audiovisual_core import is_media_row
from wunderkammer.vocab.darwin_core import short_name, term_of

_LARGEST_DESCRIPTOR = 10 * 2**20
_ESCAPES = (("\\t", "\t"), ("\\r", "\r"), ("\\n", "\n"), ("\\f", "\f"), ('\\"', '"'), ("\\'", "'"))
_DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """A term of a file: its address, its column (None if it has only a default)."""

    term: str
    index: int | None
    default: str = ""


@dataclass(frozen=True, slots=True)
class FileDescription:
    """A data file of an archive, or several that follow each other.

    Attributes
    ----------
    locations : tuple of str
        Paths in the archive.
    row_type : str
        Address of what a row is, such as ``…/terms/Occurrence``; may be empty.
    id_index : int or None
        Column of the core's id (in the core) or of the core row it belongs to.
    fields : tuple of FieldDescription
        In the order of ``meta.xml``.
    dialect : Dialect
        How the text is written.
    n_header_lines : int
        Lines to pass over at the beginning of each file.
    """

    locations: tuple[str, ...]
    row_type: str
    id_index: int | None
    fields: tuple[FieldDescription, ...]
    dialect: Dialect
    n_header_lines: int

    @property
    def names(self) -> list[str]:
        """Short names of the terms, made different from each other."""
        return unique_names(short_name(field.term) for field in self.fields)

    @property
    def width(self) -> int:
        """Columns that a row needs at least."""
        used = [field.index for field in self.fields if field.index is not None]
        return max([*used, self.id_index if self.id_index is not None else -1]) + 1


@dataclass(frozen=True, slots=True)
class ArchiveDescription:
    """The core of an archive and those of its extensions that describe media."""

    core: FileDescription
    media: tuple[FileDescription, ...]


def describe(archive: Archive) -> ArchiveDescription:
    """Return what an archive holds.

    Parameters
    ----------
    archive : Archive
        With a ``meta.xml``; without one it must hold a single table whose
        headers are terms.

    Raises
    ------
    SourceError
        If ``meta.xml`` is damaged, holds a document type (entities are never
        expanded), names files that are missing or lead out of the archive; or
        if it is missing and the archive holds several files.
    """
    if DESCRIPTOR not in archive.names:
        return ArchiveDescription(_simple(archive), ())
    root = _parse(archive)
    core = root.find("core")
    if core is None:
        raise _wrong(archive, "it describes no core", "The archive needs a <core> element.")
    media = [
        _file(archive, element, "coreid")
        for element in root.findall("extension")
        if is_media_row(element.get("rowType", ""))
    ]
    return ArchiveDescription(_file(archive, core, "id"), tuple(media))


def _wrong(archive: Archive, what: str, hint: str = "") -> SourceError:
    return SourceError(f"{DESCRIPTOR} of '{archive.path.name}': {what}.", hint=hint)


def _parse(archive: Archive) -> ET.Element:
    """Return the tree of ``meta.xml`` without name spaces; refuse document types."""
    with archive.open(DESCRIPTOR) as stream:
        content = stream.read(_LARGEST_DESCRIPTOR + 1)
    if len(content) > _LARGEST_DESCRIPTOR:
        raise _wrong(archive, f"it is larger than {_LARGEST_DESCRIPTOR >> 20} MiB")

    def refuse(*_: object) -> None:
        raise _wrong(
            archive,
            "it holds a document type or entities, which are not read",
            "Remove the <!DOCTYPE …> part; Darwin Core archives need none.",
        )

    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: builder.start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: builder.end(_local(tag))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content.lstrip(), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _wrong(
            archive,
            f"it is no well-formed XML: {error}",
            "A quotation mark within an attribute is written &quot;.",
        ) from None
    return builder.close()


def _local(tag: str) -> str:
    return tag.rsplit(" ", 1)[-1]


def _file(archive: Archive, element: ET.Element, id_tag: str) -> FileDescription:
    """Return the description in a <core> or <extension> element."""
    kind = element.get("rowType", "") or element.tag
    key = element.find(id_tag)
    index = _index(archive, key) if key is not None else None
    if index is None and id_tag == "coreid":
        raise _wrong(archive, f"the extension {short_name(kind)} has no <coreid index=…>")
    locations = tuple(_locations(archive, element, kind))
    described = FileDescription(
        locations=locations,
        row_type=element.get("rowType", ""),
        id_index=index,
        fields=tuple(_field(archive, found) for found in element.findall("field")),
        dialect=_dialect(archive, element, locations[0]),
        n_header_lines=_number(archive, element.get("ignoreHeaderLines") or "0"),
    )
    if not described.fields:
        raise _wrong(archive, f"the file {locations[0]} has no <field>")
    return described


def _locations(archive: Archive, element: ET.Element, kind: str) -> Iterator[str]:
    written = [(found.text or "").strip() for found in element.iterfind("./files/location")]
    if not any(written):
        raise _wrong(archive, f"{short_name(kind)} names no file in <files><location>")
    folded = {name.casefold(): name for name in archive.names}
    for name in written:
        if not is_safe(name):
            raise _wrong(archive, f"the location '{name}' leads out of the archive")
        plain = name.removeprefix("./")
        if plain.casefold() not in folded:
            raise SourceError(
                f"{DESCRIPTOR} of '{archive.path.name}' names the file '{name}', "
                "which is not in the archive.",
                hint=nearest(plain, archive.names[:50]),
            )
        yield plain if plain in archive.names else folded[plain.casefold()]


def _number(archive: Archive, text: str) -> int:
    if not text.strip().isdecimal():
        raise _wrong(archive, f"'{text}' stands where a number should")
    return int(text)


def _index(archive: Archive, element: ET.Element) -> int | None:
    text = element.get("index")
    return _number(archive, text) if text else None


def _field(archive: Archive, element: ET.Element) -> FieldDescription:
    term = element.get("term", "").strip()
    if not term:
        raise _wrong(archive, "a <field> has no term")
    return FieldDescription(term, _index(archive, element), element.get("default", ""))


def _unescaped(written: str | None, default: str) -> str:
    r"""Return an attribute such as ``\t`` as the character it stands for."""
    if not written:
        return default
    for escape, character in _ESCAPES:
        written = written.replace(escape, character)
    return written


def _dialect(archive: Archive, element: ET.Element, location: str) -> Dialect:
    r"""Return how a file is written, set right where XML or habit spoil the statement.

    A tab or line end written plainly in an attribute reaches us as a space, and
    ``\r\n`` is declared for files with ``\n``: the first lines decide.
    """
    encoding = element.get("encoding", "").strip() or "utf-8"
    with archive.open(location) as stream:
        try:
            head = stream.read(1 << 16).decode(encoding, "replace")
        except LookupError:
            raise _wrong(
                archive, f"no encoding is called '{encoding}'", "Usual are UTF-8 and windows-1252."
            ) from None
    delimiter = _unescaped(element.get("fieldsTerminatedBy"), "\t")
    if not delimiter.strip(" ") and "\t" in head:
        delimiter = "\t"
    terminator = _unescaped(element.get("linesTerminatedBy"), "\n")
    if terminator not in head or not terminator.strip(" "):
        terminator = next((end for end in ("\r\n", "\n", "\r") if end in head), "\n")
    quote = _unescaped(element.get("fieldsEnclosedBy"), "")
    if len(quote) > 1 or (quote and len(delimiter) > 1):
        raise _wrong(
            archive, f"fieldsEnclosedBy '{quote}' with fieldsTerminatedBy '{delimiter}' is not read"
        )
    if encoding.casefold().replace("_", "-") in {"utf-8", "utf8"}:
        encoding = "utf-8-sig"  # a byte order mark is no part of the first header
    return Dialect(encoding, delimiter, quote, terminator)


def _simple(archive: Archive) -> FileDescription:
    """Return the description of the only table of an archive without ``meta.xml``."""
    tables = [name for name in archive.names if _may_be_data(name)]
    if len(tables) != 1:
        found = ", ".join(tables[:10]) or "nothing"
        hint = f"Add a {DESCRIPTOR} that says which file is the core."
        n_images = sum(map(is_image_name, archive.names))
        if n_images and not tables:
            found = f"{n_images:,} images and no table"
            hint = "Unpack it, and begin from the folder."
        elif not tables and archive.names:
            found = f"none: {', '.join(sorted(archive.names)[:10])}"
            hint = "Unpack it, and begin from the table in it."
        raise SourceError(
            f"the archive '{archive.path.name}' has no {DESCRIPTOR}, so it must hold one table "
            f"alone (and EML.xml at most); it holds {found}.",
            hint=hint,
        )

    dialect = find_dialect(lambda: archive.open(tables[0]))
    with archive.open(tables[0]) as stream:
        first = next(read_rows(stream, dialect), None)
    header = first.cells if isinstance(first, Row) else []
    if not header:
        raise SourceError(
            f"the table '{tables[0]}' of '{archive.path.name}' has no header.",
            hint="Its first row must name the columns; export it again.",
        )
    fields = tuple(FieldDescription(term_of(name) or name, n) for n, name in enumerate(header))
    return FileDescription((tables[0],), "", None, fields, dialect, 1)


def _may_be_data(name: str) -> bool:
    if "/" in name:
        return False
    return name.casefold() != "eml.xml" and (
        name.casefold().endswith(_DATA_SUFFIXES) or "." not in name or name.endswith(".xml")
    )
