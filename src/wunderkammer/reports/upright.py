"""The report on turning: the machine's angles against people's, and who should look at what."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from wunderkammer.core.collection import Collection
from wunderkammer.core.files import write_bytes, write_json
from wunderkammer.core.spreadsheet import write_rows
from wunderkammer.imaging.angles import UPSIDE_DOWN_DEG, AngularErrors, difference_deg, summary
from wunderkammer.reports._media import (
    PHOTOGRAPH,
    LeftOut,
    column,
    known_columns,
    name_sql,
    stage_that_ran,
    streamed,
)
from wunderkammer.reports._plain import plain
from wunderkammer.reports._weights import WeightsUsed, weights_used
from wunderkammer.reports.calibration import (
    Calibration,
    Estimate,
    calibration,
    estimate,
    kept_surest,
)

PARTS = ("held_out", "trained_on")
N_BINS = 20
RIGHT_DEG = 10.0
"""Errors up to this are right where a confidence is judged."""

MACHINE_ANGLE, MACHINE_CONFIDENCE = "machine_angle_deg", "machine_confidence"
"""Columns of the machine's own answer, also where a person stated an angle."""

EDGES_DEG = (0, 1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180)
"""Bins in which errors are counted."""

_CELLS = ("media_id", "name", "turned_deg", "turn_confidence", "turned_by", "turn_reason")

CSV_COLUMNS = (*_CELLS, "measured", "machine_deg", "stated_deg", "error_deg")
"""Columns of the CSV file, one row a medium."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A medium that both the machine and a person told the angle of.

    Attributes
    ----------
    media_id, name : str
    part : str
        ``held_out``, or ``trained_on`` if the weights have seen it.
    machine_deg, stated_deg : float
        How far it is turned from upright, counter-clockwise as seen.
    confidence : float
        The machine's.
    picture : str or None
        Cell of the cut-out.
    """

    media_id: str
    name: str
    part: str
    machine_deg: float
    stated_deg: float
    confidence: float
    picture: str | None

    @property
    def error_deg(self) -> float:
        """How far the machine is off, in [-180, 180)."""
        return difference_deg(self.machine_deg, self.stated_deg)


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """What became of the media.

    Attributes
    ----------
    n_media, n_by_machine, n_by_person, n_as_they_are, n_failed : int
        Media that the stage has seen; turned by the machine; by a person; left as they
        are, because nothing was cut out; failed.
    n_for_a_person : int
        With a reason to look.
    reasons : mapping of str to int
        Media by reason, most frequent first.
    confidence : sequence of int
        Media that the machine turned, by confidence in 20 bins from 0 to 1.
    """

    n_media: int = 0
    n_by_machine: int = 0
    n_by_person: int = 0
    n_as_they_are: int = 0
    n_failed: int = 0
    n_for_a_person: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    confidence: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class UprightReport:
    """How well specimens were turned upright.

    Attributes
    ----------
    title, contact : str
        Of the collection.
    made : datetime.datetime
        When, in universal time.
    weights : WeightsUsed
        What the orienter learned from.
    counts : TurnCounts
    measured : sequence of Turned
        In the order of ids.
    left_out : sequence of LeftOut
        Media with a stated angle and no answer of the machine.
    """

    title: str
    contact: str
    made: dt.datetime
    weights: WeightsUsed
    counts: TurnCounts
    measured: Sequence[Turned]
    left_out: Sequence[LeftOut]

    def of(self, part: str) -> list[Turned]:
        """Return what was measured on media of one part."""
        return [one for one in self.measured if one.part == part]

    def errors(self, part: str) -> list[float]:
        """Return the errors of a part without their sign, in degrees."""
        return [abs(one.error_deg) for one in self.of(part)]

    def summary(self, part: str) -> AngularErrors:
        """Return median, 95th percentile and share upside down."""
        return summary(self.errors(part))

    def estimates(self, part: str) -> dict[str, Estimate]:
        """Return the same with their 95 % intervals, and the share within ten degrees."""
        errors = self.errors(part)
        return {
            "median_deg": estimate(errors, np.median),
            "p95_deg": estimate(errors, _p95),
            "upside_down": estimate([float(one > UPSIDE_DOWN_DEG) for one in errors]),
            "within_10_deg": estimate([float(one <= RIGHT_DEG) for one in errors]),
        }

    def histogram(self, part: str) -> list[int]:
        """Return how many errors fall between :data:`EDGES_DEG`."""
        counts, _ = np.histogram(self.errors(part), EDGES_DEG)
        return [int(one) for one in counts]

    def calibration(self, part: str = "held_out") -> Calibration:
        """Return how far the confidence foretells an error of at most ten degrees."""
        errors = self.errors(part)
        return calibration(self._confidence(part), [float(one <= RIGHT_DEG) for one in errors])

    def kept_surest(self, part: str = "held_out") -> list[tuple[float, float, float]]:
        """Return share, least confidence and 95th percentile if only the surest are kept."""
        return kept_surest(self._confidence(part), self.errors(part), _p95)

    def _confidence(self, part: str) -> list[float]:
        return [one.confidence for one in self.of(part)]


