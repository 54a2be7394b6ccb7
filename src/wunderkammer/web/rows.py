"""Rows of the media that can be reviewed, as SQL: what they are, what was made, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from wunderkammer.core.column import Column
from wunderkammer.core.stage import RowStage, Stage
from wunderkammer.core.table import Table, joins, literal, quoted, select

_IMAGE = ("thumbnail", "original", "content_path", "width", "height")
_SAID = {"said_verdict": "cutout", "said_mask": "mask", "said_angle": "angle_deg"}
_JUDGED_BY = {"cutout": "said_verdict IS NOT NULL OR said_mask IS NOT NULL",
              "upright": "said_angle IS NOT NULL"}  # fmt: skip
_CAPTIONS = ("scientificName", "title", "original_file", "catalogNumber", "accessURI")
_FILES = ("original_file", "catalogNumber", "accessURI")
_CUT = ("cutout", "cutout_left", "cutout_top", "cutout_width", "cutout_height", "cutout_reason",
        "cutout_rejected", "cutout_confidence", "cutout_by", "mask")  # fmt: skip
_TURNED = ("turned_deg", "turn_confidence", "turned_by", "turn_reason")

Subject = Literal["cutout", "upright"]
"""Whose rows: those of photographs that are cut out whole, or of each specimen."""


def rows_sql(table: Table, subject: Subject) -> str:
    """Return SQL for one row a medium that can be reviewed.

    Columns are ``id``; ``photograph``, the medium it was cut from, else itself;
    ``caption``, ``file``; those of the image; what people ``said_…``, ``judged``,
    ``who`` and ``when``; and what the stage made: ``confidence``, ``reason``,
    ``rejected``, ``failed``, ``made_by``, ``machine_mask``, ``cutouts``, ``turned_deg``.

    A photograph is cut out whole, so the media of ``cutout`` are those before it
    derives any; those of ``upright`` are each specimen.
    """
    stages = {stage.name: stage for stage in table.stages()}
    reader = stages.get(subject)
    epoch = table.n_epochs() if reader is None else table.epoch(reader)
    of_mask = table.epoch(stages["cutout"]) if "cutout" in stages else epoch
    terms = [name for name in {*_CAPTIONS, *_FILES} if name in table.record_columns]
    cells = table.cells([*terms, *_IMAGE], reader)
    said = ", ".join(f"{name}.value AS {name}" for name in _SAID)
    last = "".join(
        f" LEFT JOIN annotated {name} ON {name}.term = '{term}' AND {name}.media_id = "
        f"u.id_{epoch if term == 'angle_deg' else min(of_mask, epoch)}"
        for name, term in _SAID.items()
    )
    made = _cut_sql(stages) if subject == "cutout" else _turned_sql(stages)
    return (
        f"SELECT *, coalesce({_JUDGED_BY[subject]}, false) AS judged FROM ("  # noqa: S608 - quoted
        f"SELECT u.id_{epoch} AS id, u.id_{min(of_mask, epoch)} AS photograph, "
        f"{_first(_CAPTIONS, cells)} AS caption, {_first(_FILES, cells)} AS file, "
        f"{select([cell for cell in cells if cell.name in _IMAGE])}, {said}, w.who, "
        f'w."when", made.* EXCLUDE (made_id) FROM ({table.universe(reader)}) u '
        f"{joins(cells)}{last} LEFT JOIN ({_who_sql(subject)}) w ON w.media_id = u.id_{epoch} "
        f"LEFT JOIN ({made}) made ON made.made_id = u.id_{epoch}) WHERE thumbnail IS NOT NULL"
    )


def _first(names: Sequence[str], cells: Sequence[Any]) -> str:
    """Return SQL for the first of some terms that a medium has."""
    known = {cell.name: cell.value for cell in cells}
    values = [f"nullif({known[name]}, '')" for name in names if name in known]
    return f"coalesce({', '.join([*values, literal('')])})"


def _who_sql(subject: Subject) -> str:
    terms = "'cutout', 'mask'" if subject == "cutout" else "'angle_deg'"
    return (
        'SELECT media_id, arg_max(who, n) AS who, arg_max("when", n) AS "when" '  # noqa: S608
        f"FROM annotations WHERE term IN ({terms}) GROUP BY media_id"
    )


def _cut_sql(stages: Mapping[str, Stage]) -> str:
    """Return SQL for what the stage cutout made of each photograph."""
    stage = stages.get("cutout")
    if stage is None:
        return _nothing()
    cells = _columns(stage, _CUT)
    view, status = quoted(stage.group), "c.status <> 'replaced'"
    if isinstance(stage, RowStage) and stage.derives:
        status += " AND (c.derivedFromMediaID IS NULL OR (p.status = 'replaced' AND p.key = c.key))"
    return (
        f"SELECT coalesce(c.derivedFromMediaID, c.media_id) AS made_id, "  # noqa: S608 - quoted
        f"min({cells['cutout_confidence']}) AS confidence, "
        f"coalesce(string_agg(DISTINCT {cells['cutout_reason']}, '; '), any_value(c.message)) "
        f"AS reason, bool_and({cells['cutout_rejected']}) AS rejected, "
        f"bool_or(c.status = 'failed') AS failed, any_value({cells['cutout_by']}) AS made_by, "
        f"any_value({cells['mask']}) AS machine_mask, NULL::DOUBLE AS turned_deg, "
        f"{_boxes(cells)} AS cutouts FROM {view} c LEFT JOIN {view} p "
        f"ON c.derivedFromMediaID = p.media_id WHERE {status} GROUP BY 1"
    )


def _turned_sql(stages: Mapping[str, Stage]) -> str:
    """Return SQL for each specimen's cut-out, and what the stage upright made of it."""
    cut, turned = stages.get("cutout"), stages.get("upright")
    if cut is None and turned is None:
        return _nothing()
    cells = _columns(cut, _CUT) | _columns(turned, _TURNED, "t")
    cut_rows = f"SELECT * FROM {quoted(cut.group)} WHERE status = 'done'" if cut else ""  # noqa: S608
    sides = [f"({cut_rows}) c" if cut else "", f"{quoted(turned.group)} t" if turned else ""]
    both = " FULL JOIN ".join(filter(None, sides)) + (
        " ON t.media_id = c.media_id" if cut and turned else ""
    )
    ids = ", ".join(f"{side[-1]}.media_id" for side in sides if side)
    failed, message = ("t.status = 'failed'", "t.message") if turned else ("false", "NULL")
    return (
        f"SELECT coalesce({ids}) AS made_id, {cells['turn_confidence']} AS confidence, "  # noqa: S608
        f"coalesce({cells['turn_reason']}, {message}) AS reason, "
        f"coalesce({cells['cutout_rejected']}, false) AS rejected, "
        f"{failed} AS failed, {cells['turned_by']} AS made_by, {cells['mask']} AS machine_mask, "
        f"{cells['turned_deg']} AS turned_deg, {_boxes(cells, one=True)} AS cutouts FROM {both}"
    )


