"""Excel workbooks as rows of text; what is no workbook is refused, whatever breaks over it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from wunderkammer.core.errors import ConfigurationError, SourceError, nearest
from wunderkammer.sources._archive import refuse_bomb
from wunderkammer.sources._delimited import Row
from wunderkammer.sources._tabular import ReadRows, as_text

_PIECE = 1 << 12


def workbook_rows(path: Path, sheet: str) -> tuple[ReadRows, tuple[str, ...]]:
    """Return what reads the rows of a sheet, and the names of all sheets, the one read first.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` or ``.xlsm``.
    sheet : str
        The sheet; the first where empty.

    Raises
    ------
    SourceError
        If it is no workbook, would unpack to no end, or holds entities.
    ConfigurationError
        If it has no such sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_bomb(path, sum(info.file_size for info in archive.infolist()))
            _refuse_entities(archive)
        book = _opened(path)
        names = list(book.sheetnames)
        book.close()
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001  what breaks over a broken book shares no other base
        raise _no_workbook(path, error) from None
    if sheet and sheet not in names:
        raise ConfigurationError(
            f"[source], sheet = '{sheet}': '{path.name}' has no such sheet.",
            hint=nearest(sheet, names),
        )
    if not names:
        raise _no_workbook(path, ValueError("it has no sheet"))
    chosen = sheet or names[0]
    others = (name for name in names if name != chosen)
    return lambda: _rows(path, chosen), (chosen, *others)


def _opened(path: Path) -> Any:
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=True)


def _rows(path: Path, sheet: str) -> Iterator[Row]:
    try:
        book = _opened(path)
        try:
            page = book[sheet]
            page.reset_dimensions()  # the stored size is often wrong
            for number, cells in enumerate(page.iter_rows(), start=1):
                texts = [_cell_text(cell) for cell in cells]
                if any(texts):
                    yield Row(number, texts)
        finally:
            book.close()
    except Exception as error:  # noqa: BLE001  as above; a reader that stops raises no Exception
        raise _no_workbook(path, error) from None


def _no_workbook(path: Path, error: Exception) -> SourceError:
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return SourceError(
        f"the table '{path.name}' cannot be read as an Excel workbook: {said}.",
        hint="Open it, save it again as .xlsx; one with a password, without it.",
    )


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """Refuse a book with a document type: no spreadsheet writes one, and entities may explode."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as stream:
                if _has_document_type(stream):
                    raise ValueError(f"'{name}' holds a document type or entities")


class _Enough(Exception):  # noqa: N818 - it is no error
    """The root element, or a document type, has begun."""

    def __init__(self, *, is_type: bool) -> None:
        self.is_type = is_type


def _has_document_type(stream: IO[bytes]) -> bool:
    def of_type(*_: object) -> None:
        raise _Enough(is_type=True)

    def of_element(*_: object) -> None:
        raise _Enough(is_type=False)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = of_type, of_element
    try:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
    except _Enough as found:
        return found.is_type
    except expat.ExpatError:
        return False  # who reads the sheet says what is wrong
    return False


def _cell_text(cell: Any) -> str:
    """Return a workbook's cell as its reader sees it; zeros that its format adds included."""
    text = as_text(cell.value)
    shown = str(getattr(cell, "number_format", "") or "")
    if shown.strip("0") == "" and len(shown) > 1 and text.isdecimal():
        return text.zfill(len(shown))
    return text