def _p95(values: Any, axis: int) -> Any:
    return np.percentile(values, 95, axis=axis)


def upright_report(collection: Collection) -> UprightReport:
    """Measure a collection's turns against the angles that people stated.

    Raises
    ------
    ConfigurationError, StageError
        If nothing was turned.
    """
    stage = stage_that_ran(collection, "upright")
    known = known_columns(collection)
    weights = weights_used(collection, stage, "orienter")
    measured: list[Turned] = []
    left_out: list[LeftOut] = []
    for row in collection.query(_stated_sql(known)).to_pylist():
        one = _turned(row, weights)
        if isinstance(one, Turned):
            measured.append(one)
        else:
            left_out.append(one)
    about = collection.configuration.about
    made = dt.datetime.now(dt.UTC)
    counts = _counts(collection, stage.group)
    return UprightReport(about.title, about.contact, made, weights, counts, measured, left_out)


def _stated_sql(known: set[str]) -> str:
    """Return SQL for the media with a stated angle, and the machine's own answer."""
    own = "turned_by <> 'person'"
    angle = f"CASE WHEN {own} THEN turned_deg END"
    confidence = f"CASE WHEN {own} THEN turn_confidence END"
    if MACHINE_ANGLE in known:
        angle = f"coalesce({MACHINE_ANGLE}, {angle})"
        confidence = f"coalesce({column(MACHINE_CONFIDENCE, known, 'DOUBLE')}, {confidence})"
    return (
        f"SELECT media_id, {PHOTOGRAPH} AS photograph, {name_sql(known)} AS name, "  # noqa: S608 - names are quoted
        f"{column('specimen_id', known)} AS specimen_id, {column('cutout', known)} AS cutout, "
        f"{angle} AS machine_deg, {confidence} AS confidence, "
        "try_cast(stated AS DOUBLE) AS stated_deg FROM media JOIN (SELECT media_id AS turned, "
        "value AS stated FROM annotated WHERE term = 'angle_deg') ON turned = media_id "
        "ORDER BY media_id"
    )


def _turned(row: Mapping[str, Any], weights: WeightsUsed) -> Turned | LeftOut:
    """Return what was measured on a medium, or why nothing was."""
    stated, machine = row["stated_deg"], row["machine_deg"]
    if stated is None or not math.isfinite(stated):
        return LeftOut(row["media_id"], row["name"], "the stated angle is no number.")
    if row["cutout"] is None:
        return LeftOut(row["media_id"], row["name"], "it has no cut-out that could be turned.")
    if machine is None:
        return LeftOut(
            row["media_id"],
            row["name"],
            "the machine's own angle is not known: it was turned as the person says.",
        )
    part = weights.part(row["photograph"], row["specimen_id"])
    if weights.part(row["media_id"]) == "trained_on":
        part = "trained_on"
    confidence = float(row["confidence"] or 0.0)
    return Turned(row["media_id"], row["name"], part, machine, stated, confidence, row["cutout"])


