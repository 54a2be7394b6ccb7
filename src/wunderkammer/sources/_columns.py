"""Which column of a table is what: the file, the address, the identifier, the terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.sources._delimited import unique_names
from wunderkammer.sources._images import is_image_name
from wunderkammer.sources._tabular import Table
from wunderkammer.sources._templates import (
    Filled,
    address_template,
    column,
    known_terms,
    text_template,
)
from wunderkammer.vocab.darwin_core import fold, short_name, term_of

_LISTED = 12
"""Columns that a message names at most."""

FILE_HEADERS = (
    "originalfile", "file", "filename", "imagefile", "imagefilename", "imagename", "imagepath",
    "filepath", "photofile", "path", "image", "img", "photo", "photograph", "picture", "media",
)  # fmt: skip
"""Headers of columns of file names, folded, likeliest first."""

URL_HEADERS = (
    "accessuri", "imageurl", "imageuri", "imageaddress", "imagelink", "mediaurl", "mediauri",
    "photourl", "photouri", "downloadurl", "identifier", "associatedmedia",
)  # fmt: skip
"""Headers of columns of image addresses, folded, likeliest first."""

PAGE_HEADERS = ("url", "uri", "link", "href")
"""Headers that mean an image only where nothing else does: often they lead to a page."""

ID_HEADERS = (
    "occurrenceid", "materialentityid", "gbifid", "catalognumber", "cataloguenumber", "catalogno",
    "catalogueno", "specimenid", "objectid", "recordid", "itemid", "uuid", "guid", "coreid", "id",
)  # fmt: skip
"""Headers of columns of identifiers, folded, best first."""

Known = Callable[[str], bool]
"""Whether a file of this name exists."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What settings say about the columns of a table; empty where nothing is said."""

    file: str = ""
    url: str = ""
    identifier: str = ""
    title: str = ""
    link: str = ""
    image_url: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table has what.

    Attributes
    ----------
    names : list of str
        Name under which each column is kept.
    file, url : int or None
        Columns of file names and of image addresses.
    ids : list of int
        Columns that together identify a specimen; empty for none.
    title, link, image_url : callable or None
        Fill the templates from the cells of a row.
    image_columns : list of str
        Headers of ``file`` and ``url``, for messages.
    """

    names: list[str]
    file: int | None
    url: int | None
    ids: list[int]
    title: Filled | None
    link: Filled | None
    image_url: Filled | None
    image_columns: list[str]

    @property
    def has_no_images(self) -> bool:
        """Whether nothing in the table names an image."""
        return self.file is None and self.url is None and self.image_url is None


def lay_out(table: Table, stated: Stated, known: Known, *, may_lack_images: bool) -> Layout:
    """Return where a table has what, as stated or as found.

    Raises
    ------
    ConfigurationError
        If a stated column is not there, or no column names images and
        ``may_lack_images`` is not set.
    SourceError
        If no row can be used, and images are to be found by what rows hold.
    """
    header, rows = table.header, table.sample()
    place = f"'{table.path.name}'"
    file, url = _image_columns(table, rows, stated, known, may_lack_images=may_lack_images)
    if stated.identifier:
        ids = [column(stated.identifier, header, where=f"[source], id_column, {place}")]
    else:
        ids = id_columns(header, rows)
    mapped = {
        column(name, header, where=f"[source], columns, {place}"): term
        for name, term in stated.terms.items()
    }
    templates = (
        ("title", stated.title, text_template, "title"),
        ("references", stated.link, address_template, "link"),
        ("accessURI", stated.image_url, address_template, "image_url"),
    )
    title, link, image_url = (
        make(template, header, where=f"[source], {place}, {setting}") if template else None
        for _, template, make, setting in templates
    )
    taken = [term for term, template, _, _ in templates if template]
    names = term_names(header, rows, mapped, taken)
    columns = [header[n] for n in (file, url) if n is not None]
    return Layout(names, file, url, ids, title, link, image_url, columns)


def _image_columns(
    table: Table,
    rows: Sequence[Sequence[str]],
    stated: Stated,
    known: Known,
    *,
    may_lack_images: bool,
) -> tuple[int | None, int | None]:
    """Return the columns of file names and of image addresses, as stated or as found."""
    header = table.header
    place = f"'{table.path.name}'"
    file = url = None
    if stated.file:
        file = column(stated.file, header, where=f"[source], file_column, {place}")
    if stated.url:
        url = column(stated.url, header, where=f"[source], url_column, {place}")
    if file is None and url is None:
        file = file_column(header, rows, known)
    if url is None and not stated.image_url:
        url = url_column(header, rows, has_files=file is not None or may_lack_images)
    if file is None and url is None and not stated.image_url and not may_lack_images:
        if not rows:
            raise SourceError(
                f"the table {place} has a header, and no row below it that can be used.",
                hint="Look at the file; it may not have been written to its end.",
            )
        listed = ", ".join(header[:_LISTED]) + (", …" if len(header) > _LISTED else "")
        if table.sheets:
            place += f", sheet '{table.sheets[0]}',"
        raise ConfigurationError(
            f"[source]: no column of {place} names images; it has the columns {listed}.",
            hint="Set file_column or url_column to one of them, or image_url to a template"
            + (f", or sheet to one of {', '.join(table.sheets[1:])}." if table.sheets[1:] else "."),
        )
    return file, url


def file_column(header: Sequence[str], rows: Sequence[Sequence[str]], known: Known) -> int | None:
    """Return the column whose cells name image files, or None.

    Parameters
    ----------
    header : sequence of str
        The columns.
    rows : sequence of sequence of str
        Some rows.
    known : callable
        Whether a file of this name exists.

    Notes
    -----
    A column of which most cells exist wins; then one that most cells of end
    like images; among equals a header of :data:`FILE_HEADERS`, then the first.
    """

    def names_files(cell: str) -> bool:
        return is_image_name(cell) and "://" not in cell

    for fits in (known, names_files):
        shares = [share(rows, n, fits) for n in range(len(header))]
        candidates = [n for n, part in enumerate(shares) if part > 0.5]
        if candidates:
            return min(candidates, key=lambda n: (_rank(header[n], FILE_HEADERS), -shares[n], n))
    return None


def url_column(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, has_files: bool
) -> int | None:
    """Return the column whose cells are addresses of images, or None.

    Most cells must be addresses; those that end like images win, then a header
    of :data:`URL_HEADERS`, then, only if the table names no files, one of
    :data:`PAGE_HEADERS`, then the only column of addresses.
    """
    addresses = [n for n in range(len(header)) if share(rows, n, is_address) > 0.5]
    ending = [n for n in addresses if share(rows, n, _image_address) > 0.5]
    if ending:
        return min(ending, key=lambda n: (_rank(header[n], URL_HEADERS), n))
    named = [n for n in addresses if _rank(header[n], URL_HEADERS) < len(URL_HEADERS)]
    if named:
        return min(named, key=lambda n: (_rank(header[n], URL_HEADERS), n))
    if has_files:
        return None
    pages = [n for n in addresses if fold(header[n]) in PAGE_HEADERS]
    if pages:
        return pages[0]
    return addresses[0] if len(addresses) == 1 else None


def id_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that together identify a specimen, by their headers; empty for none.

    A catalogue number counts together with the institution's and collection's
    code, where the table has these. A column that is mostly empty is passed over.
    """
    folded = [fold(short_name(name)) for name in header]
    for wanted in ID_HEADERS:
        for n, name in enumerate(folded):
            if name != wanted or (rows and share(rows, n, bool, of_all=True) <= 0.5):
                continue
            if term_of(header[n]) != "catalogNumber":
                return [n]
            codes = [folded.index(c) for c in ("institutioncode", "collectioncode") if c in folded]
            return [*codes, n]
    return []


