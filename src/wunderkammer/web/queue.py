"""The queue: which media a person should look at, worst first, as one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.column import Column
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.stage import RowStage, Stage
from wunderkammer.core.table import Table, joins, literal, quoted, select
from wunderkammer.web.schemas import Order, Tool

_IMAGE = ("thumbnail", "original", "content_path", "width", "height")
_SAID = {"said_verdict": "cutout", "said_mask": "mask", "said_angle": "angle_deg"}
_JUDGED_BY = {"cutout": "said_verdict IS NOT NULL OR said_mask IS NOT NULL",
              "upright": "said_angle IS NOT NULL"}  # fmt: skip
_CAPTIONS = ("scientificName", "title", "original_file", "catalogNumber", "accessURI")
_FILES = ("original_file", "catalogNumber", "accessURI")
_CUT = ("cutout", "cutout_left", "cutout_top", "cutout_width", "cutout_height", "cutout_reason",
        "cutout_rejected", "cutout_confidence", "cutout_by", "mask")  # fmt: skip
_TURNED = ("turned_deg", "turn_confidence", "turned_by", "turn_reason")

_BADNESS = {
    "cutout": "CASE WHEN agreement IS NOT NULL THEN agreement WHEN judged THEN 4 "
    "WHEN rejected OR failed THEN -1 ELSE coalesce(confidence, 3) END",
    "upright": "CASE WHEN judged THEN 4 WHEN failed THEN -1 ELSE coalesce(confidence, 3) END",
}
"""Lowest first: no cut-out, then by agreement or confidence, then not yet done, then settled."""

_ORDERS: dict[Order, str] = {
    "worst": "{badness}, id",
    "least-sure": "confidence NULLS LAST, id",
    "unseen": "{badness}, id",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a queue, and how many there are in all.

    Attributes
    ----------
    n : int
        Rows in all.
    rows : sequence of mapping
        Those that were asked for, as :func:`rows_sql` names their columns.
    """

    n: int
    rows: Sequence[Mapping[str, Any]]


def read_queue(
    collection: Collection,
    tool: Tool,
    order: Order,
    slot: tuple[int, int],
    agreements: Mapping[str, float],
) -> Page:
    """Return a part of the media to review.

    Parameters
    ----------
    collection : Collection
        Only its images must be there; stages that have not run leave cells empty.
    tool, order : str
        What is reviewed, and in which order.
    slot : tuple of int
        Offset and limit.
    agreements : mapping of str to float
        Intersection over union of the machine's and the person's mask, by id.
    """
    known = (
        f"SELECT r.*, a.agreement FROM ({rows_sql(collection.table(), tool)}) r "  # noqa: S608
        f"LEFT JOIN ({_agreements_sql(agreements)}) a ON a.agreement_id = r.id"
    )
    where = "WHERE NOT judged" if order == "unseen" else ""
    [count] = collection.query(f"SELECT count(*) AS n FROM ({known}) {where}").to_pylist()  # noqa: S608
    by = _ORDERS[order].format(badness=_BADNESS[tool])
    offset, limit = slot
    sql = f"SELECT * FROM ({known}) {where} ORDER BY {by} LIMIT {limit:d} OFFSET {offset:d}"  # noqa: S608
    return Page(count["n"], collection.query(sql).to_pylist())


def read_row(collection: Collection, tool: Tool, media_id: str) -> Mapping[str, Any]:
    """Return the row of one medium.

    Raises
    ------
    UnknownNameError
        If there is no such medium, or it has no image yet.
    """
    sql = f"SELECT * FROM ({rows_sql(collection.table(), tool)}) WHERE id = {literal(media_id)}"  # noqa: S608
    rows: Sequence[Mapping[str, Any]] = collection.query(sql).to_pylist()
    if not rows:
        raise UnknownNameError(
            f"no medium with an image is called '{media_id}'.",
            hint="It may have been removed from the source, or its image failed: 'wk failures'.",
        )
    return rows[0]


