"""Where a body goes while it comes: small ones stay in memory, large ones go to a file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import BinaryIO

FOLDER = "media/.part"
"""Below the collection: on the disk of the originals, so that a rename suffices."""

_PIECE = 1 << 20


def part_path(root: Path, media_id: str) -> Path:
    """Return where a medium's file lies until it is whole and verified."""
    return root / FOLDER / media_id


class NotWrittenError(Exception):
    """The disk did not take a body; ``error`` says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class Incoming:
    """A body that is coming in.

    Parameters
    ----------
    path : callable
        Returns the file that large ones are written to.
    spill_bytes : int
        What is longer goes to the file.
    begun : callable
        Called once, just before the file is made.
    disk : Executor
        Writes the file.
    n_there : int, optional
        Bytes the file holds already, to be gone on with.
    """

    def __init__(
        self,
        path: Callable[[], Path],
        spill_bytes: int,
        *,
        begun: Callable[[], None],
        disk: Executor,
        n_there: int = 0,
    ) -> None:
        self._disk = disk
        self._path = path
        self.n_bytes = n_there
        self._spill_bytes = spill_bytes
        self._begun = begun
        self._pieces: list[bytes] = []
        self._n_held = 0
        self._n_there = n_there
        self._file: BinaryIO | None = None

    @property
    def on_disk(self) -> bool:
        """Whether a part of it lies in the file."""
        return self._file is not None or self._n_there > 0

    async def add(self, piece: bytes) -> None:
        """Take the next bytes; NotWrittenError if the disk does not."""
        self._pieces.append(piece)
        self._n_held += len(piece)
        self.n_bytes += len(piece)
        if self._n_held >= (_PIECE if self.on_disk else self._spill_bytes):
            await self._spill()

    async def finished(self) -> bytes | None:
        """Return the whole body, None if it lies in the file."""
        if not self.on_disk:
            return b"".join(self._pieces) if len(self._pieces) != 1 else self._pieces[0]
        await self.put_down()
        return None

    async def put_down(self) -> None:
        """Write what is held and close the file, if there is one."""
        if self.on_disk and self._pieces:
            await self._spill()
        if self._file is not None:
            self._file.close()
            self._file = None
            self._n_there = self.n_bytes

    async def _spill(self) -> None:
        content = b"".join(self._pieces)
        self._pieces.clear()
        self._n_held = 0
        writing = asyncio.get_running_loop().run_in_executor(self._disk, self._write, content)
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])  # the file must not be closed under the thread's hands
            raise

    def _write(self, content: bytes) -> None:
        try:
            if self._file is None:
                self._file = self._opened()
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise NotWrittenError(error) from error

    def _opened(self) -> BinaryIO:
        """Open the file to go on with it, or to begin it."""
        if not self._n_there:
            self._begun()
            return self._path().open("wb", buffering=0)
        file = self._path().open("r+b", buffering=0)
        file.seek(self._n_there, os.SEEK_SET)
        file.truncate()
        return file
