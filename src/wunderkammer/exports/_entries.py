"""Which media are exported, under which names, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import digest_of
from wunderkammer.core.table import quoted
from wunderkammer.exports.credits import TERMS, Rights, rights_of, what_is_missing
from wunderkammer.exports.framing import SUFFIXES, Frame
from wunderkammer.exports.naming import file_stem

FOLDER = "images"
_ROWS_AT_ONCE = 2_048
_CUT = ("cutout", "cutout_reason", "cutout_width", "cutout_height")
_SHOWN = ("catalogNumber", "scientificName", "references", "px_per_mm", *TERMS)
_KEY_DIGITS = 16


class Choice(NamedTuple):
    """What is exported.

    Attributes
    ----------
    where : str
        SQL condition on the columns of ``media``; empty: all.
    min_px : int
        Cut-outs whose smaller side has fewer pixels of the photograph stay behind.
    licence, rights_holder : str
        Stand where a record states none.
    """

    where: str = ""
    min_px: int = 0
    licence: str = ""
    rights_holder: str = ""


class Entry(NamedTuple):
    """One medium: where its picture goes, or why there is none.

    Attributes
    ----------
    media_id, file : str
        ``file`` lies below the target; empty if there is none.
    cell : str
        Its cut-out.
    angle_deg : float or None
        What is undone.
    key : str
        Changes when the picture would.
    rights : Rights
    row : mapping
        What the record and the stages say.
    why_not : str
        Empty if it is exported.
    """

    media_id: str
    file: str
    cell: str
    angle_deg: float | None
    key: str
    rights: Rights
    row: Mapping[str, Any]
    why_not: str = ""


class Entries:
    """The media of an export in the order of their ids; can be gone through again.

    Parameters
    ----------
    collection : Collection
    frame : Frame
    choice : Choice

    Raises
    ------
    ConfigurationError
        If the collection has no stage that makes what is asked for.
    QueryError
        If the condition is no SQL over ``media``.
    """

    def __init__(self, collection: Collection, frame: Frame, choice: Choice) -> None:
        _refuse_missing_stages(collection, frame)
        self._frame, self._choice = frame, choice
        self._scale = px_per_mm_of(collection)
        described = collection.query("SELECT column_name FROM (DESCRIBE media)")
        known = set(described["column_name"].to_pylist())
        turned = "turned_deg" if frame.picture == "upright" else "NULL::DOUBLE"
        texts = [quoted(one) if one in known else f"NULL AS {quoted(one)}" for one in _SHOWN]
        condition = f" WHERE (\n{choice.where}\n)" if choice.where.strip() else ""
        self._rows: pa.Table = collection.query(
            f"SELECT media_id, {turned} AS angle_deg, {', '.join([*_CUT, *texts])} "  # noqa: S608 - a person's condition, in a connection that only reads
            f"FROM (SELECT * FROM media{condition}) ORDER BY media_id"
        )

    def __len__(self) -> int:
        """Return how many media were chosen, with those that stay behind."""
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[Entry]:
        """Yield each medium, with its file's name or why it has none."""
        taken: set[str] = set()
        for batch in self._rows.to_batches(max_chunksize=_ROWS_AT_ONCE):
            for row in batch.to_pylist():
                yield self._entry(row, taken)

    def _entry(self, row: dict[str, Any], taken: set[str]) -> Entry:
        rights = rights_of(row, self._choice.licence, self._choice.rights_holder)
        row["px_per_mm"] = row["px_per_mm"] or self._scale
        media_id, why_not = row["media_id"], self._why_not(row, rights)
        if why_not:
            return Entry(media_id, "", "", None, "", rights, row, why_not)
        stem = file_stem(media_id, row["catalogNumber"], taken)
        file = f"{FOLDER}/{stem}{SUFFIXES[self._frame.format]}"
        angle_deg = row["angle_deg"]
        parts = [self._frame.settings(), row["cutout"], angle_deg, rights.credit, rights.creator]
        key = digest_of(parts)[:_KEY_DIGITS]
        return Entry(media_id, file, row["cutout"], angle_deg, key, rights, row)

    def _why_not(self, row: Mapping[str, Any], rights: Rights) -> str:
        if row["cutout"] is None:
            return f"no cut-out: {row['cutout_reason'] or 'not made yet'}"
        if self._frame.picture == "upright" and row["angle_deg"] is None:
            return "not turned"
        if min(row["cutout_width"], row["cutout_height"]) < self._choice.min_px:
            return f"smaller than {self._choice.min_px} pixels"
        return what_is_missing(rights)


def px_per_mm_of(collection: Collection) -> float | None:
    """Return the resolution that the collection's settings state for all photographs."""
    return getattr(collection.configuration.stage("cutout"), "px_per_mm", None)


def _refuse_missing_stages(collection: Collection, frame: Frame) -> None:
    there = {stage.name for stage in collection.configuration.stages}
    for name in ("cutout", *(["upright"] if frame.picture == "upright" else [])):
        if name not in there:
            hint = f"Write [{name}] into collection.toml; then 'wk run {name}'."
            if name == "upright":
                hint += " Or export them as they lie: --picture cutout."
            raise ConfigurationError(
                f"pictures '{frame.picture}' need the stage '{name}', which this collection "
                "does not have.",
                hint=hint,
            )
