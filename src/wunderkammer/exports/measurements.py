"""What was measured of media: quality, sizes, classes, as measurements of Darwin Core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.provenance import software
from wunderkammer.exports.selection import Medium

TERMS = (
    "measurementID", "measurementType", "measurementValue", "measurementUnit",
    "measurementDeterminedBy", "measurementMethod", "measurementRemarks",
)  # fmt: skip

_STAGES = ("image", "measure", "fingerprint", "duplicates", "cutout", "upright", "sort")
_KINDS = ("real", "boolean")
_TEXTS = ("cutout_reason", "turn_reason", "duplicate_of", "view")
_UNITS = {"_mm": "mm", "_deg": "degrees", "_px": "pixels"}


class _Measured(NamedTuple):
    """A column that measures: its name, unit, meaning, and what wrote it."""

    name: str
    unit: str
    meaning: str
    by: str


class Measurements:
    """What stages measured of media that says how good they are.

    Parameters
    ----------
    collection : Collection
    """

    def __init__(self, collection: Collection) -> None:
        version = software().get("wunderkammer", "")
        self._columns = []
        for stage in collection.table().stages():
            if stage.name not in _STAGES:
                continue
            task = getattr(stage, "task", None)
            for column in stage.writes():
                if column.kind in _KINDS or column.name in {*_TEXTS, task}:
                    unit = next((u for end, u in _UNITS.items() if column.name.endswith(end)), "")
                    by = f"Wunderkammer {version}, stage {stage.group}, version {stage.version}"
                    self._columns.append(_Measured(column.name, unit, column.description, by))

    def of(self, medium: Medium) -> Iterator[Mapping[str, str]]:
        """Yield what was measured of a medium, as terms; what has no value is left out."""
        for column in self._columns:
            value = medium.row.get(column.name)
            if value is None:
                continue
            yield {
                "measurementID": f"{medium.media_id}/{column.name}",
                "measurementType": column.name,
                "measurementValue": f"{value:.6g}" if isinstance(value, float) else str(value),
                "measurementUnit": column.unit,
                "measurementDeterminedBy": column.by,
                "measurementMethod": column.meaning,
                "measurementRemarks": f"of the medium {medium.media_id}",
            }
