"""Writes drawn pages as a digital library exports them: page tables, and images named by page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from wunderkammer.testing.specimens.archive import jpeg
from wunderkammer.testing.specimens.generator import SpecimenGenerator
from wunderkammer.testing.specimens.specimen import Specimen

FIRST_PAGE = 4_000_001
"""The id of the first page; those after it count on."""

PAGES_AN_ITEM = 40

PAGE_COLUMNS = (
    "PageID", "ItemID", "SequenceOrder", "Year", "Volume", "Issue", "PagePrefix", "PageNumber",
    "PageTypeName",
)  # fmt: skip
ITEM_COLUMNS = ("ItemID", "TitleID", "VolumeInfo", "Year", "HoldingInstitution", "RightsStatus")
TITLE_COLUMNS = ("TitleID", "FullTitle", "StartYear")
TRUTH_COLUMNS = ("PageID", "kind", "quality", "reason")

Row = tuple[str, ...]


def write_tabs(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool = True
) -> Path:
    """Write a tab-separated table as libraries export it: with a byte order mark, CR LF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(row) + "\r\n" for row in (header, *rows)]
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + "".join(lines).encode())
    return path


def write_library(
    folder: Path | str, generator: SpecimenGenerator, n: int, *, jpeg_quality: int = 90
) -> Path:
    """Write ``n`` pages whose catalogue claims that all of them are plates.

    Parameters
    ----------
    folder : path
        Made where it is missing. Gets ``page.txt``, ``item.txt`` and ``title.txt`` (tabs),
        ``images/<page>.jpeg``, and ``truth.csv``: what each page is.
    generator : SpecimenGenerator
        What is drawn; best of the kinds ``plate`` and ``text``.
    n : int
        Pages.
    jpeg_quality : int
        1 to 100.

    Returns
    -------
    Path
        ``page.txt``.

    Notes
    -----
    The same generator gives the same bytes. Each page has one row of the type *Illustration*,
    as if a scanning crew had marked them by the dozen; a page of text with a row of its own
    type stands at the end of each item, for the rule of the source to leave out.
    """
    target = Path(folder)
    (target / "images").mkdir(parents=True, exist_ok=True)
    pages: list[Row] = []
    truth: list[Row] = []
    for place in range(n):
        drawn = generator.specimen(place)
        page = FIRST_PAGE + place
        (target / "images" / f"{page}.jpeg").write_bytes(jpeg(drawn.image, jpeg_quality))
        pages.append(_page(page, place, "Illustration"))
        truth.append((str(page), *_truth(drawn)))
    items = range(-(-n // PAGES_AN_ITEM))
    pages += [_page(FIRST_PAGE + n + item, item * PAGES_AN_ITEM, "Text") for item in items]
    write_tabs(target / "page.txt", PAGE_COLUMNS, pages)
    write_tabs(target / "item.txt", ITEM_COLUMNS, [_item(one) for one in items])
    write_tabs(target / "title.txt", TITLE_COLUMNS, [("1", "Insects of all lands", "1850")])
    with (target / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([TRUTH_COLUMNS, *truth])
    return target / "page.txt"


def _truth(drawn: Specimen) -> Row:
    """Return what a page is, whether it can be used, and why not."""
    return drawn.kind, drawn.quality, drawn.reason


def _page(page: int, place: int, page_type: str) -> Row:
    item, order = divmod(place, PAGES_AN_ITEM)
    prefix = "Plate" if page_type == "Illustration" else "Page"
    return (str(page), str(item + 1), str(order + 1), str(1850 + item), f"v.{item + 1}", "",
            prefix, str(order + 1), page_type)  # fmt: skip


def _item(item: int) -> Row:
    rights = "Public domain. The library considers that this work is no longer protected."
    return (str(item + 1), "1", f"v.{item + 1}", str(1850 + item), "Library of the Museum", rights)