def _counts(collection: Collection, group: str) -> TurnCounts:
    """Count what became of the media, in the database."""
    [row] = collection.query(
        "SELECT count(upright) AS n_media, "
        "count(*) FILTER (turned_by <> 'person') AS n_by_machine, "
        "count(*) FILTER (turned_by = 'person') AS n_by_person, "
        "count(*) FILTER (upright IS NOT NULL AND turned_by IS NULL) AS n_as_they_are, "
        "count(turn_reason) AS n_for_a_person FROM media"
    ).to_pylist()
    [failed] = collection.query(
        f"SELECT count(*) AS n FROM failures WHERE stage = '{group}'"  # noqa: S608 - a stage's name
    ).to_pylist()
    reasons = collection.query(
        "SELECT turn_reason AS reason, count(*) AS n FROM media WHERE turn_reason IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).to_pylist()
    bins = collection.query(
        f"SELECT least(floor(turn_confidence * {N_BINS}), {N_BINS - 1})::INTEGER AS bin, "  # noqa: S608 - numbers
        "count(*) AS n FROM media WHERE turned_by <> 'person' AND turn_confidence IS NOT NULL "
        "GROUP BY 1"
    ).to_pylist()
    histogram = {one["bin"]: one["n"] for one in bins}
    return TurnCounts(
        **row,
        n_failed=failed["n"],
        reasons={one["reason"]: one["n"] for one in reasons},
        confidence=[histogram.get(place, 0) for place in range(N_BINS)],
    )


def least_sure(collection: Collection, n: int) -> list[dict[str, Any]]:
    """Return the media that the machine turned and was least sure of."""
    known = known_columns(collection)
    return list(
        collection.query(
            f"SELECT media_id, {name_sql(known)} AS name, turn_confidence, turned_deg, "  # noqa: S608 - names are quoted
            f"{column('cutout', known)} AS cutout FROM media WHERE turned_by <> 'person' "
            f"ORDER BY turn_confidence, media_id LIMIT {int(n)}"
        ).to_pylist()
    )


def as_json(report: UprightReport) -> dict[str, Any]:
    """Return a report as JSON values; what could not be measured is null."""
    found = report.calibration()
    values: dict[str, Any] = plain(
        {
            "report": "upright",
            "collection": report.title,
            "made": report.made.isoformat(timespec="seconds"),
            "orienter": report.weights.plugin,
            "weights": {
                "folder": report.weights.folder,
                "card": report.weights.card,
                "metrics": report.weights.metrics,
            },
            "n_measured": {part: len(report.of(part)) for part in PARTS},
            "measured": {
                part: {name: one._asdict() for name, one in report.estimates(part).items()}
                for part in PARTS
            },
            "histogram": {
                "edges_deg": EDGES_DEG,
                **{part: report.histogram(part) for part in PARTS},
            },
            "calibration": {
                "right_within_deg": RIGHT_DEG,
                "error": found.error,
                "bins": [one._asdict() for one in found.bins],
            },
            "kept_surest": [
                {"share": share, "least_confidence": least, "p95_deg": value}
                for share, least, value in report.kept_surest()
            ],
            "counts": {name: getattr(report.counts, name) for name in TurnCounts.__slots__},
            "left_out": [one._asdict() for one in report.left_out],
        }
    )
    return values


def write_json_file(report: UprightReport, path: Path) -> None:
    """Write the figures of a report."""
    write_json(path, as_json(report))


def write_csv(collection: Collection, report: UprightReport, path: Path) -> int:
    """Write one row a medium, :data:`CSV_COLUMNS`, for spreadsheets; return how many."""
    measured = {one.media_id: one for one in report.measured}

    def cells(row: Mapping[str, Any]) -> list[object]:
        figures = [""] * 4
        if found := measured.get(row["media_id"]):
            angles = (found.machine_deg, found.stated_deg, found.error_deg)
            figures = [found.part, *(f"{one:.2f}" for one in angles)]
        return [*(row[name] for name in _CELLS), *figures]

    return write_rows(path, CSV_COLUMNS, map(cells, _rows(collection)))


def _rows(collection: Collection) -> Iterator[dict[str, Any]]:
    known = known_columns(collection)
    return streamed(
        collection,
        f"SELECT media_id, {name_sql(known)} AS name, round(turned_deg, 2) AS turned_deg, "  # noqa: S608 - names are quoted
        "round(turn_confidence, 4) AS turn_confidence, turned_by, turn_reason FROM media "
        "WHERE upright IS NOT NULL ORDER BY media_id",
    )


def write_page(
    collection: Collection, report: UprightReport, path: Path, *, n_pictures: int = 24
) -> None:
    """Write a report as one HTML page that needs no other file and no network.

    Parameters
    ----------
    collection : Collection
    report : UprightReport
    path : Path
    n_pictures : int
        Entries in each gallery at most; two pictures of some 15 kB each.
    """
    from wunderkammer.reports._upright_page import page

    write_bytes(path, page(collection, report, n_pictures=n_pictures).encode())
