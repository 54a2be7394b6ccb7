"""The tables of a Darwin Core archive: text files and what meta.xml says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Self
from xml.etree import ElementTree as ET

META = "meta.xml"
_NAMESPACE = "http://rs.tdwg.org/dwc/text/"
_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
"""What would end a cell or a line for some reader."""


class ArchiveTable:
    """One text file of an archive: tab-separated, UTF-8, an id in its first column.

    Parameters
    ----------
    folder : Path
    file, row_type : str
        Name of the file, and the address of what a row is.
    terms : mapping of str to str
        Address of each further column, by the name its cells are given under. Two names may
        not share an address.
    """

    def __init__(self, folder: Path, file: str, row_type: str, terms: Mapping[str, str]) -> None:
        self.file, self.row_type = file, row_type
        self.terms = dict(terms)
        self.n_rows = 0
        self._path = folder / file
        self._out: IO[str]

    def __enter__(self) -> Self:
        """Begin the file with its head."""
        self._out = self._path.open("w", encoding="utf-8", newline="")
        self._line(["id", *(address.rpartition("/")[2] for address in self.terms.values())])
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; one without rows goes."""
        self._out.close()
        if not self.n_rows:
            self._path.unlink()

    def write(self, core_id: str, cells: Mapping[str, object]) -> None:
        """Write a row; a tab or an end of line within a cell becomes a blank."""
        texts = (cells.get(name) for name in self.terms)
        self._line([core_id, *("" if one is None else str(one) for one in texts)])
        self.n_rows += 1

    def _line(self, cells: Iterable[str]) -> None:
        self._out.write("\t".join(_BREAKS.sub(" ", one) for one in cells) + "\n")


def write_meta(folder: Path, core: ArchiveTable, extensions: Sequence[ArchiveTable]) -> None:
    """Write meta.xml, which says what each file and column is."""
    archive = ET.Element("archive", xmlns=_NAMESPACE, metadata="eml.xml")
    for table in (core, *(one for one in extensions if one.n_rows)):
        kind, key = ("core", "id") if table is core else ("extension", "coreid")
        part = ET.SubElement(
            archive, kind, encoding="UTF-8", fieldsTerminatedBy="\\t", linesTerminatedBy="\\n",
            fieldsEnclosedBy="", ignoreHeaderLines="1", rowType=table.row_type,
        )  # fmt: skip
        ET.SubElement(ET.SubElement(part, "files"), "location").text = table.file
        ET.SubElement(part, key, index="0")
        for index, address in enumerate(table.terms.values(), start=1):
            ET.SubElement(part, "field", index=str(index), term=address)
    ET.indent(archive)
    text: bytes = ET.tostring(archive, encoding="UTF-8", xml_declaration=True)
    (folder / META).write_bytes(text + b"\n")
