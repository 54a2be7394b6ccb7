"""Rejected rows, put aside until all are known, given back in the order of their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from wunderkammer.core.errors import RecordError
from wunderkammer.core.spill import Spill, sort_by_bucket
from wunderkammer.sources import Rejected
from wunderkammer.sources._text_rows import SpilledText

_ROWS = 8_192
_PLACE_BITS = 17


class Rejections:
    """Rows that are no records, by place; and counts of rows left out on purpose."""

    def __init__(self, folder: Path, texts: Sequence[SpilledText]) -> None:
        self._spill = Spill(folder)
        self._texts = texts
        self._held: list[tuple[int, RecordError]] = []
        self._left_out: Counter[tuple[str, str, str]] = Counter()

    def add(self, place: int, error: RecordError) -> None:
        """Put one aside."""
        self._held.append((place, error))
        if len(self._held) >= _ROWS:
            self._flush()

    def take(
        self,
        rejected: Iterable[pa.RecordBatch],
        left_out: Mapping[tuple[str, str, str], int],
    ) -> None:
        """Put several aside; add up rows left out, by file, reason and hint."""
        for rows in rejected:
            self._put(rows)
        self._left_out.update(left_out)

    def sorted(self) -> Iterator[list[Rejected]]:
        """Yield all in the order of the texts, then the counts; ends the writing."""
        self._flush()
        self._spill.finish()
        for bucket in self._spill.buckets():
            rows = pa.Table.from_batches([rows for _, rows in self._spill.read([bucket])])
            for some in rows.sort_by("place").to_batches(max_chunksize=_ROWS):
                yield [
                    Rejected(
                        self._where(row["place"]), RecordError(row["message"], hint=row["hint"])
                    )
                    for row in some.to_pylist()
                ]
        if self._left_out:
            yield [
                Rejected(f"{name}, {n:,} rows", RecordError(message, hint=hint))
                for (name, message, hint), n in sorted(self._left_out.items())
            ]

    def _where(self, place: int) -> str:
        return next(text.where(place) for text in self._texts if text.holds(place))

    def _flush(self) -> None:
        if not self._held:
            return
        held, self._held = self._held, []
        places, errors = zip(*held, strict=True)
        messages, hints = zip(*((one.message, one.hint) for one in errors), strict=True)
        self._put(rejected_rows(pa.array(places), pa.array(messages, pa.string()), hints))

    def _put(self, rows: pa.RecordBatch) -> None:
        buckets = rows.column("place").to_numpy() >> _PLACE_BITS
        self._spill.add(sort_by_bucket(rows, buckets))


def rejected_rows(places: pa.Array, messages: pa.Array, hints: Sequence[str]) -> pa.RecordBatch:
    """Return rejected rows as :meth:`Rejections.take` takes them."""
    columns = {"place": places, "message": messages, "hint": pa.array(hints, pa.string())}
    return pa.record_batch(columns)
