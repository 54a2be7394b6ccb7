"""Rows that do not fit into memory: put aside by bucket, read back bucket by bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_SMALLEST_SORT = 2
_BUFFER = 1 << 18


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows in the order of their buckets.

    Attributes
    ----------
    rows : pyarrow.RecordBatch
    buckets : ndarray of int64, shape (n,)
        The buckets that have rows, ascending.
    bounds : ndarray of int64, shape (n + 1,)
        Where the rows of each begin and end.
    """

    rows: pa.RecordBatch
    buckets: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]


def sort_by_bucket(rows: pa.RecordBatch, bucket: npt.NDArray[np.int64]) -> Sorted:
    """Sort rows by bucket; those of one bucket keep their order."""
    if len(bucket) >= _SMALLEST_SORT and np.any(bucket[1:] < bucket[:-1]):
        order = np.argsort(bucket, kind="stable")
        rows, bucket = rows.take(pa.array(order)), bucket[order]
    starts = np.flatnonzero(np.diff(bucket, prepend=-1)) if len(bucket) else np.zeros(0, np.int64)
    return Sorted(rows, bucket[starts], np.append(starts, len(bucket)))


class Spill:
    """Rows on disk by bucket.

    Parameters
    ----------
    folder : Path
        Made if need be; whoever made the spill removes it.

    Notes
    -----
    The rows of one schema lie in one Arrow file; where each bucket's are in it
    is held in memory. Written by one thread; read by several once
    :meth:`finish` was called.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writers: dict[tuple[str, pa.Schema], tuple[int, pa.ipc.RecordBatchFileWriter]] = {}
        self._files: list[pa.NativeFile] = []
        self._places: dict[int, list[tuple[str, int, int]]] = {}
        self._n_batches: list[int] = []

    def add(self, part: Sorted, kind: str = "") -> None:
        """Put rows aside; ``kind`` comes back with them."""
        file, writer = self._writer(kind, part.rows.schema)
        for bucket, start, end in zip(
            part.buckets.tolist(), part.bounds.tolist(), part.bounds[1:].tolist(), strict=False
        ):
            writer.write_batch(part.rows.slice(start, end - start))
            self._places.setdefault(bucket, []).append((kind, file, self._n_batches[file]))
            self._n_batches[file] += 1

    def finish(self) -> None:
        """End writing."""
        for _, writer in self._writers.values():
            writer.close()
        for file in self._files:
            file.close()

    def buckets(self) -> list[int]:
        """Return the buckets that have rows, ascending."""
        return sorted(self._places)

    def read(
        self, buckets: Sequence[int], *, column: str = ""
    ) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Yield kind and rows of some buckets, those of each as they were put aside.

        Parameters
        ----------
        buckets : sequence of int
        column : str, optional
            The only one that is read; all rows must have it.
        """
        opened: dict[int, pa.ipc.RecordBatchFileReader] = {}
        files: list[pa.NativeFile] = []
        try:
            for bucket in buckets:
                for kind, file, n in self._places.get(bucket, ()):
                    if file not in opened:
                        files.append(pa.OSFile(str(self._path(file))))
                        opened[file] = pa.ipc.open_file(files[-1])
                        if column:
                            only = [opened[file].schema.get_field_index(column)]
                            options = pa.ipc.IpcReadOptions(included_fields=only)
                            opened[file] = pa.ipc.open_file(files[-1], options=options)
                    yield kind, opened[file].get_batch(n)
        finally:
            for one in files:
                one.close()

    def _path(self, file: int) -> Path:
        return self._folder / f"{file:04d}.arrow"

    def _writer(self, kind: str, schema: pa.Schema) -> tuple[int, pa.ipc.RecordBatchFileWriter]:
        if (kind, schema) not in self._writers:
            number = len(self._files)
            self._files.append(
                pa.output_stream(str(self._path(number)), compression=None, buffer_size=_BUFFER)
            )
            self._n_batches.append(0)
            writer = pa.ipc.new_file(self._files[-1], schema)
            self._writers[kind, schema] = (number, writer)
        return self._writers[kind, schema]
