"""What a label and a database say about an invented specimen."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from wunderkammer.testing.specimens import names

MONTHS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]


@dataclass(frozen=True)
class Record:
    """Where, when and by whom a specimen was collected.

    ``event_date`` has the forms that real records have: a day, a month, a year,
    a range, or nothing. Coordinates are empty text where nobody knows them.
    """

    recorded_by: str
    event_date: str
    label_date: str
    country: str
    locality: str
    latitude: str
    longitude: str
    type_status: str


def draw_record(rng: np.random.Generator) -> Record:
    """Return an invented record."""
    country, locality, latitude, longitude = names.PLACES[int(rng.integers(len(names.PLACES)))]
    near = rng.normal(0, 0.4, 2)
    known = rng.random() < 0.7
    who = names.person(rng)
    if rng.random() < 0.12:
        who = f"{who} | {names.person(rng)}"
    event, label = _dates(rng)
    status = ("holotype", "paratype", "syntype")[int(rng.integers(3))]
    return Record(
        recorded_by=who,
        event_date=event,
        label_date=label,
        country=country,
        locality=locality,
        latitude=f"{latitude + near[0]:.5f}" if known else "",
        longitude=f"{longitude + near[1]:.5f}" if known else "",
        type_status=status if rng.random() < 0.06 else "",
    )


def _dates(rng: np.random.Generator) -> tuple[str, str]:
    """Return the date of a record and how the label writes it."""
    year = int(rng.integers(1868, 2016))
    month, day = int(rng.integers(1, 13)), int(rng.integers(1, 28))
    form = rng.random()
    if form < 0.55:
        return f"{year}-{month:02d}-{day:02d}", f"{day}.{MONTHS[month - 1]}.{year}"
    if form < 0.68:
        return f"{year}-{month:02d}", f"{MONTHS[month - 1]}.{year}"
    if form < 0.82:
        return f"{year}", f"{year}"
    if form < 0.92:
        last = min(12, month + int(rng.integers(0, 4)))
        dates = f"{year}-{month:02d}-{day:02d}/{year}-{last:02d}-28"
        return dates, f"{MONTHS[month - 1]}-{MONTHS[last - 1]}.{year}"
    return "", "s.d."


def plain(text: str) -> str:
    """Return text in ASCII, as every font can print it.

    Examples
    --------
    >>> plain("Łaski, Türkiye")
    'Laski, Turkiye'
    """
    replaced = text.translate(str.maketrans("ŁłØøĞğİıŞşß", "LlOoGgIiSss"))
    return unicodedata.normalize("NFKD", replaced).encode("ascii", "ignore").decode()
