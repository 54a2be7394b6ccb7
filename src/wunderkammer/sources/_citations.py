"""How a download of GBIF is to be cited, and each of its data sets."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers import expat

from wunderkammer.sources._archive import Archive
from wunderkammer.vocab.dates import parse_date, pretty

METADATA = "metadata.xml"
"""What GBIF says of the download."""

_FOLDER = "dataset"
_LARGEST = 10 * 2**20
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class Described:
    """What a description in EML says.

    Attributes
    ----------
    title, day : str
        As written; empty where it says nothing.
    citation : str
        With the address of its DOI, if the text does not hold that already.
    """

    title: str = ""
    citation: str = ""
    day: str = ""


def read_eml(archive: Archive, member: str) -> Described:
    """Return what a description in EML says; nothing if it is damaged.

    Document types are not read, so entities are never expanded.
    """
    with archive.open(member) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        return Described()
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, named: builder.start(_local(tag), named)
    parser.EndElementHandler = lambda tag: builder.end(_local(tag))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content.lstrip(), True)
        root = builder.close()
    except (expat.ExpatError, LookupError, ValueError, _RefusedError, AssertionError):
        return Described()
    gbif = root.find("./additionalMetadata/metadata/gbif")
    return Described(
        _text(root.find("./dataset/title")),
        _cited(gbif.find("citation") if gbif is not None else None),
        _text(root.find("./dataset/pubDate"))
        or _text(gbif.find("dateStamp") if gbif is not None else None)[:10],
    )


class _RefusedError(Exception):
    """The description has a document type."""


def _refuse(*_: object) -> None:
    raise _RefusedError


def _local(tag: str) -> str:
    return tag.rsplit(" ", 1)[-1]


def _cited(element: ET.Element | None) -> str:
    """Return the text of a citation with the address of its DOI."""
    text = _text(element)
    doi = _DOI.search(element.get("identifier", "")) if element is not None else None
    if not text or doi is None or doi[0].casefold() in text.casefold():
        return text
    return f"{text.rstrip('.')}. https://doi.org/{doi[0]}"


def _text(element: ET.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def citation_of_download(archive: Archive) -> str:
    """Return how a download as a whole is to be cited; empty if it does not say.

    GBIF names a download ``GBIF Occurrence Download <DOI>`` and asks to have it
    cited with its date and the address of its DOI.
    """
    if METADATA not in archive.names:
        return ""
    said = read_eml(archive, METADATA)
    doi = _DOI.search(said.title)
    if doi is None:
        return said.citation or said.title
    span = parse_date(said.day)
    when = f" ({pretty(span)})" if span is not None else ""
    return f"GBIF.org{when} GBIF Occurrence Download https://doi.org/{doi[0]}"


def citations_of_datasets(archive: Archive) -> Mapping[str, str]:
    """Return how each data set of a download is to be cited, by its key."""
    found = {}
    for member in archive.names:
        path = PurePosixPath(member)
        if path.suffix == ".xml" and path.parent.name == _FOLDER:
            said = read_eml(archive, member)
            if said.citation or said.title:
                found[path.stem] = said.citation or said.title
    return found
