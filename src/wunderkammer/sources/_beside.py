"""Further tables beside a pair: what they say of a specimen or medium, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.errors import RecordError
from wunderkammer.core.spill import Spill
from wunderkammer.sources import Rejected
from wunderkammer.sources._cells import buckets_of, stripped
from wunderkammer.sources._pairs import Pair
from wunderkammer.sources._text_rows import SpilledText, bucket_count
from wunderkammer.sources._texts import TextTable

Tables = Iterable[pa.Table | list[Rejected]]
Key = Callable[[pa.Table], pa.ChunkedArray]
"""Takes records or rows beside them, returns what both are known by."""

Merge = Callable[[pa.Table, pa.Table], pa.Table]
"""Takes records and the rows beside them, one each, null where there is none; returns records."""

_ALL = 1 << 40


def with_beside(
    records: Tables,
    pair: Pair,
    text: TextTable,
    scratch: Path,
    *,
    specimen: str,
    key: Key,
    merge: Merge,
) -> Iterator[pa.Table | list[Rejected]]:
    """Yield records with what a text beside them says.

    Parameters
    ----------
    records : iterable of pyarrow.Table or list of Rejected
        As ``read_pair`` yields them.
    pair : Pair
        What they are read from.
    text : TextTable
        Rows that name their specimen by its id. Of several with one key the
        first counts; rows that cannot be read are yielded as rejected.
    scratch : Path
        A folder that is not there yet, for the text.
    specimen : str
        The column of the records that holds that id.
    key : callable
        By what a record finds its row.
    merge : callable
        Puts the two together.

    Notes
    -----
    The text lies on disk in the same buckets by id as the pair itself, and
    records come bucket by bucket: one bucket of the text is in memory at a time.
    """
    n_buckets = bucket_count((*pair.media, pair.core))
    spilled = SpilledText(text, 0, Spill(scratch), n_buckets, is_core=False)
    bad: list[tuple[int, RecordError]] = []
    spilled.write(lambda place, error: bad.append((place, error)))
    if bad:
        yield [Rejected(spilled.where(place), error) for place, error in sorted(bad, key=_place)]
    beside = _Buckets(spilled)
    for table in records:
        if isinstance(table, list):
            yield table
            continue
        for bucket, rows in _by_bucket(table, specimen, n_buckets):
            yield merge(rows, _aligned(rows, beside.read(bucket), key))


def _place(bad: tuple[int, RecordError]) -> int:
    return bad[0]


class _Buckets:
    """The buckets of a text; the last one read is kept."""

    def __init__(self, text: SpilledText) -> None:
        self._text = text
        self._there = set(text.buckets())
        self._bucket = -1
        self._rows = text.empty()

    def read(self, bucket: int) -> pa.Table:
        """Return the rows of a bucket."""
        if bucket != self._bucket:
            self._rows = self._text.empty()
            pa.default_memory_pool().release_unused()  # Arrow keeps the last bucket's otherwise
            found = self._text.read(bucket, _ALL) if bucket in self._there else iter(())
            self._rows = next(found, self._text.empty())
            self._bucket = bucket
        return self._rows


def _by_bucket(records: pa.Table, specimen: str, n_buckets: int) -> Iterator[tuple[int, pa.Table]]:
    """Yield records by the bucket of their specimen's id; mostly all share one."""
    ids = stripped(records.column(specimen).combine_chunks()).fill_null("")
    buckets = buckets_of(ids, n_buckets)
    for bucket in np.unique(buckets).tolist():
        yield bucket, records.filter(pa.array(buckets == bucket))


def _aligned(records: pa.Table, beside: pa.Table, key: Key) -> pa.Table:
    """Return for each record its row beside it, null throughout where there is none."""
    wanted, there = key(records), key(beside)
    known = pc.is_valid(there)
    rows = beside.filter(known)
    places = pc.index_in(wanted, value_set=there.filter(known).combine_chunks())
    names = [name for name in rows.column_names if not name.startswith(":")]
    return rows.select(names).take(places.combine_chunks())
