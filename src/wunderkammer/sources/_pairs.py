"""Two delimited texts of millions of rows, joined out of core: specimens and their media.

An export of records is mostly a pair: a *core* with a row a specimen (an
occurrence) and one or more tables of *media* whose rows name their specimen by
its id. :func:`read_pair` joins them in bounded memory, whatever their size and
order, into tables with a row a medium, and explains each row that gives none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.ahead import ahead
from wunderkammer.core.spill import Spill
from wunderkammer.sources import Rejected
from wunderkammer.sources._columns import is_address
from wunderkammer.sources._joining import (
    NO_IMAGE_HINT,
    array,
    joined,
    kept,
    media_ids,
    not_still_images,
    stable_ids,
    with_canonical,
)
from wunderkammer.sources._rejections import Rejections, rejected_rows
from wunderkammer.sources._text_rows import ID, PLACE, SpilledText, bucket_count
from wunderkammer.sources._texts import SPECIMEN_TERMS, TextColumn, TextTable

__all__ = ["SPECIMEN_TERMS", "Filter", "Pair", "TextColumn", "TextTable", "read_pair"]

Tables = Iterator[pa.Table | list[Rejected]]
Flags = npt.NDArray[np.bool_]

_MEDIA_BYTES = 24 << 20
_ROWS = 32_768
_ALL = 1 << 62

_NEEDS_ID = "It needs an id, an occurrenceID or a catalogNumber to be known again."
_ASK = "Ask the publisher for the address of the file."
_CUT_OFF = "The export may be cut off, or a filter took the row out."
_NO_IMAGE = "has no image: no medium refers to it and no file is named after it."


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows that stay out on purpose: by the user's setting or by a rule of the source.

    They are counted, not listed: all rows of a file that one filter takes out
    become one ``Rejected`` (``"multimedia.csv, 1,204 rows"``: ``"left out by the
    setting formats = ['image/jpeg']."``). Media of a specimen that was left out,
    and specimens whose media were all left out, are counted likewise.

    Attributes
    ----------
    of : {"core", "media"}
        Which rows are asked.
    why : str
        Ends the sentence "left out by …", such as ``"the setting taxa =
        ['Lepidoptera']"`` or ``"rule: pictures of labels"``.
    keep : callable
        Takes a table of terms (null where a cell is empty), returns a boolean
        array: True for rows that stay; null counts as False. A column that the
        text does not have is not in the table.
    hint : str
        What to do to have them.
    """

    of: Literal["core", "media"]
    why: str
    keep: Callable[[pa.Table], pa.ChunkedArray | pa.Array]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A core and its media, and the rules that join them.

    Attributes
    ----------
    scheme : str
        Begins what ids are made of, such as ``"nhm"``: a specimen's is
        ``stable_id(scheme, core_id)``.
    core : TextTable
        A row a specimen.
    media : tuple of TextTable
        A row a medium; may be empty.
    media_id_terms : tuple of str
        Terms (of the media, after ``prepare``) that tell the media of one
        specimen apart: a medium's id is ``stable_id(scheme, core_id,
        *values)``, an empty value for a term it lacks. A medium that lacks all
        of them is rejected.
    canonical : mapping of str to tuple of str
        Terms that every medium carries, and where they are read from, first
        filled one wins. Under these names the medium's value stands and a
        different one of the core is kept as ``core_<term>``; of any other term
        that both have, the core's stands and the medium's becomes
        ``media_<term>``.
    own_media_terms : tuple of str
        Terms of the core, first filled one wins, whose addresses are media of a
        specimen that has none in the media tables. Empty: none are looked for.
    filters : tuple of Filter
        Applied in order, before anything else is said about a row.
    """

    scheme: str
    core: TextTable
    media: tuple[TextTable, ...]
    media_id_terms: tuple[str, ...] = ("identifier", "accessURI")
    canonical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_media_terms: tuple[str, ...] = ("accessURI", "associatedMedia")
    filters: tuple[Filter, ...] = ()


def read_pair(pair: Pair, scratch: Path) -> Tables:
    """Yield a row for each still image of each specimen, and why other rows give none.

    Parameters
    ----------
    pair : Pair
        What to read.
    scratch : Path
        An empty folder for what does not fit into memory: about the size of the
        texts. The caller removes it.

    Yields
    ------
    pyarrow.Table or list of Rejected
        As ``Source.batches`` describes. The order of records is not that of the
        text. Rejected rows come after all records, in the order of the texts
        (media before the core), counts of filters last.

    Raises
    ------
    SourceError
        If the header of a text has fewer columns than are spoken of.
    """
    texts: list[SpilledText] = []
    n_files = 0
    n_buckets = bucket_count((*pair.media, pair.core))
    for number, text in enumerate((*pair.media, pair.core)):
        spill = Spill(scratch / f"text-{number}")
        texts.append(SpilledText(text, n_files, spill, n_buckets, is_core=text is pair.core))
        n_files += len(text.files)
    rejections = Rejections(scratch / "rejected", texts)
    for one in texts:
        one.write(rejections.add)
    *media, core = texts
    buckets = sorted({bucket for one in texts for bucket in one.buckets()})
    for found in ahead(lambda bucket: _Bucket(pair, core, media).join(bucket), buckets):
        yield from found.tables
        rejections.take(found.rejected, found.left_out)
    yield from rejections.sorted()


class _Bucket:
    """The specimens whose ids share a bucket, and their media."""

    def __init__(self, pair: Pair, core: SpilledText, media: Sequence[SpilledText]) -> None:
        self._pair = pair
        self._core = core
        self._media = media
        self.tables: list[pa.Table] = []
        self.rejected: list[pa.RecordBatch] = []
        self.left_out: Counter[tuple[str, str, str]] = Counter()
        self._seen: list[pa.Array] = []

    def join(self, bucket: int) -> _Bucket:
        """Read a bucket; hold what its rows give."""
        core, left_out = self._specimens(bucket)
        ids = array(core, ID)
        specimen_ids = stable_ids(self._pair.scheme, [ids])
        has_media = np.zeros(len(ids), bool)
        lost_media: dict[int, Filter] = {}
        for text in self._media:
            for media in text.read(bucket, _MEDIA_BYTES):
                media, out = self._filtered(text, media, "media")  # noqa: PLW2901  (the whole is let go)
                for one, rows in out:
                    places = pc.index_in(array(rows, ID), value_set=ids).drop_null()
                    lost_media.update(dict.fromkeys(places.to_pylist(), one))
                media, media_ids_ = self._usable(media)  # noqa: PLW2901
                places = pc.index_in(array(media, ID), value_set=ids)
                self._orphans(text, media.filter(pc.is_null(places)), left_out)
                known = pc.is_valid(places)
                places = places.filter(known)
                has_media[places.to_numpy(zero_copy_only=False)] = True
                self._records(
                    core, specimen_ids, places, kept(media, known), media_ids_.filter(known)
                )
        self._without_media(core, specimen_ids, np.flatnonzero(~has_media), lost_media)
        pa.default_memory_pool().release_unused()
        return self

    def _specimens(self, bucket: int) -> tuple[pa.Table, dict[str, Filter]]:
        """Return the core's rows, each id once; and the ids that filters left out."""
        tables = list(self._core.read(bucket, _ALL))
        if not tables:
            return self._core.empty(), {}
        core, out = self._filtered(self._core, tables[0], "core")
        left_out = {name: one for one, rows in out for name in array(rows, ID).to_pylist()}
        ids = array(core, ID)
        nameless = pc.equal(ids, "")
        order = pa.array(np.arange(len(ids)), pa.int32())
        again = pc.and_not(pc.not_equal(pc.index_in(ids, value_set=ids), order), nameless)
        self._reject(core.filter(nameless), ["the row has no identifier."], _NEEDS_ID)
        double = core.filter(again)
        message = ["an earlier row has the id '", array(double, ID), "' already."]
        self._reject(double, message, "Ids must be unique.")
        return kept(core, pc.invert(pc.or_(nameless, again))), left_out

    def _filtered(
        self, text: SpilledText, rows: pa.Table, of: str
    ) -> tuple[pa.Table, list[tuple[Filter, pa.Table]]]:
        """Return the rows that all filters keep, and the others by filter; count these."""
        out = []
        for one in self._pair.filters:
            if one.of != of:
                continue
            keep = one.keep(rows).fill_null(False)
            gone = rows.filter(pc.invert(keep))
            if gone.num_rows:
                out.append((one, gone.select([ID, PLACE])))
                rows = rows.filter(keep)
                self._count(text, gone, f"left out by {one.why}.", one.hint)
        return rows, out

    def _usable(self, media: pa.Table) -> tuple[pa.Table, pa.Array]:
        """Return the rows that are media, each once, and their ids; reject the others."""
        ids = media_ids(self._pair.scheme, media, self._pair.media_id_terms)
        names = pc.coalesce(*(array(media, term) for term in self._pair.media_id_terms))
        media = with_canonical(media, self._pair.canonical)
        other = not_still_images(media)
        sounds, why = media.filter(pc.is_valid(other)), other.drop_null()
        of = "the medium of '"
        self._reject(sounds, [of, array(sounds, ID), "' is no still image: ", why, "."])
        nameless = pc.and_(pc.is_null(other), pc.is_null(ids))
        lost = media.filter(nameless)
        self._reject(lost, [of, array(lost, ID), "' has ", self._lacking()], _ASK)
        good = pc.and_(pc.is_null(other), pc.is_valid(ids))
        media, ids, names = kept(media, good), ids.filter(good), names.filter(good)
        first = self._first(ids)
        again = pc.invert(first)
        double, names = media.filter(again), names.filter(again)
        message = ["the medium '", names, "' of '", array(double, ID), "' stands here twice."]
        self._reject(double, message)
        return kept(media, first), ids.filter(first)

    def _first(self, ids: pa.Array) -> pa.Array:
        """Return which ids come for the first time; remember them."""
        order = pa.array(np.arange(len(ids)), pa.int32())
        first = pc.equal(pc.index_in(ids, value_set=ids), order)
        for earlier in self._seen:
            first = pc.and_not(first, pc.is_in(ids, value_set=earlier))
        self._seen.append(ids.filter(first))
        return first

    def _lacking(self) -> str:
        terms = self._pair.media_id_terms
        return f"neither {' nor '.join(terms)}." if len(terms) > 1 else f"no {terms[0]}."

    def _orphans(self, text: SpilledText, media: pa.Table, left_out: Mapping[str, Filter]) -> None:
        """Reject media of no specimen; count those of specimens that a filter left out."""
        if not media.num_rows:
            return
        why = [left_out.get(one) for one in array(media, ID).to_pylist()]
        for one in dict.fromkeys(filter(None, why)):
            gone = media.filter(pa.array([other is one for other in why]))
            self._count(text, gone, f"their specimens are left out by {one.why}.", one.hint)
        lost = media.filter(pa.array([one is None for one in why]))
        message = [
            "the medium belongs to the row '",
            array(lost, ID),
            "', which is not in the core.",
        ]
        self._reject(lost, message, _CUT_OFF)

    def _records(
        self,
        core: pa.Table,
        specimen_ids: pa.Array,
        places: pa.Array,
        media: pa.Table,
        ids: pa.Array,
    ) -> None:
        """Keep a row for each medium, with the terms of its specimen."""
        order = pc.sort_indices(ids)  # whoever puts records aside by id has them sorted
        for start in range(0, len(order), _ROWS):
            some = order.slice(start, _ROWS)
            owners = places.take(some)
            table = joined(core.take(owners), media.take(some), self._pair.canonical)
            self._keep(table, ids.take(some), specimen_ids.take(owners))

    def _keep(self, table: pa.Table, ids: pa.Array, specimen_ids: pa.Array) -> None:
        names = [name for name in table.column_names if name not in {"media_id", "specimen_id"}]
        columns = {"media_id": ids, "specimen_id": specimen_ids}
        self.tables.append(pa.table(columns | {name: table[name] for name in names}))

    def _without_media(
        self,
        core: pa.Table,
        specimen_ids: pa.Array,
        places: npt.NDArray[np.int64],
        lost_media: Mapping[int, Filter],
    ) -> None:
        """Take the addresses that specimens name themselves; reject those that name none."""
        rest = core.take(pa.array(places))
        terms = self._pair.own_media_terms
        own = pc.coalesce(pa.nulls(len(places), pa.string()), *(array(rest, t) for t in terms))
        bare = np.ones(len(places), bool)
        owners: list[int] = []
        addresses: list[str] = []
        for n in np.flatnonzero(own.is_valid().to_numpy(zero_copy_only=False)).tolist():
            found = _addresses(own[n].as_py())
            bare[n] = not found
            owners += [n] * len(found)
            addresses += found
        for start in range(0, len(owners), _ROWS):
            some = owners[start : start + _ROWS]
            rows = rest.take(pa.array(some))
            self._own_media(rows, addresses[start : start + _ROWS], specimen_ids.take(places[some]))
        lost = [lost_media.get(place) for place in places.tolist()] if lost_media else []
        for one in dict.fromkeys(filter(None, lost)):
            gone = bare & np.array([other is one for other in lost])
            why = f"their media are left out by {one.why}."
            self._count(self._core, rest.filter(pa.array(gone)), why, one.hint)
            bare &= ~gone
        rest = rest.filter(pa.array(bare))
        self._reject(rest, ["the row '", array(rest, ID), "' ", _NO_IMAGE], NO_IMAGE_HINT)

    def _own_media(self, core: pa.Table, addresses: list[str], specimen_ids: pa.Array) -> None:
        media = pa.table({ID: core[ID], "accessURI": pa.array(addresses, pa.string())})
        terms = dict.fromkeys((*self._pair.media_id_terms, "accessURI"))
        ids = media_ids(self._pair.scheme, media, list(terms))
        media = with_canonical(media, self._pair.canonical)
        self._keep(joined(core, media, self._pair.canonical), ids, specimen_ids)

    def _count(self, text: SpilledText, rows: pa.Table, why: str, hint: str) -> None:
        """Count rows left out, by file."""
        files = Counter(text.file_name(place) for place in array(rows, PLACE).to_pylist())
        for name, n in files.items():
            self.left_out[name, why, hint] += n

    def _reject(self, rows: pa.Table, message: Sequence[str | pa.Array], hint: str = "") -> None:
        """Put rows among the rejected; the message is made of its parts."""
        n = rows.num_rows
        if n:
            parts = [pa.array([part] * n) if isinstance(part, str) else part for part in message]
            said = pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]
            self.rejected.append(rejected_rows(array(rows, PLACE), said, [hint] * n))


def _addresses(own: str) -> list[str]:
    """Return the addresses in a cell, each once."""
    parts = [part.strip() for part in re.split(r"\||;\s|\s", own)]
    return [one for one in dict.fromkeys(parts) if is_address(one)]
