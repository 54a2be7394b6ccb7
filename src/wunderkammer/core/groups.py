"""Where the rows of a stage lie: ``columns/<group>`` below a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wunderkammer.core.column import rows_schema
from wunderkammer.core.files import read_json
from wunderkammer.core.parts import Parts
from wunderkammer.core.stage import Stage

REJECTED = "rejected.parquet"
"""File beside what a source's records became: what could not be used."""


def group_folder(root: Path, stage: Stage) -> Path:
    """Return the folder of a stage's rows."""
    return root / "columns" / stage.group


def stage_state(root: Path, stage: Stage) -> dict[str, Any]:
    """Return what the last finished run of a stage left beside its rows, or nothing."""
    return read_json(group_folder(root, stage) / "stage.json") or {}


def group_parts(root: Path, stage: Stage) -> Parts:
    """Return the parts of a stage's rows."""
    return Parts(group_folder(root, stage), rows_schema(stage.writes()))
