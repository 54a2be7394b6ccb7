"""Turns in and out of CSV: how far each medium's specimen is turned."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.core.files import write_bytes
from wunderkammer.imaging.angles import wrapped_deg

Meaning = Literal["turned", "to-turn"]

HEADER = ("media_id", "angle_deg")

_IDS = ("media_id", "mediaid", "id", "file", "filename", "name")
_ANGLES = ("angle_deg", "degrees", "angle", "rotation", "turned_deg")


@dataclass(frozen=True, slots=True)
class Turn:
    """One row: a medium and how far it is turned.

    Attributes
    ----------
    media_id : str
        As the file names it.
    angle_deg : float
        How far the specimen is turned from upright, counter-clockwise as seen,
        in [-180, 180).
    """

    media_id: str
    angle_deg: float


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no turn.

    Attributes
    ----------
    line : int
        Line of the file, from 1.
    error : RecordError
        What is wrong with it.
    """

    line: int
    error: RecordError


def read_turns(path: Path, meaning: Meaning = "turned") -> tuple[list[Turn], list[BadRow]]:
    """Return the turns in a CSV file, and the rows that are none.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a header; columns parted by comma, semicolon or
        tab. Without a header the first column is the id, the second degrees.
    meaning : str
        ``"turned"``: degrees say how far the specimen is turned from upright,
        counter-clockwise as seen. ``"to-turn"``: how far it has to be turned
        counter-clockwise to be upright, which is the opposite sign.

    Returns
    -------
    turns : list of Turn
        In the order of the file. Of several rows for one id the last counts.
    bad : list of BadRow

    Raises
    ------
    SourceError
        If the file cannot be read as text.

    Notes
    -----
    The butterflies project has two files without a header. Its training turns an
    image labelled ``d`` in ``rotations.csv`` counter-clockwise by ``wanted - d``, so
    these degrees mean ``"turned"``, as ours do. Its ``rotations_calculated.csv`` holds
    what its network found with the sign changed: the turn that is applied,
    ``"to-turn"``. Look at a few before you train on thousands.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read as a table of turns: {error}.",
            hint="Save it as CSV in UTF-8 with the columns media_id and angle_deg.",
        ) from None
    delimiter = _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    places: tuple[int, int] | None = None
    found: dict[str, Turn] = {}
    bad: list[BadRow] = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if places is None:
            named = _header(row)
            places = named or (0, 1)
            if named:
                continue
        try:
            turn = _turn(row, places, meaning)
        except RecordError as error:
            bad.append(BadRow(rows.line_num, error))
            continue
        found.pop(turn.media_id, None)
        found[turn.media_id] = turn
    return list(found.values()), bad


def write_turns(path: Path, turns: Iterable[Turn]) -> None:
    """Write turns as CSV with the header ``media_id,angle_deg``, whole or not at all.

    Parameters
    ----------
    path : Path
        Replaced if it is there.
    turns : iterable of Turn
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((turn.media_id, repr(float(turn.angle_deg))) for turn in turns)
    write_bytes(path, text.getvalue().encode())


def _delimiter(text: str) -> str:
    """Return what parts the columns of the first line that is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in ("\t", ";") if mark in first), ",")


def _header(row: Sequence[str]) -> tuple[int, int] | None:
    """Return the columns of id and angle if the row is a header, else None."""
    names = [cell.strip().lower() for cell in row]
    ids = [names.index(name) for name in _IDS if name in names]
    angles = [names.index(name) for name in _ANGLES if name in names]
    if ids and angles:
        return ids[0], angles[0]
    if (ids or angles) and len(row) > 1 and _degrees(row[1]) is None:
        return 0, 1
    return None


def _turn(row: Sequence[str], places: tuple[int, int], meaning: Meaning) -> Turn:
    """Read one row."""
    if len(row) <= max(places):
        raise RecordError(
            f"The row {list(row)} has {len(row)} columns; an id and degrees were wanted.",
            hint="Write one row a medium: its id, and degrees.",
        )
    media_id, text = (row[place].strip() for place in places)
    if not media_id:
        raise RecordError("The row names no medium: its id is empty.")
    degrees = _degrees(text)
    if degrees is None:
        raise RecordError(
            f"{media_id}: '{text}' is no number of degrees.",
            hint="Write degrees counter-clockwise, such as -12.5.",
        )
    return Turn(media_id, wrapped_deg(-degrees if meaning == "to-turn" else degrees))


def _degrees(text: str) -> float | None:
    """Return a finite number, with a point or a comma, or None."""
    try:
        degrees = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) else None
