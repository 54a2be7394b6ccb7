"""What a data set is, from whom and under which licence, in EML as GBIF reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from wunderkammer.core.configuration import About
from wunderkammer.vocab.licences import licence

FILE = "eml.xml"
_EML = "https://eml.ecoinformatics.org/eml-2.2.0"
_ACCEPTED = {
    "CC0-1.0": ("http://creativecommons.org/publicdomain/zero/1.0/legalcode",
                "Creative Commons CCZero (CC0) 1.0 License"),
    "CC-BY-4.0": ("http://creativecommons.org/licenses/by/4.0/legalcode",
                  "Creative Commons Attribution (CC-BY) 4.0 License"),
    "CC-BY-NC-4.0": ("http://creativecommons.org/licenses/by-nc/4.0/legalcode",
                     "Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License"),
}  # fmt: skip
"""Licences under which GBIF takes a data set, with the address and words it knows them by."""


class DataSet(NamedTuple):
    """What is described.

    Attributes
    ----------
    about : About
        Title, texts, publisher, contact.
    date : str
        ISO 8601 day of the last change.
    licence : str
        Of the records; empty: the one that all media share, where GBIF takes it.
    media_licences : mapping
        Licences of the media by name and address, with how many have each.
    """

    about: About
    date: str
    licence: str
    media_licences: Mapping[tuple[str, str], int]

    def spdx(self) -> str:
        """Return which of the licences that GBIF takes it is; empty if none."""
        stated = self.licence
        if not stated and len(self.media_licences) == 1:
            [(name, url)] = self.media_licences
            stated = url or name
        found = licence(stated).spdx if stated else None
        return found if found in _ACCEPTED else ""


def eml(data: DataSet) -> bytes:
    """Return a description in EML 2.2, with GBIF's own words where it has such."""
    about = data.about
    digest = hashlib.sha256(f"{about.title}\x1f{data.date}".encode()).hexdigest()[:16]
    root = ET.Element("eml:eml", {
        "xmlns:eml": _EML, "xmlns:dc": "http://purl.org/dc/terms/",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{_EML} https://rs.gbif.org/schema/eml-gbif-profile/1.3/eml.xsd",
        "packageId": digest, "system": "wunderkammer", "scope": "system", "xml:lang": "en",
    })  # fmt: skip
    part = ET.SubElement(root, "dataset")
    _text(part, "title", about.title or "Untitled collection")
    for kind in ("creator", "metadataProvider"):
        _agent(part, kind, about)
    _text(part, "pubDate", data.date)
    _text(part, "language", about.language or "en")
    _para(part, "abstract", about.description or about.title)
    _rights(part, data)
    if about.website:
        online = ET.SubElement(ET.SubElement(part, "distribution"), "online")
        _text(online, "url", about.website).set("function", "information")
    _agent(part, "contact", about)
    if about.citation:
        more = ET.SubElement(ET.SubElement(root, "additionalMetadata"), "metadata")
        _text(ET.SubElement(more, "gbif"), "citation", about.citation)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _rights(part: ET.Element, data: DataSet) -> None:
    """Say the licence of the records, and those of the media."""
    rights = ET.SubElement(part, "intellectualRights")
    para = ET.SubElement(rights, "para")
    spdx = data.spdx()
    if spdx:
        address, words = _ACCEPTED[spdx]
        para.text = "This work is licensed under a "
        link = ET.SubElement(para, "ulink", url=address)
        _text(link, "citetitle", words)
        link.tail = "."
    else:
        para.text = data.licence or "Each record and each medium has a licence of its own."
    mix = "; ".join(
        f"{name}{f' ({url})' if url else ''}: {n:,}"
        for (name, url), n in data.media_licences.items()
    )
    _text(rights, "para", f"Licences of the media: {mix}.")


def _agent(part: ET.Element, kind: str, about: About) -> None:
    """Add who made it, or whom to ask."""
    agent = ET.SubElement(part, kind)
    _text(agent, "organizationName", about.publisher or about.title or "Unknown")
    if "@" in about.contact and "//" not in about.contact:
        _text(agent, "electronicMailAddress", about.contact)
    address = about.contact if "//" in about.contact else about.website
    if address:
        _text(agent, "onlineUrl", address)


def _para(part: ET.Element, tag: str, text: str) -> None:
    element = ET.SubElement(part, tag)
    for paragraph in (text or "").split("\n\n"):
        _text(element, "para", " ".join(paragraph.split()))


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = text
    return element
