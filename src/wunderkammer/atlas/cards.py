"""Cards: what a visitor reads about one medium, as plain text."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from wunderkammer.atlas.labels import label_of
from wunderkammer.atlas.schemas import CARDS_PER_CHUNK, Card, Cards, Credit, Fact, Picture, Rank
from wunderkammer.core.files import write_bytes
from wunderkammer.vocab import dates, licences, ranks

Record = Mapping[str, object]

_TAG = re.compile(
    r"</?(?:a|b|br|em|font|i|p|q|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_AUTHOR = re.compile(r"^\(?[A-ZÀ-Þ]")
_YEAR = re.compile(r"\b1[5-9]\d\d\b|\b20\d\d\b|^\(")


def card_from_record(
    record: Record, picture: Picture | None = None, facts: Sequence[str] = ()
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

    Returns
    -------
    Card
        All texts plain: inline tags of HTML are taken off, control characters
        and line breaks become blanks. Addresses other than http and https are
        left out.
    """
    title, author = _title(record)
    latitude, longitude = _coordinates(record)
    terms = {name: plain_text(value) for name, value in record.items()}
    return Card(
        id=plain_text(record.get("media_id")),
        title=title,
        author=author,
        classification=[Rank(rank=rank, name=name) for rank, name in ranks.classification(terms)],
        place=_place(record),
        latitude=latitude,
        longitude=longitude,
        date=_date(record),
        facts=[
            Fact(term=name, label=label_of(name), value=terms[name])
            for name in facts
            if terms.get(name)
        ],
        picture=picture,
        credit=_credit(record),
        link=_first_address(record, ("references", "furtherInformationURL", "occurrenceID")),
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
    remaining, chunk = iter(cards), 0
    while part := list(islice(remaining, per_chunk)):
        text = ",\n".join(card.model_dump_json() for card in part)
        write_bytes(folder / "cards" / f"{chunk}.json", f"[{text}]\n".encode())
        chunk += 1
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
    if _CONTROL.search(text) or any(sign in text for sign in " <>\"'`\\"):
        return ""
    try:
        parts = urlsplit(text)
        safe = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return text if safe else ""


def _first(record: Record, names: Iterable[str]) -> str:
    """Return the first of some columns that has a value."""
    return next(filter(None, (plain_text(record.get(name)) for name in names)), "")


def _first_address(record: Record, names: Iterable[str]) -> str:
    return next(filter(None, (web_address(record.get(name)) for name in names)), "")


def _title(record: Record) -> tuple[str, str]:
    """Return the name and its author, or a title, or what the file is called."""
    name = plain_text(record.get("scientificName"))
    if name:
        author = plain_text(record.get("scientificNameAuthorship"))
        return _without_author(name, author) if author else _author_told_apart(name)
    title = _first(record, ("title", "vernacularName", "caption"))
    if title:
        return title, ""
    file = _first(record, ("original_file", "accessURI", "access_uri", "catalogNumber"))
    return PurePosixPath(urlsplit(file).path if "://" in file else file).name, ""


def _without_author(name: str, author: str) -> tuple[str, str]:
    """Take a stated author off a name; it may stand before a rank below species."""
    if name.endswith(author) and name != author:
        return name.removesuffix(author).rstrip(" ,"), author
    return name, author


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


def _place(record: Record) -> str:
    """Return the locality, the state and the country, each once."""
    named = (
        _first(record, ("locality", "verbatimLocality", "municipality", "county")),
        _first(record, ("stateProvince",)),
        _first(record, ("country", "countryCode")),
    )
    parts: list[str] = []
    for part in named:
        if part and not any(part.casefold() in told.casefold() for told in parts):
            parts.append(part)
    return ", ".join(parts)


def _coordinates(record: Record) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither: 0, 0 stands for an empty cell."""
    try:
        latitude = float(plain_text(record.get("decimalLatitude")))
        longitude = float(plain_text(record.get("decimalLongitude")))
    except ValueError:
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or latitude == longitude == 0:
        return None, None
    return latitude, longitude


def _date(record: Record) -> str:
    """Return the date of the event for people, or the source's words for it."""
    numbers = [_first(record, (name,)) for name in ("year", "month", "day")]
    joined = "-".join(part.zfill(2) for part in _until_empty(numbers))
    for text in (
        _first(record, ("eventDate",)),
        joined,
        _first(record, ("verbatimEventDate", "date")),
    ):
        span = dates.parse_date(text) if text else None
        if span is not None:
            return dates.pretty(span)
    return _first(record, ("eventDate", "verbatimEventDate", "date"))


def _until_empty(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        if not part:
            return
        yield part


def _credit(record: Record) -> Credit:
    stated = licences.licence(_first(record, ("license", "UsageTerms", "rights", "accessRights")))
    return Credit(
        licence=stated.label,
        licence_url=web_address(stated.url) or web_address(stated.verbatim),
        rights_holder=_first(record, ("rightsHolder", "Owner")),
        creator=_first(record, ("creator", "creatorLiteral")),
    )