def term_names(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapped: Mapping[int, str],
    taken: Sequence[str],
) -> list[str]:
    """Return the name under which each column is kept.

    Parameters
    ----------
    header, rows
        The columns and some rows.
    mapped : mapping of int to str
        Terms stated for columns.
    taken : sequence of str
        Names that are made otherwise.

    Notes
    -----
    A stated term wins, then a header that is a term, then one that is commonly
    used for it. Of two columns for one term the second keeps its own header.
    """
    names = dict(mapped)
    used = {name.casefold() for name in (*mapped.values(), *taken)}
    terms = known_terms()
    found: list[tuple[bool, int, str]] = []
    for n, name in enumerate(header):
        term = _term(name, [cells[n] for cells in rows])
        if term is not None and n not in names:
            found.append((short_name(name) not in terms, n, term))
    for _, n, term in sorted(found):
        if term.casefold() not in used:
            names[n] = term
            used.add(term.casefold())
    rest = [n for n in range(len(header)) if n not in names]
    free = unique_names([header[n] or f"column_{n + 1}" for n in rest], taken=used)
    names.update(zip(rest, free, strict=True))
    return [names[n] for n in range(len(header))]


def _term(header: str, values: list[str]) -> str | None:
    name = short_name(header)
    return name if name in known_terms() else term_of(header, values)


def share(
    rows: Sequence[Sequence[str]], n: int, fits: Callable[[str], bool], *, of_all: bool = False
) -> float:
    """Return the part of a column's filled cells that fit, of all its cells if so asked."""
    cells = [row[n].strip() for row in rows]
    filled = [cell for cell in cells if cell]
    total = len(cells) if of_all else len(filled)
    return sum(1 for cell in filled if fits(cell)) / total if total else 0.0


def is_address(cell: str) -> bool:
    """Return whether a cell is an address on the web."""
    return cell.casefold().startswith(("http://", "https://", "ftp://"))


def _image_address(cell: str) -> bool:
    if not is_address(cell):
        return False
    try:
        return is_image_name(urlsplit(cell).path)
    except ValueError:  # such as a bracket that is never closed
        return False


def _rank(header: str, known: Sequence[str]) -> int:
    folded = fold(short_name(header))
    return known.index(folded) if folded in known else len(known)
