"""Images of a COCO file with their annotations, categories, institutions and licences."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.table import quoted
from wunderkammer.sources import Rejected
from wunderkammer.sources._images import nfc
from wunderkammer.sources._spill import Spill, one_a_key, sliced
from wunderkammer.vocab.darwin_core import term_of

if TYPE_CHECKING:
    import duckdb

MEMORY = "256MB"
KEY = "images:row:number"

_BINOMIAL = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ-]+ [a-zà-ÿ.-]+")
_RANKS = ("kingdom", "phylum", "class", "order", "family", "genus")
_JOINS = (
    ("annotations", "images:id", "image_id"),
    ("categories", "annotations:category_id", "id"),
    ("institutions", "annotations:institution_id", "id"),
    ("licenses", "images:license", "id"),
)
_IMAGE_TERMS = {
    "id": "image_id",
    "width": "PixelXDimension",
    "height": "PixelYDimension",
    "date_captured": "CreateDate",
}
_TAKEN = frozenset({"media_id", "specimen_id", "original_file", "accessURI"})
_ADDRESSES = ("coco_url", "flickr_url")


def images_joined(spill: Spill, scratch_heap: str = "joined") -> Iterator[pa.Table]:
    """Yield a row for each image, in the order of the file, with all that is said of it.

    Columns are called ``<section>:<member>``. Where an image has several
    annotations, their different values stand side by side.
    """
    with spill.connect(MEMORY) as connection:
        joined = _sections(connection, spill, "images")
        names = joined.columns
        for heap, mine, theirs in _JOINS:
            if not _can_be_joined(spill, heap, mine, theirs, names):
                continue
            other = _sections(connection, spill, heap)
            on = f"{quoted(mine)} = {quoted(f'{heap}:{theirs}')}"
            joined = joined.set_alias("joined").join(other.set_alias(heap), on, how="left")
            names += other.columns
        joined = joined.project(", ".join(map(quoted, names)))
        for batch in joined.to_arrow_reader(8_192):
            spill.put(scratch_heap, pa.Table.from_batches([batch]))
    several = [name for name in names if not name.startswith(("images:", "licenses:"))]
    for rows in spill.in_order(scratch_heap, KEY):
        yield from sliced(one_a_key(rows, KEY, several))


def _can_be_joined(spill: Spill, heap: str, mine: str, theirs: str, names: Sequence[str]) -> bool:
    if not spill.holds(heap) or mine not in names or theirs not in spill.columns(heap):
        return False
    if heap != "annotations":
        return True
    return spill.holds("categories") and "category_id" in spill.columns("annotations")


def _sections(
    connection: duckdb.DuckDBPyConnection, spill: Spill, heap: str
) -> duckdb.DuckDBPyRelation:
    """Return a section, its columns called after it; of entries with one id the first."""
    rows = connection.view(heap)
    names = spill.columns(heap)
    if heap == "annotations":
        known = connection.view("categories").project("id AS category_id")
        rows = rows.set_alias("a").join(known.set_alias("b"), "category_id", how="semi")
    else:
        first = rows.aggregate('id, min("row:number") AS "row:number"', "id")
        rows = rows.set_alias("a").join(first.set_alias("b"), 'id, "row:number"', how="semi")
    kept = [name for name in names if heap == "images" or name != "row:number"]
    return rows.project(", ".join(f"{quoted(n)} AS {quoted(f'{heap}:{n}')}" for n in kept))


def doubled(spill: Spill, file: str) -> Iterator[Rejected]:
    """Yield why images whose id an earlier one has cannot be used."""
    with spill.connect(MEMORY) as connection:
        rows = connection.view("images")
        first = rows.aggregate('id AS first_id, min("row:number") AS first_row', "id")
        joined = rows.set_alias("a").join(
            first.set_alias("b"), 'id = first_id AND "row:number" > first_row'
        )
        for image, number in joined.project('id, "row:number"').order("2").fetchall():
            yield Rejected(
                f"{file}, images, entry {number + 1}",
                RecordError(f"an earlier image has the id '{image}' already."),
            )


def astray(spill: Spill, file: str) -> Iterator[Rejected]:
    """Yield why annotations of images or categories that are not there cannot be used."""
    if not spill.holds("annotations"):
        return
    names = spill.columns("annotations")
    with spill.connect(MEMORY) as connection:
        rows = connection.view("annotations")
        for heap, member in (("images", "image_id"), ("categories", "category_id")):
            if member not in names:
                rows = rows.project(f"*, NULL::VARCHAR AS {member}")
            if not spill.holds(heap):
                rows = rows.project(f"*, NULL::VARCHAR AS {heap}_id")
                continue
            known = connection.view(heap).project(f"id AS {heap}_id").distinct()
            on = f"{member} = {heap}_id"
            rows = rows.set_alias("a").join(known.set_alias("b"), on, how="left")
        wrong = rows.filter("images_id IS NULL OR categories_id IS NULL").project(
            '"row:number", image_id, category_id, images_id'
        )
        for number, image, category, known_image in wrong.order("1").fetchall():
            where = f"{file}, annotations, entry {number + 1}"
            at = ("category", category) if known_image is not None else ("image", image)
            yield Rejected(where, _lost(*at))


def _lost(kind: str, name: str | None) -> RecordError:
    if name is None:
        return RecordError(f"the annotation has no '{kind}_id'.")
    return RecordError(
        f"the annotation is of the {kind} '{name}', which is not in the file.",
        hint="The file may be part of a larger one; ask whoever made it.",
    )


def category_term(spill: Spill) -> str:
    """Return the term of categories' names: ``scientificName`` if they look it, else ``subject``.

    They do if categories state a rank such as a family, or most of their names
    are two words of which only the first begins with a capital.
    """
    if any(rank in spill.columns("categories") for rank in _RANKS):
        return "scientificName"
    names = [name for some in spill.parts("categories", ["name"]) for name in some[0].to_pylist()]
    n_fit = sum(1 for name in names if name and _BINOMIAL.match(name))
    return "scientificName" if 2 * n_fit > len(names) else "subject"


class MediaMaker:
    """Makes records of joined images.

    Parameters
    ----------
    names_are : str
        Term that the name of a category fills.
    columns : sequence of str
        Columns of the joined images.
    sample : pyarrow.Table
        Some of them.
    files : LocalFiles
        Where the images lie.
    """

    def __init__(self, names_are: str, sample: pa.Table, files: LocalFiles) -> None:
        self._names_are = names_are
        self._files = files
        self._terms = _terms(sample, names_are)

    def __call__(self, rows: pa.Table, where: str) -> tuple[pa.Table, list[Rejected]]:
        """Return some images as records, and why others give none."""
        images, rejected, kept = self._located(rows, where)
        columns: dict[str, pa.Array] = {
            name: pa.array([one[n] for one in images], pa.string())
            for n, name in enumerate(("media_id", "original_file", "accessURI"))
        }
        columns["specimen_id"] = columns["media_id"]
        rows = rows.filter(pa.array(kept))
        for column, term in self._terms.items():
            columns.setdefault(term, rows.column(column).cast(pa.string()))
        columns |= _licence(rows)
        if self._names_are == "scientificName" and "scientificName" in columns:
            columns.setdefault("genus", _genera(columns["scientificName"]))
        return pa.table(columns), rejected

    def _located(
        self, rows: pa.Table, where: str
    ) -> tuple[list[tuple[str, str | None, str | None]], list[Rejected], list[bool]]:
        """Return id, file and address of each image that has one of the two."""
        cells = {
            name: rows.column(f"images:{name}").to_pylist()
            for name in ("file_name", *_ADDRESSES)
            if f"images:{name}" in rows.column_names
        }
        empty = [None] * rows.num_rows
        names = cells.get("file_name", empty)
        addresses = zip(*(cells.get(name, empty) for name in _ADDRESSES), strict=True)
        images, rejected, kept = [], [], []
        numbers = rows.column(KEY).to_pylist()
        for number, name, urls in zip(numbers, names, addresses, strict=True):
            address = next((url for url in urls if url), None)
            file = self._files.find(name) if name else None
            problem = _problem(name, address, file)
            kept.append(not problem)
            if problem:
                place = f"{where}, images, entry {number + 1}"
                rejected.append(Rejected(place, RecordError(problem)))
                continue
            media_id = stable_id("coco", nfc(name or address or ""))
            if file is None and address is None:
                file = name  # named and not here: a later stage says so
            images.append((media_id, file, address))
        return images, rejected, kept


def _problem(name: str | None, address: str | None, file: str | None) -> str:
    if not name and not address:
        return "the image has neither file_name nor coco_url."
    if name and not address and file is None and not _stays_inside(name.replace("\\", "/")):
        return f"the file '{name}' lies outside the images folder."
    return ""


def _terms(sample: pa.Table, names_are: str) -> dict[str, str]:
    """Return the name under which each column is kept, no two alike."""
    chosen: dict[str, str] = {}
    for column in sample.column_names:
        section, name = column.split(":", 1)
        if section == "licenses" or name in {"row:number", "file_name", "license", *_ADDRESSES}:
            continue
        if (section, name) in {("annotations", "image_id"), ("categories", "id")} or (
            section == "institutions" and name == "id"
        ):
            continue
        term = _term(section, name, sample.column(column).to_pylist(), names_are)
        term = term.replace(":", "_")
        if term in chosen.values() or term in _TAKEN:
            term = f"{section.rstrip('s')}_{term}"
        chosen[column] = term
    return chosen


def _term(section: str, name: str, values: Sequence[str | None], names_are: str) -> str:
    if (section, name) == ("categories", "name"):
        return names_are
    if (section, name) == ("institutions", "name"):
        return "institutionCode"
    if section == "images" and name in _IMAGE_TERMS:
        return _IMAGE_TERMS[name]
    if name == "id":
        return f"{section.rstrip('s')}_id"
    return term_of(name, [value for value in values if value]) or name


def _licence(rows: pa.Table) -> dict[str, pa.Array]:
    """Return the licence of each image: its address, else its name, else what the image says."""
    names = ("licenses:url", "licenses:name")
    places = [rows.column(name) for name in names if name in rows.column_names]
    out = {}
    if places:
        out["license"] = pc.coalesce(*places)
    if len(places) == len(names):
        out["UsageTerms"] = places[1]
    return out


def _genera(names: pa.Array) -> pa.Array:
    """Return the first word of each name; of several names side by side, each one's."""
    genera = [
        " | ".join(dict.fromkeys(one.split(" ", 1)[0] for one in name.split(" | ")))
        if name
        else None
        for name in names.to_pylist()
    ]
    return pa.array(genera, pa.string())


