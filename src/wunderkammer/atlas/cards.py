"""Cards: what a visitor reads about one medium, as plain text."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from wunderkammer.atlas.card_schemas import Card, Credit, Fact, Picture, Rank
from wunderkammer.atlas.labels import label_of
from wunderkammer.atlas.page_schemas import When
from wunderkammer.atlas.schemas import CARDS_PER_CHUNK, Cards
from wunderkammer.vocab import dates, licences, ranks

Record = Mapping[str, object]
Terms = Mapping[str, str]

_TAG = re.compile(
    r"</?(?:a|b|br|em|font|i|p|q|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNCLEAN = re.compile(
    r"[<&\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[^\S ]|  |^ | $"
)
"""What a text must hold to be changed: markup, control characters, blanks but single ones."""

_TAXONOMIC = (
    *("scientificName", *ranks.RANKS, "genericName", "specificEpithet"),
    *("infraspecificEpithet", "identificationQualifier"),
)
_WRITTEN_DATES = ("verbatimEventDate", "verbatim_eventDate", "date")
_REMEMBERED = 1 << 15
"""Taxa, dates and the like repeat: what is made of so many of each is kept."""

_ADDRESS = re.compile(r"https?://[a-z0-9.-]*[a-z0-9](?:/[A-Za-z0-9_./?=%#:-]*)?")
"""Addresses as most are written; of others the parts are looked at."""

_AUTHOR = re.compile(r"^\(?[A-ZÀ-Þ]")
_YEAR = re.compile(r"\b1[5-9]\d\d\b|\b20\d\d\b|^\(")


def card_from_record(
    record: Record,
    picture: Picture | None = None,
    facts: Sequence[str] = (),
    *,
    upright: Picture | None = None,
    siblings: Sequence[int] = (),
) -> Card:
    """Return the card of one medium.

    Parameters
    ----------
    record : mapping
        Terms and further columns; needs ``media_id``. None, NaN and empty
        values are unknown.
    picture : Picture, optional
        The image to show.
    facts : sequence of str
        Columns to show as further lines, in this order, where they have a value.
    upright : Picture, optional
        The specimen cut out or turned upright, where ``picture`` is its photograph.
    siblings : sequence of int, optional
        Rows of further media of the same specimen.

    Returns
    -------
    Card
        All texts plain: inline tags of HTML are taken off, control characters
        and line breaks become blanks. Addresses other than http and https are
        left out.
    """
    terms = {name: plain_text(value) for name, value in record.items() if value is not None}
    title, author = _title(terms)
    latitude, longitude = _coordinates(terms)
    date, when = _date(terms)
    common = terms.get("vernacularName", "")
    return Card(
        id=terms.get("media_id", ""),
        title=title,
        author=author,
        classification=list(_classification(*(terms.get(name, "") for name in _TAXONOMIC))),
        place=_place(terms),
        latitude=latitude,
        longitude=longitude,
        date=date,
        when=when,
        common="" if common == title else common,
        facts=[_fact(name, terms[name]) for name in facts if terms.get(name)],
        picture=picture,
        upright=upright,
        siblings=list(siblings),
        credit=_credit(
            _first(terms, ("license", "UsageTerms", "rights", "accessRights")),
            _first(terms, ("rightsHolder", "Owner")),
            _first(terms, ("creator", "creatorLiteral")),
        ),
        link=_first_address(record, ("references", "furtherInformationURL", "occurrenceID")),
        citation=terms.get("bibliographicCitation", ""),
    )


def write_cards(folder: Path, cards: Iterable[Card], per_chunk: int = CARDS_PER_CHUNK) -> Cards:
    """Write cards in the order of the rows, some hundred a file.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``; the files are ``cards/<chunk>.json``, each
        a JSON array.
    cards : iterable of Card
        One for each row; taken as they come, never all at once.
    per_chunk : int, optional
        Cards in each file.
    """
    remaining = iter(cards)
    parts = iter(lambda: list(islice(remaining, per_chunk)), [])
    return write_chunks(folder, map(chunk_of_cards, parts), per_chunk)


def chunk_of_cards(cards: Iterable[Card]) -> bytes:
    """Return a file of cards: a JSON array."""
    lines = (card.model_dump_json(exclude_defaults=True).encode() for card in cards)
    return b"[" + b",\n".join(lines) + b"]\n"


def write_chunks(folder: Path, chunks: Iterable[bytes], per_chunk: int = CARDS_PER_CHUNK) -> Cards:
    """Write files of cards in the order of the rows; see :func:`write_cards`.

    They are some thousand, and are not flushed to the disk: the folder they are
    in is, when it is whole (:func:`wunderkammer.core.files.folder_written_whole`).
    """
    (folder / "cards").mkdir(parents=True, exist_ok=True)
    for chunk, content in enumerate(chunks):
        (folder / "cards" / f"{chunk}.json").write_bytes(content)
    return Cards(path="cards/{chunk}.json", per_chunk=per_chunk)


def plain_text(value: object) -> str:
    r"""Return a value as one line of text without markup; None and NaN are empty.

    Examples
    --------
    >>> plain_text("<i>Danaus</i>  plexippus\n"), plain_text(None), plain_text("A &amp; B <1>")
    ('Danaus plexippus', '', 'A & B <1>')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str) and not _UNCLEAN.search(value):
        return value
    text = _TAG.sub("", html.unescape(_TAG.sub("", str(value))))
    return " ".join(_CONTROL.sub(" ", text).split())


