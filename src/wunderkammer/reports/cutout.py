"""The report on cut-outs: what was measured against people's masks, and who should look at what."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ImageMissingError, WunderkammerError
from wunderkammer.core.files import write_bytes, write_json
from wunderkammer.core.spreadsheet import write_rows
from wunderkammer.imaging.masks import Mask, Probability, confidence, decode_mask, from_grey
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
from wunderkammer.reports._truth import Truth, drawn_beside, drawn_in
from wunderkammer.reports._weights import WeightsUsed, weights_used
from wunderkammer.reports.agreement import Agreement, agreement, same_aspect
from wunderkammer.reports.calibration import (
    Calibration,
    Estimate,
    calibration,
    estimate,
    kept_surest,
)

PARTS = ("held_out", "trained_on")
MEASURES = Agreement._fields
N_BINS = 20
_CELLS = (
    "media_id", "photograph", "name", "cutout_confidence", "cutout_rejected", "cutout_reason",
    "cutout_by",
)  # fmt: skip

CSV_COLUMNS = (*_CELLS, "measured", *MEASURES, "not_measured_because")
"""Columns of the CSV file, one row a medium."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A photograph whose machine-made mask was compared with a person's.

    Attributes
    ----------
    truth : Truth
        The photograph and where its masks lie.
    part : str
        ``held_out``, or ``trained_on`` if the weights have seen it.
    confidence : float
        What the machine said its overlap would be.
    agreement : Agreement
        What it is.
    """

    truth: Truth
    part: str
    confidence: float
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class CutoutCounts:
    """What became of the media.

    Attributes
    ----------
    n_media : int
        Media that the stage has seen, several of one photograph counted each.
    n_photographs, n_several : int
        Photographs; those with several specimens.
    n_cut, n_rejected, n_failed : int
        Media with a cut-out; rejected; photographs that could not be worked on.
    n_for_a_person : int
        With a reason to look, and nobody has yet.
    n_judged : int
        Photographs that a person accepted, rejected or drew a mask for.
    n_by_person : int
        Media cut out by a person's mask.
    reasons : mapping of str to int
        Media by reason, numbers in it replaced by an ellipsis; most frequent first.
    confidence : sequence of int
        Media that the machine cut out, by confidence in 20 bins from 0 to 1.
    """

    n_media: int = 0
    n_photographs: int = 0
    n_several: int = 0
    n_cut: int = 0
    n_rejected: int = 0
    n_failed: int = 0
    n_for_a_person: int = 0
    n_judged: int = 0
    n_by_person: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    confidence: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class CutoutReport:
    """How well specimens were cut out.

    Attributes
    ----------
    title, contact : str
        Of the collection.
    made : datetime.datetime
        When, in universal time.
    masks : str
        Name of the folder that people's masks were taken from; empty: the collection's own.
    weights : WeightsUsed
        What the segmenter learned from.
    counts : CutoutCounts
    measured : sequence of Measured
        In the order of ids.
    left_out : sequence of LeftOut
        Masks that nothing could be measured against.
    """

    title: str
    contact: str
    made: dt.datetime
    masks: str
    weights: WeightsUsed
    counts: CutoutCounts
    measured: Sequence[Measured]
    left_out: Sequence[LeftOut]

    def of(self, part: str) -> list[Measured]:
        """Return what was measured on media of one part."""
        return [one for one in self.measured if one.part == part]

    def estimates(self, part: str) -> dict[str, Estimate]:
        """Return the mean of each measure over a part, with its 95 % interval."""
        rows = [one.agreement for one in self.of(part)]
        return {name: estimate([getattr(row, name) for row in rows]) for name in MEASURES}

    def calibration(self, part: str = "held_out") -> Calibration:
        """Return how far the confidence foretells the overlap."""
        return calibration(*self._confidence_and_iou(part))

    def kept_surest(self, part: str = "held_out") -> list[tuple[float, float, float]]:
        """Return share, least confidence and mean overlap if only the surest are kept."""
        return kept_surest(*self._confidence_and_iou(part))

    def _confidence_and_iou(self, part: str) -> tuple[list[float], list[float]]:
        rows = self.of(part)
        return [one.confidence for one in rows], [one.agreement.iou for one in rows]


def cutout_report(
    collection: Collection,
    masks: Path | None = None,
    each: Callable[[], None] = lambda: None,
) -> CutoutReport:
    """Measure a collection's cut-outs against what people drew.

    Parameters
    ----------
    collection : Collection
        Its stage ``cutout`` has run.
    masks : Path, optional
        A folder of PNG named by medium or by original file, white on the specimen, to measure
        against in place of the masks that are annotations.
    each : callable, optional
        Is called after each photograph that was measured or left out.

    Raises
    ------
    ConfigurationError, StageError
        If there are no cut-outs, or no file in the folder is named by a medium.
    """
    stage = stage_that_ran(collection, "cutout")
    known = known_columns(collection)
    weights = weights_used(collection, stage, "segmenter")
    truths = drawn_beside(collection, known, masks) if masks else drawn_in(collection, known)
    measured: list[Measured] = []
    left_out: list[LeftOut] = []
    for truth in truths:
        outcome = truth if isinstance(truth, LeftOut) else _measured(collection, truth, weights)
        if isinstance(outcome, Measured):
            measured.append(outcome)
        else:
            left_out.append(outcome)
        each()
    about = collection.configuration.about
    return CutoutReport(
        about.title,
        about.contact,
        dt.datetime.now(dt.UTC),
        masks.name if masks else "",
        weights,
        _counts(collection, stage.group),
        sorted(measured, key=lambda one: one.truth.media_id),
        left_out,
    )


def _measured(collection: Collection, truth: Truth, weights: WeightsUsed) -> Measured | LeftOut:
    """Compare one mask; what cannot be compared is named."""
    try:
        probability, wanted = masks_of(collection.root, truth)
        found = agreement(probability, wanted)
    except WunderkammerError as error:
        return LeftOut(truth.media_id, truth.name, error.message)
    said = confidence(probability) if truth.confidence is None else truth.confidence
    return Measured(truth, weights.part(truth.media_id, truth.specimen_id), said, found)


def masks_of(root: Path, truth: Truth) -> tuple[Probability, Mask]:
    """Return the machine's probabilities and the person's mask of a photograph.

    Raises
    ------
    ImageError
        If one of them is missing, broken, or of another photograph.
    """
    try:
        drawn = decode_mask(truth.path.read_bytes())
    except OSError as error:
        raise ImageMissingError(
            f"the person's mask {truth.path.name} cannot be read: {error.strerror or error}."
        ) from None
    if truth.mask is None:
        raise ImageMissingError("the machine made no mask of it.", hint="Run 'wk run cutout'.")
    if truth.width and truth.height:
        same_aspect(drawn.shape, (truth.height, truth.width))
    return from_grey(read_blob(root, truth.mask)), drawn


def _counts(collection: Collection, group: str) -> CutoutCounts:
    """Count what became of the media, in the database."""
    judged = f"{PHOTOGRAPH} IN (SELECT media_id FROM annotated WHERE term IN ('cutout', 'mask'))"  # noqa: S608 - fixed words
    sql = (
        f"SELECT count(cutout_rejected) AS n_media, count(DISTINCT {PHOTOGRAPH}) FILTER "  # noqa: S608 - names only
        "(cutout_rejected IS NOT NULL) AS n_photographs, "
        f"count(DISTINCT {PHOTOGRAPH}) FILTER (derivedFromMediaID IS NOT NULL) AS n_several, "
        "count(cutout) AS n_cut, count(*) FILTER (cutout_rejected) AS n_rejected, "
        f"count(*) FILTER (cutout_reason IS NOT NULL AND NOT {judged}) AS n_for_a_person, "
        f"count(DISTINCT {PHOTOGRAPH}) FILTER ({judged}) AS n_judged, "
        "count(*) FILTER (cutout_by = 'person') AS n_by_person FROM media"
    )
    [row] = collection.query(sql).to_pylist()
    [failed] = collection.query(
        f"SELECT count(*) AS n FROM failures WHERE stage = '{group}'"  # noqa: S608 - a stage's name
    ).to_pylist()
    reasons = collection.query(
        r"SELECT regexp_replace(cutout_reason, '[0-9]+([.,][0-9]+)*', '…', 'g') AS reason, "
        "count(*) AS n FROM media WHERE cutout_reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).to_pylist()
    bins = collection.query(
        f"SELECT least(floor(cutout_confidence * {N_BINS}), {N_BINS - 1})::INTEGER AS bin, "  # noqa: S608 - numbers
        "count(*) AS n FROM media WHERE cutout_confidence IS NOT NULL "
        "AND cutout_by IS DISTINCT FROM 'person' GROUP BY 1"
    ).to_pylist()
    histogram = {one["bin"]: one["n"] for one in bins}
    return CutoutCounts(
        **row,
        n_failed=failed["n"],
        reasons={one["reason"]: one["n"] for one in reasons},
        confidence=[histogram.get(place, 0) for place in range(N_BINS)],
    )


def least_sure(collection: Collection, n: int) -> list[dict[str, Any]]:
    """Return the media that the machine was least sure of and nobody has judged."""
    known = known_columns(collection)
    return list(
        collection.query(
            f"SELECT media_id, {name_sql(known)} AS name, cutout_confidence, cutout_reason, "  # noqa: S608 - names are quoted
            f"cutout, mask, {column('thumbnail', known)} AS thumbnail FROM media "
            "WHERE cutout_confidence IS NOT NULL AND cutout_by IS DISTINCT FROM 'person' "
            f"AND {PHOTOGRAPH} NOT IN (SELECT media_id FROM annotated WHERE term IN "
            f"('cutout', 'mask')) ORDER BY cutout_confidence, media_id LIMIT {int(n)}"
        ).to_pylist()
    )


def as_json(report: CutoutReport) -> dict[str, Any]:
    """Return a report as JSON values; what could not be measured is null."""
    counts = report.counts
    values: dict[str, Any] = plain(
        {
            "report": "cutout",
            "collection": report.title,
            "made": report.made.isoformat(timespec="seconds"),
            "masks": report.masks or "annotations",
            "segmenter": report.weights.plugin,
            "weights": {
                "folder": report.weights.folder,
                "card": report.weights.card,
                "metrics": report.weights.metrics,
            },
            "measured": {
                part: {name: one._asdict() for name, one in report.estimates(part).items()}
                for part in PARTS
            },
            "n_measured": {part: len(report.of(part)) for part in PARTS},
            "calibration": {
                "error": report.calibration().error,
                "bins": [one._asdict() for one in report.calibration().bins],
            },
            "kept_surest": [
                {"share": share, "least_confidence": least, "mean_iou": mean}
                for share, least, mean in report.kept_surest()
            ],
            "counts": {name: getattr(counts, name) for name in CutoutCounts.__slots__},
            "left_out": [one._asdict() for one in report.left_out],
        }
    )
    return values


def write_json_file(report: CutoutReport, path: Path) -> None:
    """Write the figures of a report."""
    write_json(path, as_json(report))


def write_csv(collection: Collection, report: CutoutReport, path: Path) -> int:
    """Write one row a medium, :data:`CSV_COLUMNS`, for spreadsheets; return how many."""
    measured = {one.truth.media_id: one for one in report.measured}
    why = {one.media_id: one.why for one in report.left_out if one.media_id}

    def cells(row: Mapping[str, Any]) -> list[object]:
        found = measured.get(row["photograph"])
        figures = [found.part, *map(_figure, found.agreement)] if found else [""] * 5
        return [*(row[name] for name in _CELLS), *figures, why.get(row["photograph"])]

    return write_rows(path, CSV_COLUMNS, map(cells, _rows(collection)))


def _figure(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"


def _rows(collection: Collection) -> Iterator[dict[str, Any]]:
    known = known_columns(collection)
    return streamed(
        collection,
        f"SELECT media_id, {PHOTOGRAPH} AS photograph, {name_sql(known)} AS name, "  # noqa: S608 - names are quoted
        "round(cutout_confidence, 4) AS cutout_confidence, cutout_rejected, cutout_reason, "
        "cutout_by FROM media WHERE cutout_rejected IS NOT NULL ORDER BY media_id",
    )


def write_page(
    collection: Collection, report: CutoutReport, path: Path, *, n_pictures: int = 24
) -> None:
    """Write a report as one HTML page that needs no other file and no network.

    Parameters
    ----------
    collection : Collection
    report : CutoutReport
    path : Path
    n_pictures : int
        Entries in each gallery at most; two pictures of some 15 kB each.
    """
    from wunderkammer.reports._cutout_page import page

    write_bytes(path, page(collection, report, n_pictures=n_pictures).encode())