class LocalFiles:
    """Images below a folder, looked up one by one: a folder of millions is never listed.

    Parameters
    ----------
    root : Path
        The folder.
    sample : sequence of str
        Some names as the file writes them. Where these are found only without
        some of their first folders, all are looked for without them.
    """

    def __init__(self, root: Path, sample: Sequence[str]) -> None:
        self._root = root
        self._real = root.resolve()
        self._inside = lru_cache(maxsize=4096)(self._is_inside)
        self._n_left_out = 0
        deepest = max((name.count("/") + 1 for name in sample), default=1)
        for n in range(deepest):
            self._n_left_out = n
            if any(self.find(name) for name in sample):
                return
        self._n_left_out = 0

    def find(self, name: str) -> str | None:
        """Return the path of an image relative to the folder, or None if it is not there."""
        relative = name.replace("\\", "/")
        if self._n_left_out:
            relative = "/".join(relative.split("/")[self._n_left_out :])
        if not _stays_inside(relative):
            return None
        path = f"{self._root}/{relative}"
        try:
            mode = os.lstat(path).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISLNK(mode):
            target = Path(path).resolve()
            return relative if target.is_file() and target.is_relative_to(self._real) else None
        folder = path.rpartition("/")[0]
        return relative if stat.S_ISREG(mode) and self._inside(folder) else None

    def _is_inside(self, folder: str) -> bool:
        return Path(folder).resolve().is_relative_to(self._real)


def _stays_inside(path: str) -> bool:
    """Return whether a relative path stays below its folder; quick, for millions of them."""
    outside = path.startswith("/") or path[1:2] == ":"
    return bool(path) and not outside and (".." not in path or ".." not in path.split("/"))