def web_address(value: object) -> str:
    """Return an http or https address, or an empty text for anything else.

    Examples
    --------
    >>> web_address("https://example.org/a?b=1"), web_address("javascript:alert(1)")
    ('https://example.org/a?b=1', '')
    """
    text = "" if value is None else str(value).strip()
    if _ADDRESS.fullmatch(text):
        return text
    if _CONTROL.search(text) or any(sign in text for sign in " <>\"'`\\"):
        return ""
    try:
        parts = urlsplit(text)
        safe = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return text if safe else ""


@lru_cache(_REMEMBERED)
def _classification(*values: str) -> tuple[Rank, ...]:
    """Return the ranks that the values of :data:`_TAXONOMIC` tell."""
    terms = dict(zip(_TAXONOMIC, values, strict=True))
    found = ranks.classification(terms)
    return tuple(
        Rank(rank=rank, name=name, **_asked(rank, name, terms, lowest=place == len(found)))
        for place, (rank, name) in enumerate(found, start=1)
    )


def _asked(rank: str, name: str, terms: Terms, *, lowest: bool) -> dict[str, str]:
    """Return the column that holds a taxon, and what it holds there if not the name."""
    if terms.get(rank) == name:
        return {"column": rank}
    if not lowest or rank not in {"species", "subspecies"} or not terms["scientificName"]:
        return {}
    told = terms["scientificName"]
    return {"column": "scientificName"} | ({} if told == name else {"value": told})


@lru_cache(_REMEMBERED)
def _fact(name: str, value: str) -> Fact:
    return Fact(term=name, label=_label(name), value=value)


_label = lru_cache(label_of)


def _first(terms: Terms, names: Iterable[str]) -> str:
    """Return the first of some columns that has a value."""
    for name in names:
        if terms.get(name):
            return terms[name]
    return ""


def _first_address(record: Record, names: Iterable[str]) -> str:
    return next(filter(None, (web_address(record.get(name)) for name in names)), "")


def _title(terms: Terms) -> tuple[str, str]:
    """Return the name and its author, or a title, or what the file is called."""
    name = terms.get("scientificName", "")
    if name:
        author = terms.get("scientificNameAuthorship", "")
        return _without_author(name, author) if author else _author_told_apart(name)
    title = _first(terms, ("title", "vernacularName", "caption"))
    if title:
        return title, ""
    file = _first(terms, ("original_file", "accessURI", "access_uri", "catalogNumber"))
    return PurePosixPath(urlsplit(file).path if "://" in file else file).name, ""


def _without_author(name: str, author: str) -> tuple[str, str]:
    """Take a stated author off a name; it may stand before a rank below species."""
    if name.endswith(author) and name != author:
        return name.removesuffix(author).rstrip(" ,"), author
    return name, author


@lru_cache(_REMEMBERED)
def _author_told_apart(name: str) -> tuple[str, str]:
    """Part a name from an author that the record does not state, where it is sure."""
    parts = ranks.name_parts(name)
    subgenus = f"({parts.subgenus})" if parts.subgenus else ""
    words = (parts.genus, subgenus, parts.specific, parts.infraspecific)
    bare = " ".join(filter(None, words))
    rest = name.removeprefix(bare).strip()
    if not bare or not name.startswith(f"{bare} ") or not _AUTHOR.match(rest):
        return name, ""
    sure = parts.specific or _YEAR.search(rest)
    return (bare, rest) if sure else (name, "")


def _place(terms: Terms) -> str:
    """Return the locality, the state and the country, each once."""
    named = (
        _first(terms, ("locality", "verbatimLocality", "municipality", "county")),
        _first(terms, ("stateProvince",)),
        _first(terms, ("country", "countryCode")),
    )
    parts: list[str] = []
    for part in named:
        if part and not any(part.casefold() in told.casefold() for told in parts):
            parts.append(part)
    return ", ".join(parts)


def _coordinates(terms: Terms) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither: 0, 0 stands for an empty cell."""
    try:
        latitude = float(terms.get("decimalLatitude", ""))
        longitude = float(terms.get("decimalLongitude", ""))
    except ValueError:
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or latitude == longitude == 0:
        return None, None
    return latitude, longitude


def _date(terms: Terms) -> tuple[str, When | None]:
    """Return the date of the event for people and for programs, or the source's words for it."""
    numbers = [_first(terms, (name,)) for name in ("year", "month", "day")]
    joined = "-".join(part.zfill(2) for part in _until_empty(numbers))
    written = tuple(filter(None, (terms.get(name, "") for name in _WRITTEN_DATES)))
    for text in (_first(terms, ("eventDate",)), joined, *written):
        read = _read_date(text, written) if text else None
        if read:
            return read
    return _first(terms, ("eventDate", *_WRITTEN_DATES)), None


@lru_cache(_REMEMBERED)
def _read_date(text: str, written: tuple[str, ...]) -> tuple[str, When] | None:
    """Return a date for people and for programs, or nothing if the text names none.

    It is told as approximate where ``written``, the date as it was first written, says so.
    """
    span = dates.parse_date(text)
    if span is None:
        return None
    span = dates.with_doubt(span, written)
    start, end = dates.iso_ends(span)
    return dates.pretty(span), When(start=start, end=end, approximate=span.approximate)


def _until_empty(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        if not part:
            return
        yield part


@lru_cache(_REMEMBERED)
def _credit(licence: str, holder: str, creator: str) -> Credit:
    stated = licences.licence(licence)
    return Credit(
        licence=stated.label,
        licence_url=web_address(stated.url) or web_address(stated.verbatim),
        rights_holder=holder,
        creator=creator,
    )
