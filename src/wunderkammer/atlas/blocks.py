"""Typed blocks: arrays one after another in a binary file, each read by range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.block_schemas import Block
from wunderkammer.core.files import written_whole

ALIGNMENT = 64
"""Every block begins at a multiple of this many bytes."""

_DTYPES: dict[str, Literal["uint8", "uint16", "uint32", "float32"]] = {
    "uint8": "uint8",
    "uint16": "uint16",
    "uint32": "uint32",
    "float32": "float32",
}

Array = npt.NDArray[Any]


def write_blocks(path: Path, arrays: Mapping[str, Array]) -> list[Block]:
    """Write one array after another, little-endian; return where each lies.

    Parameters
    ----------
    path : Path
        The file; its folder is made.
    arrays : mapping
        Arrays of uint8, uint16, uint32 or float32 by the names of their blocks.
    """
    blocks = []
    with written_whole(path) as temporary, temporary.open("wb") as file:
        for name, array in arrays.items():
            file.write(bytes(-file.tell() % ALIGNMENT))
            offset = file.tell()
            data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
            if data.nbytes:
                file.write(data.data)
            blocks.append(
                Block(
                    name=name,
                    dtype=_DTYPES[array.dtype.name],
                    shape=list(array.shape),
                    offset=offset,
                    n_bytes=data.nbytes,
                )
            )
    return blocks


class BlockFile:
    """Reads blocks, whole or some rows of them, each by one look at the file.

    Parameters
    ----------
    path : Path
        The file.
    blocks : sequence of Block
        What it holds.
    """

    def __init__(self, path: Path, blocks: Sequence[Block]) -> None:
        self._path = path
        self._blocks = {block.name: block for block in blocks}

    def __contains__(self, name: str) -> bool:
        """Whether there is a block of that name."""
        return name in self._blocks

    def n_rows(self, name: str) -> int:
        """Return the number of rows of a block."""
        return self._blocks[name].shape[0]

    def read(self, name: str, first: int = 0, end: int | None = None) -> Array:
        """Return the rows of a block from ``first`` to ``end``, exclusive.

        Raises
        ------
        KeyError
            If there is no block of that name.
        """
        block = self._blocks[name]
        dtype = np.dtype(block.dtype).newbyteorder("<")
        rest = block.shape[1:]
        numbers = int(np.prod(rest, dtype=np.int64))
        end = block.shape[0] if end is None else end
        offset = block.offset + first * numbers * dtype.itemsize
        array = np.fromfile(self._path, dtype, count=(end - first) * numbers, offset=offset)
        return array.reshape(-1, *rest)
