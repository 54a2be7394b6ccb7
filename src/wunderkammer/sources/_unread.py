"""Files that people have pictures and tables in, and that are not read: what to make of them."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple


class Unread(NamedTuple):
    """What a file is, and what to do about it."""

    what: str
    hint: str


_RAW = Unread(
    "a raw file of a camera",
    "Develop it: export it as JPEG or TIFF, and keep the original elsewhere.",
)
_PHONE = Unread(
    "HEIC, in which phones keep photographs",
    "Export it as JPEG (or set the phone to 'most compatible'), and keep the original elsewhere.",
)
_PDF = Unread(
    "a PDF",
    "Write its pages as images into a folder, such as with 'pdftoppm -r 300 -jpeg book.pdf page', "
    "and begin from the folder.",
)
_DJVU = Unread(
    "a DjVu", "Write its pages as images into a folder, such as with ddjvu, and begin from there."
)
_DRAWING = Unread("a drawing without pixels", "Export it as PNG.")
_WORKBOOK = Unread("a workbook of another kind", "Save it as .xlsx or .csv.")
_DOCUMENT = Unread("a text document", "Save its table as .xlsx or .csv.")
_PACKED = Unread("packed", "Unpack it, and begin from the folder.")

PICTURES = MappingProxyType(
    {
        **dict.fromkeys((".heic", ".heif", ".hif"), _PHONE),
        **dict.fromkeys(
            (
                ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dng", ".iiq", ".nef", ".nrw", ".orf",
                ".pef", ".raf", ".raw", ".rw2", ".srw", ".x3f",
            ),
            _RAW,
        ),
        ".pdf": _PDF,
        ".djvu": _DJVU,
        ".svg": _DRAWING,
        ".jxl": Unread("JPEG XL", "Export it as JPEG or TIFF."),
        ".psd": Unread("a file of Photoshop", "Export it as JPEG or TIFF."),
    }
)  # fmt: skip
"""By the endings, in lower case, of files that hold pictures."""

_TABLES = MappingProxyType(
    {
        **dict.fromkeys((".xls", ".xlsb", ".ods", ".numbers"), _WORKBOOK),
        **dict.fromkeys((".doc", ".docx", ".odt", ".rtf"), _DOCUMENT),
        **dict.fromkeys((".7z", ".rar", ".gz", ".bz2", ".xz"), _PACKED),
        ".mdb": Unread("a database", "Export its table as .csv."),
        ".accdb": Unread("a database", "Export its table as .csv."),
        ".fmp12": Unread("a database", "Export its table as .csv or .xlsx."),
    }
)


def unread(name: str) -> Unread | None:
    """Return what a file is that is not read, by its name; None for any other.

    Examples
    --------
    >>> unread("IMG_0815.HEIC").what
    'HEIC, in which phones keep photographs'
    """
    ending = PurePosixPath(name).suffix.casefold()
    return PICTURES.get(ending) or _TABLES.get(ending)
