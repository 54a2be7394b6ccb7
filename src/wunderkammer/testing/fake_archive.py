"""What the makers of tiny archives share: specimens that never were, and the archive itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wunderkammer.sources import Source

ONE_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A whole GIF of one pixel: the smallest image there is."""

CC_BY = "http://creativecommons.org/licenses/by/4.0/"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"


@dataclass(frozen=True, slots=True)
class Specimen:
    """A specimen that never was, with the address and file name of its photograph."""

    catalog_number: str
    scientific_name: str
    event_date: str = "1979-02-03"
    license: str = CC_BY
    creator: str = "A. Photographer"
    remarks: str = ""

    @property
    def file(self) -> str:
        """Name of its photograph."""
        letters = "".join(letter for letter in self.catalog_number if letter.isalnum())
        return f"{letters}.gif"

    @property
    def address(self) -> str:
        """Address of its photograph; nobody answers there."""
        return f"https://images.example.org/{self.file}"


SPECIMENS = (
    Specimen("K.0001", "Parnassius apollo (Linnaeus, 1758)", remarks='on "snow", early'),
    Specimen("K.0002", "Papilio machaon Linnaeus, 1758", "1912-11/1912-12", CC0),
    Specimen("K.0003", "Pieris rapae", "", CC0, "Müller, Ö.", "two\nlines; a tab\there"),
    Specimen("K.0010", "Zygæna sp.", "ca. 1890"),
)
"""Specimens with names, dates and remarks as awkward as in collections."""


@dataclass(frozen=True, slots=True)
class FakeArchive:
    """An archive on disk and what is known about it.

    Attributes
    ----------
    source : Source
        Ready to read it.
    n_rows : int
        Rows, each of which must become a record or be rejected with a reason.
    n_records : int
        Rows that are good.
    has_licences : bool
        Whether this kind of source can state a licence.
    """

    source: Source
    n_rows: int
    n_records: int
    has_licences: bool = True


Maker = Callable[[Path, Sequence[Specimen]], FakeArchive]
"""Writes an archive of specimens into an empty folder."""


def write_images(folder: Path, specimens: Sequence[Specimen]) -> None:
    """Write a one-pixel photograph of each specimen into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for specimen in specimens:
        (folder / specimen.file).write_bytes(ONE_PIXEL)