def read_drawn(collection: Collection) -> Sequence[Mapping[str, Any]]:
    """Return id, person's mask and machine's mask of every medium that has both."""
    sql = (
        "SELECT id, said_mask, machine_mask "  # noqa: S608 - made of quoted names
        f"FROM ({rows_sql(collection.table(), 'cutout')}) "
        "WHERE said_mask IS NOT NULL AND machine_mask IS NOT NULL"
    )
    return list(collection.query(sql).to_pylist())


def find_id(collection: Collection, tool: Tool, name: str) -> str | None:
    """Return the medium that a file name holds, by its id or the name of its original."""
    stem = name.rsplit(".", 1)[0] if "." in name else name
    wanted = ", ".join(literal(one.lower()) for one in {name, stem})
    file = "lower(regexp_extract(coalesce(file, ''), '[^/]*$'))"
    sql = (
        f"SELECT id FROM ({rows_sql(collection.table(), tool)}) "  # noqa: S608 - escaped
        f"WHERE contains({literal(name.lower())}, id) OR contains({literal(name.lower())}, "
        f"photograph) OR {file} IN ({wanted}) "
        f"OR regexp_replace({file}, '[.][^.]*$', '') IN ({wanted}) ORDER BY id LIMIT 1"
    )
    rows = collection.query(sql).to_pylist()
    return rows[0]["id"] if rows else None


def rows_sql(table: Table, tool: Tool) -> str:
    """Return SQL for one row a medium that can be reviewed.

    Columns are ``id``; ``photograph``, the medium it was cut from, else itself;
    ``caption``, ``file``; those of the image; what people ``said_…``, ``judged``,
    ``who`` and ``when``; and what the stage made: ``confidence``, ``reason``,
    ``rejected``, ``failed``, ``made_by``, ``machine_mask``, ``cutouts``, ``turned_deg``.

    A photograph is cut out whole, so the media of ``cutout`` are those before it
    derives any; those of ``upright`` are each specimen.
    """
    stages = {stage.name: stage for stage in table.stages()}
    reader = stages.get(tool)
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
    made = _cut_sql(stages) if tool == "cutout" else _turned_sql(stages)
    return (
        f"SELECT *, coalesce({_JUDGED_BY[tool]}, false) AS judged FROM ("  # noqa: S608 - quoted
        f"SELECT u.id_{epoch} AS id, u.id_{min(of_mask, epoch)} AS photograph, "
        f"{_first(_CAPTIONS, cells)} AS caption, {_first(_FILES, cells)} AS file, "
        f"{select([cell for cell in cells if cell.name in _IMAGE])}, {said}, w.who, "
        f'w."when", made.* EXCLUDE (made_id) FROM ({table.universe(reader)}) u '
        f"{joins(cells)}{last} LEFT JOIN ({_who_sql(tool)}) w ON w.media_id = u.id_{epoch} "
        f"LEFT JOIN ({made}) made ON made.made_id = u.id_{epoch}) WHERE thumbnail IS NOT NULL"
    )


def _first(names: Sequence[str], cells: Sequence[Any]) -> str:
    """Return SQL for the first of some terms that a medium has."""
    known = {cell.name: cell.value for cell in cells}
    values = [f"nullif({known[name]}, '')" for name in names if name in known]
    return f"coalesce({', '.join([*values, literal('')])})"


def _who_sql(tool: Tool) -> str:
    terms = "'cutout', 'mask'" if tool == "cutout" else "'angle_deg'"
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


def _agreements_sql(agreements: Mapping[str, float]) -> str:
    if not agreements:
        return "SELECT NULL::VARCHAR AS agreement_id, NULL::DOUBLE AS agreement WHERE false"
    rows = ", ".join(f"({literal(one)}, {value:.6f})" for one, value in agreements.items())
    return f"SELECT * FROM (VALUES {rows}) v(agreement_id, agreement)"  # noqa: S608 - escaped