def _boxes(cells: Mapping[str, str], *, one: bool = False) -> str:
    """Return SQL for a list of cut-outs with their boxes."""
    fields = ", ".join(f"'{name}': {cells[name]}" for name in _CUT[:5])
    box = f"{{'id': {cells['id']}, {fields}}}"
    there = f"{cells['cutout']} IS NOT NULL"
    if one:
        return f"CASE WHEN {there} THEN [{box}] END"
    return f"list({box} ORDER BY c.media_id) FILTER (WHERE {there})"


def _columns(stage: Stage | None, names: Sequence[str], alias: str = "c") -> dict[str, str]:
    """Return SQL for a stage's columns; NULL for those it does not write."""
    written: dict[str, Column] = {}
    if stage is not None:
        written = {column.name: column for column in stage.writes()}
    found = {name: f"{alias}.{quoted(name)}" if name in written else "NULL" for name in names}
    return found | ({"id": f"{alias}.media_id" if stage else "NULL"} if alias == "c" else {})


def _nothing() -> str:
    return (
        "SELECT NULL::VARCHAR AS made_id, NULL::DOUBLE AS confidence, NULL::VARCHAR AS reason, "
        "false AS rejected, false AS failed, NULL::VARCHAR AS made_by, "
        "NULL::VARCHAR AS machine_mask, NULL::DOUBLE AS turned_deg, NULL AS cutouts WHERE false"
    )
